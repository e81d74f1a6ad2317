import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixJson, shownFix, textWithFix } from '../../src/report/shown-fix.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { withFixes } from '../../src/review/decide.ts';
import type { Finding } from '../../src/review/finding.ts';
import { review, type ReviewOptions } from '../../src/review/review.ts';

beforeAll(loadSqlParser);

const found = (sql: string, options: ReviewOptions = {}) => review(sql, options).findings;

/** The fixes of one statement, as a reader who goes from the first finding to the last sees them. */
function shown(sql: string, options: ReviewOptions = {}): Record<string, string | undefined> {
  return Object.fromEntries(
    found(sql, options)
      .filter(({ line, fix }) => line === 1 && fix !== undefined)
      .map((finding) => [finding.rule, shownFix(finding)?.sql]),
  );
}

describe('fixes of one statement are put together:', () => {
  it('an index without CONCURRENTLY, without IF NOT EXISTS and without a limit for its lock', () => {
    const fixes = shown('CREATE INDEX i ON users (email);', { optIn: ['idempotent-ddl'] });
    expect(fixes).toEqual({
      'create-index-blocking': '-- in no transaction:\nCREATE INDEX CONCURRENTLY i ON users (email);',
      'idempotent-ddl': '-- in no transaction:\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users (email);',
      // Nothing waits for a lock then: there is nothing to add.
      'missing-lock-timeout':
        '-- in no transaction:\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users (email);',
    });
  });

  it('the header of a file stays where a statement behind it needs it', () => {
    const sql = 'CREATE INDEX i ON users (email);\nALTER TABLE users ADD COLUMN note text;';
    expect(shown(sql)['missing-lock-timeout']).toBe(
      "SET LOCAL lock_timeout = '2s';\n-- in no transaction:\nCREATE INDEX CONCURRENTLY i ON users (email);",
    );
  });

  it('two types, with the warning first', () => {
    const fixes = shown('ALTER TABLE users ADD COLUMN a json, ADD COLUMN b timestamp;');
    expect(Object.keys(fixes)).toEqual(['missing-lock-timeout', 'json-column', 'type-preferences']);
    expect(fixes['type-preferences']).toBe(
      "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN a jsonb, ADD COLUMN b timestamptz;",
    );
    // Whoever takes the warning's fix alone gets no other type with it.
    expect(fixes['missing-lock-timeout']).not.toContain('jsonb');
  });

  it('a foreign key that is checked later, with another action', () => {
    const fixes = shown(
      'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id) ON DELETE CASCADE;',
    );
    expect(fixes['fk-policy']).toBe(
      [
        "SET LOCAL lock_timeout = '2s';",
        'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id) ON DELETE RESTRICT NOT VALID;',
        '-- then, in a migration that is deployed later:',
        'ALTER TABLE orders VALIDATE CONSTRAINT f;',
      ].join('\n'),
    );
  });

  it('what becomes of rows stays as it is in the fixes of other rules', () => {
    const sql =
      'CREATE TABLE notes (a int);\nALTER TABLE notes ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id) ON DELETE CASCADE;';
    const findings = found(sql).filter(({ line, fix }) => line === 2 && fix !== undefined);
    expect(findings.map(({ rule }) => rule)).toContain('create-table-with-fk');
    for (const { rule, fix, together } of findings)
      expect([rule, (together?.fix ?? fix)?.includes('RESTRICT')]).toEqual([rule, rule === 'fk-policy']);
  });

  it('a step that belongs before the migration takes nothing away from the others', () => {
    const sql = 'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id);';
    const finding = found(sql).find(({ rule }) => rule === 'fk-no-covering-index');
    expect(finding?.fix).toMatch(/^-- before this migration/);
    expect(finding?.together).toBeUndefined();
    expect(shown(sql)['missing-lock-timeout']).toContain('FOREIGN KEY (a) REFERENCES users (id) NOT VALID;');
  });

  it.each([
    'CREATE UNIQUE INDEX i ON users (email);',
    'ALTER TABLE users ADD COLUMN note varchar(20) NOT NULL DEFAULT random()::text;',
    'ALTER TABLE users ADD CONSTRAINT u UNIQUE (email);',
    'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    'DROP INDEX users_email_idx;',
    'DROP TABLE users;',
    'ALTER TABLE users ADD COLUMN a json REFERENCES x ON DELETE CASCADE;',
  ])('and none that stands in it is still found: %s', (sql) => {
    const options: ReviewOptions = { optIn: ['idempotent-ddl'] };
    const findings = found(sql, options).filter(({ together }) => together?.fix !== undefined);
    for (const { together } of findings) {
      const text = together?.fix ?? '';
      expect(() => parseSync(text), text).not.toThrow();
      const left = new Set(found(text, options).map(({ rule }) => rule));
      // A rewritten statement may have what the rule still asks for in steps; its fix may not be written back.
      for (const rule of ['create-index-blocking', 'json-column', 'type-preferences', 'fk-policy'])
        if (together?.rules.includes(rule)) expect(left).not.toContain(rule);
    }
  });

  it('the same fix twice is one', () => {
    const sql = 'DROP INDEX a, b;';
    for (const { together } of found(sql)) expect(together?.rules ?? []).not.toContain('drop-index-blocking');
  });
});

