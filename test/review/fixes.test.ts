import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import type { Target } from '../../src/review/rule.ts';
import { rules } from '../../src/review/rules/index.ts';
import { readScript } from '../../src/review/script.ts';

const DEFAULT: Target = { postgresVersion: 18, transaction: 'none', assumeTimeouts: false };

/** Where only a person can say what belongs in the place that is left for it. */
const FOR_A_PERSON = new Set(['full-recreation', 'attach-partition', 'unanalysable']);

beforeAll(loadSqlParser);

const written = rules.filter(({ name }) => !FOR_A_PERSON.has(name));

describe.each(written.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) => {
  const transactions = ['none', 'all'] as const;
  const examples = rule.bad.map((example) =>
    typeof example === 'string' ? { sql: example, target: {} } : example,
  );
  const cases = examples.flatMap(({ sql, target }) =>
    [18, 16, 11].flatMap((postgresVersion) =>
      transactions.map((transaction) => ({
        sql,
        target: { ...DEFAULT, postgresVersion, transaction, ...target },
      })),
    ),
  );

  it('offers SQL that Postgres can read', () => {
    for (const { sql, target } of cases) {
      for (const { fix } of rule.check(readScript(sql, target, { newTables: new Set() }))) {
        if (fix !== undefined) expect(() => parseSync(fix), fix).not.toThrow();
      }
    }
  });
});
