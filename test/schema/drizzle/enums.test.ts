import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import type { EditInput, EnumChange } from '../../../src/schema/drizzle/editing.ts';
import { editEnums } from '../../../src/schema/drizzle/enums.ts';
import { editingOf } from './in-memory-editing.ts';

beforeAll(() => loadSqlParser());

const status = { schema: 'public', name: 'order_status' };
const createStatus: Change = { kind: 'create-enum', enum: { ...status, values: ['open', 'paid'] } };

function run(
  changes: readonly Change[],
  texts: Readonly<Record<string, string>>,
  more: Parameters<typeof editingOf>[1] & Partial<EditInput> = {},
) {
  const harness = editingOf(texts, { changes, ...more });
  const enums = editEnums(
    harness.editing,
    changes.filter((change): change is EnumChange => 'enum' in change),
  );
  return { ...harness, enums };
}

describe('a new enum', () => {
  it('joins the file of the others, named and typed as they are', () => {
    const texts = {
      '/p/enums.ts':
        "import { pgEnum } from 'drizzle-orm/pg-core';\n\nexport const userRole = pgEnum('user_role', ['admin', 'member']);\nexport type UserRole = (typeof userRole.enumValues)[number];\n",
    };
    const { result, enums } = run([createStatus], texts);
    expect(result('/p/enums.ts')).toBe(
      `${texts['/p/enums.ts']}\nexport const orderStatus = pgEnum('order_status', ['open', 'paid']);\nexport type OrderStatus = (typeof orderStatus.enumValues)[number];\n`,
    );
    expect(enums).toContainEqual({ ...status, path: '/p/enums.ts', variable: 'orderStatus' });
  });

  it('stands close to the others where they stand close, its values broken as theirs', () => {
    const text =
      "import { pgEnum } from 'drizzle-orm/pg-core'\n\nexport const roleEnum = pgEnum('role', [\n\t'admin',\n\t'member'\n])\nexport const kindEnum = pgEnum('kind', [\n\t'a'\n])\n";
    const { result } = run([createStatus], { '/p/enums.ts': text });
    expect(result('/p/enums.ts')).toBe(
      `${text}export const orderStatusEnum = pgEnum('order_status', [\n\t'open',\n\t'paid'\n])\n`,
    );
  });

  it('stands above the table that uses it when there is no other', () => {
    const text =
      "import { pgTable, uuid } from 'drizzle-orm/pg-core';\n\n// shop\n\n/** All orders. */\nexport const orders = pgTable('orders', { id: uuid('id').primaryKey() });\n";
    const addColumn: Change = {
      kind: 'add-column',
      table: { schema: 'public', name: 'orders' },
      column: { name: 'status', type: 'order_status', notNull: true },
    };
    const { result, imports } = run(
      [createStatus, addColumn],
      { '/p/schema.ts': text },
      { tables: [{ schema: 'public', name: 'orders', path: '/p/schema.ts', variable: 'orders' }] },
    );
    expect(result('/p/schema.ts')).toBe(
      text.replace(
        '/** All',
        "export const orderStatusEnum = pgEnum('order_status', ['open', 'paid']);\n\n/** All",
      ),
    );
    expect(imports).toEqual(["/p/schema.ts: import { pgEnum } from 'drizzle-orm/pg-core'"]);
  });

  it('gets a file and a barrel line beside one-table files', () => {
    const texts = {
      '/p/db/index.ts': "export * from './users';\n",
      '/p/db/users.ts': "export const users = pgTable('users', {});\n",
      '/p/db/posts.ts': "export const posts = pgTable('posts', {});\n",
    };
    const { result } = run([createStatus], texts);
    expect(result('/p/db/enums.ts')).toBe(
      "export const orderStatusEnum = pgEnum('order_status', ['open', 'paid']);\n",
    );
    expect(result('/p/db/index.ts')).toBe("export * from './users';\nexport * from './enums';\n");
  });

  it('gets a file of its own where every enum has one', () => {
    const texts = {
      '/p/enums/user-role.ts': "export const userRole = pgEnum('user_role', ['a']);\n",
      '/p/enums/kind.ts': "export const kind = pgEnum('kind', ['a']);\n",
    };
    const imported = Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [
        path,
        `import { pgEnum } from 'drizzle-orm/pg-core';\n${text}`,
      ]),
    );
    const { touched } = run([createStatus], imported, { globMatches: () => true });
    expect(touched()).toEqual(['/p/enums/order-status.ts']);
  });

  it('of another Postgres schema belongs to its object, made when there is none', () => {
    const made: Change = { kind: 'create-enum', enum: { schema: 'billing', name: 'plan', values: ['free'] } };
    const existing =
      "import { pgSchema } from 'drizzle-orm/pg-core';\nexport const billingSchema = pgSchema('billing');\nexport const tier = billingSchema.enum('tier', ['a']);\n";
    expect(run([made], { '/p/billing.ts': existing }).result('/p/billing.ts')).toBe(
      `${existing}export const plan = billingSchema.enum('plan', ['free']);\n`,
    );
    const table =
      "import { pgTable } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', {});\n";
    expect(run([made], { '/p/schema.ts': table }).result('/p/schema.ts')).toBe(
      table.replace(
        'export const users',
        "export const billingSchema = pgSchema('billing');\n\nexport const planEnum = billingSchema.enum('plan', ['free']);\n\nexport const users",
      ),
    );
  });
});

