import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../../../src/postgres/sql.ts';
import { column, edit, EMPTY, index, table } from '../memory-project.ts';

beforeAll(loadSqlParser);

const IMPORTS = `import { index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';\n`;

/** The declaration of \`notes\` after its column got another name. */
function renamed(
  columns: string,
  change: { readonly from: string; readonly to: string; readonly keepProperty?: boolean },
  casing?: 'snake_case',
): string {
  const before = {
    ...EMPTY,
    tables: [table('notes', [column(change.from, 'text')], { indexes: [index('notes_idx', [change.from])] })],
  };
  const rename = { kind: 'rename-column', table: { schema: 'public', name: 'notes' }, ...change } as const;
  const { text } = edit(
    { '/p/schema.ts': `${IMPORTS}export const notes = pgTable('notes', { ${columns} });\n` },
    [rename],
    { before, casing },
  );
  return (text('/p/schema.ts') ?? '').slice(IMPORTS.length);
}

describe('a renamed column', () => {
  const title = { from: 'title', to: 'label' };

  it('takes its property along', () => {
    expect(renamed(`title: text('title')`, title)).toContain(`{ label: text('label') }`);
    expect(renamed('title: text()', title)).toContain('{ label: text() }');
  });

  it('keeps its property where the plan says so, and has its name written', () => {
    const kept = { ...title, keepProperty: true };
    expect(renamed(`title: text('title')`, kept)).toContain(`{ title: text('label') }`);
    expect(renamed('title: text()', kept)).toContain(`{ title: text('label') }`);
    expect(renamed(`title: text().notNull()`, kept)).toContain(`{ title: text('label').notNull() }`);
  });

  it('keeps its property in a project that derives names as well', () => {
    const kept = { from: 'made_at', to: 'created_at', keepProperty: true };
    expect(renamed('madeAt: timestamp()', kept, 'snake_case')).toContain(
      `{ madeAt: timestamp('created_at') }`,
    );
    expect(renamed('madeAt: timestamp({ withTimezone: true })', kept, 'snake_case')).toContain(
      `{ madeAt: timestamp('created_at', { withTimezone: true }) }`,
    );
    const back = { from: 'created_at', to: 'made_at', keepProperty: true };
    expect(renamed(`madeAt: timestamp('created_at')`, back, 'snake_case')).toMatch(
      /\{ madeAt: timestamp\((?:'made_at')?\) \}/,
    );
  });
});
