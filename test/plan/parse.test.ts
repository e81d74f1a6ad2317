import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { decodePlan, parsePlan } from '../../src/plan/parse.ts';

const reference = readFileSync(
  new URL('../../examples/drizzle-shop/plans/products.yaml', import.meta.url),
  'utf8',
);
const parse = (text: string) => parsePlan(text, { file: 'plan.yaml' });

async function refusal(text: string) {
  try {
    await parse(text);
  } catch (error) {
    if (error instanceof TableplanError)
      return { code: error.code, at: error.at, message: error.message, hint: error.hint, frame: error.frame };
    throw error;
  }
  return undefined;
}

describe('a plan', () => {
  it('is read as it stands', async () => {
    const { plan, notices } = await parse(reference);
    expect(plan.documents).toHaveLength(1);
    expect(plan.documents[0]).toMatchObject({
      migration_type: 'new_domain',
      table_name: 'products',
      indexes: [{ fields: ['name'], type: 'unique' }, {}, {}, {}],
      foreign_keys: [{ field: 'category_id', references: 'categories(id)', on_delete: 'CASCADE' }],
    });
    expect(notices).toEqual([]);
  });

  it('is the same with CRLF, a byte order mark, and quotes of any kind', async () => {
    const windows = await parse(`\uFEFF${reference.replaceAll('\n', '\r\n')}`);
    const bare = await parse(reference.replaceAll(/: '([a-z_]+)'$/gm, ': $1'));
    const { plan } = await parse(reference);
    expect(windows.plan).toEqual(plan);
    expect(bare.plan).toEqual(plan);
  });

  it('may have anchors, several documents, and words for NULL and numbers where they are plain', async () => {
    const { plan } = await parse(`
migration_type: modify_existing
name: two_things
table_name: a
changes:
  add_columns:
    - {name: x, type: &t int, constraints: [NULL], default: 1.50}
    - {name: y, type: *t, default: true, description: 2024}
---
migration_type: rename_table
table_name: b
changes: {rename_table: c}
`);
    expect(plan.documents).toEqual([
      {
        migration_type: 'modify_existing',
        name: 'two_things',
        table_name: 'a',
        changes: {
          add_columns: [
            { name: 'x', type: 'int', constraints: ['NULL'], default: '1.50' },
            { name: 'y', type: 'int', default: true, description: '2024' },
          ],
        },
      },
      { migration_type: 'rename_table', table_name: 'b', new_name: 'c' },
    ]);
  });

  it('knows where its values stand', async () => {
    const { at } = await parse(reference);
    const line = (text: string) =>
      reference.split('\n').findIndex((candidate) => candidate.includes(text)) + 1;
    expect(at([0, 'table_name'])).toEqual({ file: 'plan.yaml', line: 3, column: 13 });
    expect(at([0, 'fields', 5, 'constraints', 1], 8)).toMatchObject({ line: line("DEFAULT 'active'") });
    expect(at([0, 'foreign_keys', 0])).toMatchObject({ line: line("field: 'category_id'"), column: 5 });
    expect(at([0, 'nowhere', 3])).toMatchObject({ line: 1, column: 1 });
  });

  it('takes names that JavaScript uses for itself', async () => {
    const { plan } = await parse(
      'migration_type: new_table\ntable_name: constructor\nfields: [{name: toString, type: text}, {name: __proto__, type: text}]\n',
    );
    expect(plan.documents[0]).toMatchObject({
      table_name: 'constructor',
      fields: [{ name: 'toString' }, { name: '__proto__' }],
    });
  });
});

describe('an error inside SQL is found through the quoting of YAML', () => {
  const plan = (entry: string) =>
    `migration_type: new_table\ntable_name: t\nfields:\n  - name: a\n    type: text\n    check: ${entry}\n`;

  it.each([
    ['plain', 'a > > 1', 6, 16],
    ['single quotes', `'a = ''x'' y'`, 6, 23],
    ['double quotes with escapes', String.raw`"a = '\u00e4\x41' \"y z"`, 6, 30],
    ['an emoji before it', `"a = '😀' y"`, 6, 22],
    ['plain over two lines', 'a =\n      1 2', 7, 9],
    ['double quotes over two lines', '"a =\n      1 2"', 7, 9],
    ['an escaped line end', '"a =\\\n      1 2"', 7, 9],
    ['a literal block', '|\n      a =\n        1 2', 8, 11],
    ['a folded block', '>-\n      a =\n      1 2', 8, 9],
    ['a folded block with an empty line', '>\n      a =\n\n      1 2', 9, 9],
  ])('%s', async (_style, entry, line, column) => {
    const refused = await refusal(plan(entry));
    expect(refused).toMatchObject({ code: 'plan-invalid', at: { file: 'plan.yaml', line, column } });
    expect(refused?.frame).toContain('^');
  });
});

describe('bytes', () => {
  it('that are UTF-8 are decoded, with or without a mark', () => {
    expect(decodePlan(new TextEncoder().encode('\uFEFFä'), 'p')).toBe('ä');
  });

  it('that are not are refused where they stand', () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('a: \uFFFD\nbä: '), 0xe4, 0x0a]);
    try {
      decodePlan(bytes, 'p.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'plan-invalid', at: { file: 'p.yaml', line: 2, column: 5 } });
    }
  });
});