const declared = `import { pgEnum, pgTable, text } from 'drizzle-orm/pg-core';

export const orderStatus = pgEnum('order_status', ['open', 'paid', 'gone']);
export type OrderStatus = (typeof orderStatus.enumValues)[number];

export const orders = pgTable('orders', {
  status: orderStatus('status').notNull().default('open'),
  past: orderStatus('past').array().default(['gone', 'open']),
  note: text('note').default('open'),
});
`;
const file = '/p/schema.ts';

describe('values', () => {
  const list = (text: string) => /\[[^\]]*\]/.exec(text)?.[0];
  const change = (...changes: readonly Change[]) => run(changes, { [file]: declared });

  it.each([
    [{ before: 'open' }, "['new', 'open', 'paid', 'gone']"],
    [{ after: 'open' }, "['open', 'new', 'paid', 'gone']"],
    [{ after: 'gone' }, "['open', 'paid', 'gone', 'new']"],
    [{}, "['open', 'paid', 'gone', 'new']"],
  ])('are added %j', (place, expected) => {
    expect(list(change({ kind: 'add-enum-value', enum: status, value: 'new', ...place }).result(file))).toBe(
      expected,
    );
  });

  it('find their place among values of the same plan', () => {
    const { result } = change(
      { kind: 'add-enum-value', enum: status, value: 'b', after: 'open' },
      { kind: 'add-enum-value', enum: status, value: 'a', before: 'b' },
      { kind: 'rename-enum-value', enum: status, from: 'paid', to: 'settled' },
      { kind: 'add-enum-value', enum: status, value: 'c', after: 'settled' },
    );
    expect(list(result(file))).toBe("['open', 'a', 'b', 'settled', 'c', 'gone']");
  });

  it('are renamed with the defaults of columns that have them, and of no others', () => {
    const { result } = change({ kind: 'rename-enum-value', enum: status, from: 'open', to: 'placed' });
    expect(result(file)).toBe(
      declared
        .replace("['open', 'paid'", "['placed', 'paid'")
        .replace(".notNull().default('open')", ".notNull().default('placed')")
        .replace("['gone', 'open']", "['gone', 'placed']"),
    );
  });

  it('that an SQL text mentions are reported', () => {
    const text = declared.replace(".default('open'),\n  past", ".default(sql`'open'`),\n  past");
    const { notices } = run([{ kind: 'rename-enum-value', enum: status, from: 'open', to: 'placed' }], {
      [file]: text,
    });
    expect(notices).toMatchObject([{ rule: 'enum-value-in-sql', file, line: 7 }]);
  });

  it('are dropped, also while others are added', () => {
    expect(list(change({ kind: 'drop-enum-value', enum: status, value: 'paid' }).result(file))).toBe(
      "['open', 'gone']",
    );
    const both = change(
      { kind: 'drop-enum-value', enum: status, value: 'paid' },
      { kind: 'add-enum-value', enum: status, value: 'late' },
    );
    expect(list(both.result(file))).toBe("['open', 'gone', 'late']");
  });

  it('that are the default of a column are not dropped', () => {
    expect(() => change({ kind: 'drop-enum-value', enum: status, value: 'open' })).toThrowError(
      expect.objectContaining({ code: 'schema-not-editable', at: { file, line: 7, column: 51 } }),
    );
  });

  it('in a list of their own lines keep its looks', () => {
    const text =
      "import { pgEnum } from 'drizzle-orm/pg-core';\nconst VALUES = [\n  'open', // at first\n  'paid' // in the end\n] as const;\nexport const orderStatus = pgEnum('order_status', VALUES);\n";
    const { result } = run(
      [
        { kind: 'add-enum-value', enum: status, value: 'gone' },
        { kind: 'add-enum-value', enum: status, value: 'sent', after: 'open' },
      ],
      { [file]: text },
    );
    expect(result(file)).toBe(
      text.replace("  'paid' // in the end\n", "  'sent',\n  'paid', // in the end\n  'gone'\n"),
    );
  });

  it('that are computed are refused', () => {
    const text =
      "import { pgEnum } from 'drizzle-orm/pg-core';\nexport const orderStatus = pgEnum('order_status', Object.values(Status));\n";
    expect(() => run([{ kind: 'add-enum-value', enum: status, value: 'x' }], { [file]: text })).toThrowError(
      expect.objectContaining({ code: 'schema-not-editable' }),
    );
  });
});

describe('a dropped enum', () => {
  it('goes with its type lines', () => {
    const { result } = run([{ kind: 'drop-enum', enum: status }], { [file]: declared });
    expect(result(file)).toBe(declared.replace(/export const orderStatus[^]*?\n\n/, ''));
  });

  it('that the source does not have is refused', () => {
    expect(() =>
      run([{ kind: 'drop-enum', enum: { schema: 'public', name: 'nope' } }], { [file]: declared }),
    ).toThrowError(expect.objectContaining({ code: 'schema-not-editable' }));
  });
});
