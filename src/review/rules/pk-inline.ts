import { commandText, withCommand } from '../commands.ts';
import { constraintName } from '../constraint-name.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { freeName } from '../free-name.ts';
import { lockContext } from '../locks.ts';
import { notNullSteps } from '../not-null-steps.ts';
import { failedWith, scanOf } from '../observed.ts';
import { type ConstraintSpec, type OperationOf, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { beforeTransaction, inLaterTransaction } from '../steps.ts';
import { uniqueIndexSql, usingIndexCommand } from '../unique-index.ts';

export const pkInline: Rule = {
  name: 'pk-inline',
  id: 'CON-06',
  severity: 'warning',
  reason:
    'The index of a primary key is built, and its columns searched for NULLs, while nobody can use the table.',
  bad: [
    'ALTER TABLE users ADD PRIMARY KEY (id);',
    'ALTER TABLE app."Users" ADD CONSTRAINT users_pk PRIMARY KEY (tenant, "Id"), ADD COLUMN a int;',
    'ALTER TABLE users ADD COLUMN id serial PRIMARY KEY;',
    'ALTER TABLE users ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;',
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (uid);',
  ],
  good: [
    'ALTER TABLE users ADD CONSTRAINT users_pk PRIMARY KEY USING INDEX users_pk;',
    'CREATE TABLE users (id int); ALTER TABLE users ADD PRIMARY KEY (id);',
    'CREATE TABLE users (id int PRIMARY KEY);',
    'CREATE TABLE users (a int); ALTER TABLE users ADD COLUMN id serial PRIMARY KEY;',
  ],
  check: eachOperation(['add-constraint', 'add-column'], (operation, statement, script) => {
    const constraint = primaryKeyOf(operation);
    if (!constraint || constraint.usingIndex !== undefined) return undefined;
    const { table } = operation;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    const isRefused = failedWith(statement, '23505', '23502');
    const columns = constraint.columns.join(', ');
    return {
      message: isRefused
        ? `Fails where (${columns}) of ${shortName(table)} is NULL or there twice, as in the rehearsal.`
        : `Blocks reads and writes on ${shortName(table)} while the index of ${columns} is built.`,
      fix:
        operation.kind === 'add-column'
          ? fixOfColumn(statement, script, operation, constraint)
          : fixOfConstraint(statement, script, operation, constraint),
      observed: scan === 'seen' || isRefused,
    };
  }),
};

type PrimaryKey = Extract<ConstraintSpec, { type: 'unique' | 'primary-key' }>;

function primaryKeyOf(operation: OperationOf<'add-constraint' | 'add-column'>): PrimaryKey | undefined {
  const constraints = operation.kind === 'add-column' ? operation.column.constraints : [operation.constraint];
  for (const constraint of constraints) if (constraint.type === 'primary-key') return constraint;
  return undefined;
}

function fixOfConstraint(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-constraint'>,
  constraint: PrimaryKey,
): string | undefined {
  const { table } = operation;
  const name = constraintName(table, constraint);
  // The key that it replaces still has the name when the index is built.
  const indexName = freeName(script.schema, table, name);
  const index = uniqueIndexSql(table, indexName, constraint);
  if (index === undefined) return undefined;
  const known = lockContext(statement, script).tables.get(tableKey(table));
  const nullable = constraint.columns.filter((column) => known?.columns.get(column)?.notNull !== true);
  const command = usingIndexCommand(name, constraint, indexName);
  return [
    `${beforeTransaction(statement)}${index}`,
    ...nullable.flatMap((column) => notNullSql(table, column, script)),
    ...(statement.before.inTransaction ? ['-- here:'] : []),
    withCommand(statement, operation, [command]) ?? `ALTER TABLE ${sqlName(table)} ${command};`,
  ].join('\n');
}

function notNullSql(table: OperationOf<'add-column'>['table'], column: string, script: Script): string[] {
  const { commands, later } = notNullSteps(table, column, script.target);
  return [`ALTER TABLE ${sqlName(table)} ${commands.join(', ')};`, ...later];
}

const SERIALS: ReadonlyMap<string, string> = new Map([
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
]);

/** The column without its key, its values, then the key. */
function fixOfColumn(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-column'>,
  constraint: PrimaryKey,
): string | undefined {
  const { table, column } = operation;
  const written = commandText(statement, operation);
  const name = constraintName(table, constraint);
  const index = uniqueIndexSql(table, name, constraint);
  if (written === undefined || index === undefined) return undefined;
  const plain = SERIALS.get(column.type.name);
  const [tableSql, columnSql] = [sqlName(table), sqlName({ schema: undefined, name: column.name })];
  const sequence = sqlName({ schema: table.schema, name: `${table.name}_${column.name}_seq` });
  const numbered = [
    `CREATE SEQUENCE ${sequence} AS ${plain ?? ''} OWNED BY ${tableSql}.${columnSql};`,
    `ALTER TABLE ${tableSql} ALTER COLUMN ${columnSql} SET DEFAULT nextval('${sequence.replaceAll("'", "''")}');`,
  ];
  const added =
    plain === undefined
      ? withoutConstraints(written, 'CONSTR_PRIMARY').column
      : `ADD COLUMN ${columnSql} ${plain}`;
  const fill =
    column.default === undefined && !column.identity
      ? [
          `UPDATE ${tableSql} SET ${columnSql} = DEFAULT WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${tableSql} WHERE ${columnSql} IS NULL LIMIT 5000)); -- again, until no row is updated`,
        ]
      : [];
  return [
    withCommand(statement, operation, [added]),
    ...(plain === undefined ? [] : numbered),
    inLaterTransaction(statement, script),
    ...fill,
    index,
    ...(column.identity ? [] : notNullSql(table, column.name, script)),
    `ALTER TABLE ${tableSql} ${usingIndexCommand(name, constraint)};`,
  ].join('\n');
}
