import type { Finding } from '../../review/finding.ts';
import type { LoadedDataSource, TypeormMigration } from './child/child.ts';
import type { RanBothWays } from './existing.ts';
import { mustStandAlone } from './next-migration.ts';
import { readOfRows } from './reads-rows.ts';
import type { RunFailure } from './run-migration.ts';
import type { MigrationText } from './source/migration-text.ts';
import type { SourcedScript } from './source/sourced-script.ts';
import { forbiddenOverride } from './transaction-override.ts';

export interface ExistingToJudge {
  readonly migration: TypeormMigration;
  readonly loaded: Pick<LoadedDataSource, 'transactionMode'>;
  readonly ran: RanBothWays;
  /** Relative to the project. */
  readonly file: string;
  readonly up: SourcedScript;
  readonly down: SourcedScript | undefined;
  readonly written: MigrationText;
}

type Said = Pick<Finding, 'rule' | 'severity' | 'message' | 'file'> & Partial<Finding>;

/** What running a migration on an empty database says of it, beside its SQL. */
export function existingFindings(input: ExistingToJudge): Said[] {
  const { migration, loaded, ran, file, written } = input;
  const up = written.written?.up.place ?? { line: 1, column: 1 };
  const down = written.written?.down ?? up;
  const override = forbiddenOverride(loaded, migration);
  const read = readOfRows(ran.up.queries) ?? (ran.down && readOfRows(ran.down.queries));
  return [
    ...(override ? [{ ...override, file, ...(written.written?.place ?? up) }] : []),
    ...failed(ran.up.failure, 'The migration', { file, ...up }),
    ...(ran.down?.failure && !ran.down.failure.query ? notBack(ran.down.failure, { file, ...down }) : []),
    ...(read
      ? [
          {
            rule: 'not-rehearsed',
            severity: 'info' as const,
            message:
              'Its SQL hangs on rows: the migration reads some, and what it runs on a database that has others may be something else.',
            statement: read.sql,
            file,
            ...(read.at ?? up),
          },
        ]
      : []),
    ...revertsInTransaction(input).map((said) => ({ ...said, file, ...down })),
    ...(ran.ungenerated
      ? [
          {
            rule: 'schema-without-migration',
            severity: 'warning' as const,
            message: ran.ungenerated.message,
            fix: ran.ungenerated.how,
            file,
            ...up,
          },
        ]
      : []),
  ];
}

type Place = Pick<Said, 'file'> & Partial<Finding>;

/** Where not Postgres fails it, there is nothing to rehearse. */
function failed(failure: RunFailure | undefined, what: string, place: Place): Said[] {
  if (!failure || failure.query) return [];
  const state = failure.sqlstate === undefined ? '' : ` [${failure.sqlstate}]`;
  return [
    {
      rule: 'rehearsal-failed',
      severity: 'error',
      message: `${what} fails on a database with the history before it: ${failure.message}${state}.`,
      observed: true,
      file: place.file,
      ...place,
    } as Said,
  ];
}

function notBack({ message }: RunFailure, place: Place): Said[] {
  return [
    {
      rule: 'not-rehearsed',
      severity: 'info',
      message: `\`down\` throws: ${message}.`,
      observed: true,
      ...place,
    } as Said,
  ];
}

/** `migration:revert` begins a transaction whatever the class says (MigrationExecutor.undoLastMigration). */
function revertsInTransaction({ migration, loaded, ran }: ExistingToJudge): Omit<Said, 'file'>[] {
  if (migration.transaction !== false || loaded.transactionMode === 'none') return [];
  const alone = ran.down?.queries.find(mustStandAlone);
  if (!alone) return [];
  return [
    {
      rule: 'concurrently-in-transaction',
      severity: 'warning',
      message:
        'TypeORM reverts every migration in a transaction, whatever its class says: `down` fails there (25001).',
      fix: 'typeorm migration:revert -t none',
      statement: alone.sql,
    },
  ];
}
