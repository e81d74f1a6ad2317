import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import type { Rehearsal } from '../../src/rehearse/rehearse.ts';
import { refuseUnrunnable } from '../../src/rehearse/unrunnable.ts';

beforeAll(() => loadSqlParser());

const SQL = 'ALTER TABLE a ADD PRIMARY KEY (id);';

function failed(sqlstate: string, comparedWith: Rehearsal['comparedWith'] = 'plan'): Rehearsal {
  const failure = { sqlstate, message: 'column "id" does not exist', detail: undefined };
  const statement = { sql: SQL, locks: [], rewrites: [], scans: [], ms: 1, observed: false, failure };
  return { up: 'failed', statements: [statement], comparedWith } as unknown as Rehearsal;
}

const refuse = (sql: string, rehearsal?: Rehearsal) => () => refuseUnrunnable(sql, rehearsal, 'drizzle-kit');

describe('a migration that cannot run on any data', () => {
  it('is refused with its generator named where Postgres cannot parse it', () => {
    expect(refuse('SELECT 1;\nALTER TABLE a SET DATA TYPE x;')).toThrow(
      expect.objectContaining({
        code: 'generate-failed',
        exitCode: 4,
        frame: 'ALTER TABLE a SET DATA TYPE x',
      }),
    );
  });

  it.each(['42703', '42P01', '42704', '42804', '2BP01', '0A000'])('is refused for %s', (sqlstate) => {
    expect(refuse(SQL, failed(sqlstate))).toThrow(/SQL of drizzle-kit cannot run on any data/);
  });

  it.each(['23502', '22P02', '55P04', '25001', '42501'])('is not what %s says', (sqlstate) => {
    expect(refuse(SQL, failed(sqlstate))).not.toThrow();
  });

  it("is not told where the plan's own SQL did not run", () => {
    expect(refuse(SQL, failed('42703', 'schema source'))).not.toThrow();
  });
});
