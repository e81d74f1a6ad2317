import { isProvenNotNull, type KnownTable } from '../known-tables.ts';
import { notNullSteps } from '../not-null-steps.ts';
import { scanOf } from '../observed.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Statement, type Target } from '../rule.ts';
import type { Timeline } from '../timeline.ts';
import { topic } from '../topics.ts';

export const pkUsingIndexNullable: Rule = {
  name: 'pk-using-index-nullable',
  id: 'CON-07',
  severity: 'warning',
  reason:
    'A primary key makes its columns NOT NULL: those that are not yet are searched while nobody can use the table.',
  bad: [
    'ALTER TABLE users ADD PRIMARY KEY USING INDEX users_pk;',
    'CREATE UNIQUE INDEX CONCURRENTLY users_pk ON app.users (id); ALTER TABLE app.users ADD CONSTRAINT users_pk PRIMARY KEY USING INDEX users_pk;',
    'CREATE UNIQUE INDEX CONCURRENTLY pk ON users (a, b); ALTER TABLE users ALTER a SET NOT NULL; ALTER TABLE users ADD PRIMARY KEY USING INDEX pk;',
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_id_new_pkey PRIMARY KEY USING INDEX users_id_new;',
  ],
  good: [
    'CREATE UNIQUE INDEX CONCURRENTLY pk ON users (id); ALTER TABLE users ALTER id SET NOT NULL; ALTER TABLE users ADD PRIMARY KEY USING INDEX pk;',
    'ALTER TABLE users ALTER COLUMN id SET NOT NULL; ALTER TABLE users ADD CONSTRAINT pk PRIMARY KEY USING INDEX users_pk;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (id IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; CREATE UNIQUE INDEX CONCURRENTLY pk ON users (id); ALTER TABLE users ADD PRIMARY KEY USING INDEX pk;',
    // The index of a key built anew, as the manual has it.
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey_new;',
    'CREATE TABLE users (id int); CREATE UNIQUE INDEX pk ON users (id); ALTER TABLE users ADD PRIMARY KEY USING INDEX pk;',
    'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;',
  ],
  check: eachOperation('add-constraint', (operation, statement, script) => {
    const { table, constraint } = operation;
    if (constraint.type !== 'primary-key' || constraint.usingIndex === undefined) return undefined;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    const place = statement.before.place + statement.operations.indexOf(operation);
    const known = script.tables.at(place).get(tableKey(table));
    const columns = columnsOfIndex(known, constraint.usingIndex);
    const nullable = columns?.filter((column) => !isNotNull(known, column, script.target));
    const isFine = nullable
      ? nullable.length === 0
      : isMeantNotNull(table, constraint.name, script.timeline, place);
    if (isFine && scan !== 'seen') return undefined;
    if (isFine && statement.operations.length > 1) return undefined;
    return {
      message: `Blocks reads and writes on ${shortName(table)} while ${nullable?.join(', ') || `the columns of ${constraint.usingIndex}`} are searched for NULLs.`,
      fix: nullable && fixOf(statement, table, nullable, script.target),
      observed: scan === 'seen',
    };
  }),
};

function columnsOfIndex(known: KnownTable | undefined, index: string): string[] | undefined {
  const columns = known?.indexes.named(index)?.columns;
  return columns?.filter((column) => column !== undefined);
}

function isNotNull(known: KnownTable | undefined, column: string, target: Target): boolean {
  if (known?.columns.get(column)?.notNull) return true;
  return target.postgresVersion >= 12 && isProvenNotNull(known, column);
}

/** Of an index that is not known: the script has made columns of the table NOT NULL, or builds the very key anew. */
function isMeantNotNull(
  table: TableRef,
  name: string | undefined,
  timeline: Timeline,
  place: number,
): boolean {
  return [
    topic('drop-constraint', table, name),
    topic('set-not-null', table),
    topic('validate-constraint', table),
  ].some((each) => timeline.last(each, place) !== undefined);
}

function fixOf(statement: Statement, table: TableRef, nullable: readonly string[], target: Target): string {
  const steps = nullable.map((column) => notNullSteps(table, column, target));
  return [
    ...(statement.before.inTransaction ? ['-- first, each in a transaction of its own:'] : []),
    `ALTER TABLE ${sqlName(table)} ${steps.flatMap(({ commands }) => commands).join(', ')};`,
    ...steps.flatMap(({ later }) => later),
    ...(statement.before.inTransaction ? ['-- here:'] : []),
    `${statement.text};`,
  ].join('\n');
}