describe('a fix is withheld, and it is said,', () => {
  it('where two of them say where their parts go', () => {
    const sql =
      'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users (id);\nCREATE INDEX i ON users (email);';
    const finding = found(sql).find(({ rule }) => rule === 'many-hot-tables-in-one-transaction');
    expect(finding?.together).toEqual({ fix: undefined, rules: ['create-index-blocking'] });
    expect(textWithFix(finding!)).toMatch(
      /\n\nFix: withheld, it does not go with that of create-index-blocking; take that one and run again\.$/,
    );
    expect(fixJson(finding!)).toEqual({ fixWithheldFor: ['create-index-blocking'] });
  });

  it('where a file is too large to be looked at again for each of them', () => {
    const many = Array.from(
      { length: 600 },
      (_, index) =>
        `ALTER TABLE t${index} ADD COLUMN a json, ADD COLUMN b timestamp, ADD COLUMN "${'c'.repeat(50)}" int;`,
    );
    const findings = found(many.join('\n'), { assumeTimeouts: true }).filter(({ rule }) =>
      ['json-column', 'type-preferences'].includes(rule),
    );
    const last = findings.at(-1);
    expect(last?.together).toEqual({ fix: undefined, rules: ['json-column'] });
    expect(findings[1]?.together?.fix).toContain('jsonb');
  });
});

it('JSON names the rules whose fixes are in one', () => {
  const finding = found('ALTER TABLE users ADD COLUMN a json;').find(({ rule }) => rule === 'json-column');
  expect(fixJson(finding!)).toEqual({
    fix: "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN a jsonb;",
    fixWith: ['missing-lock-timeout'],
  });
});

it('a fix that was taken, and whose statement another one has changed, is not said to be in the SQL', () => {
  const base = {
    severity: 'warning',
    message: '',
    objects: [],
    line: 1,
    column: 1,
    observed: false,
  } as const;
  const statement = 'ALTER TABLE t ADD COLUMN a json';
  const first: Finding = { ...base, rule: 'json-column', statement, fix: `${statement}b;` };
  const second: Finding = { ...base, rule: 'idempotent-ddl', statement: `${statement};`, fix: 'SELECT 1;' };
  const decisions = [first, second].map((finding) => ({ kind: 'fix', finding }) as const);
  const { statements, byHand } = withFixes([`${statement};`], decisions) ?? {};
  expect(statements).toEqual([`${statement}b;`]);
  expect(byHand).toEqual([
    `${statement}b; (the fix of json-column, taken at the terminal)`,
    'The fix of idempotent-ddl was not taken: another one has changed its statement.',
  ]);
});
