import { fillInBatches } from './batches.ts';
import { commandText, withCommand } from './commands.ts';
import { withoutConstraints } from './inline-constraints.ts';
import { notNullSteps } from './not-null-steps.ts';
import type { ColumnSpec, OperationOf, TableRef } from './operation.ts';
import { sqlName } from './print.ts';
import type { Script, Statement, Target } from './rule.ts';

/** What gives every row its value, in the place of an ADD COLUMN that writes the table anew. */
export interface Filling {
  /** Statements before the column is added. */
  readonly first?: readonly string[];
  /** `ADD COLUMN n bigint`; the one of the statement without what fills it, unless given. */
  readonly command?: string;
  /** As SQL. */
  readonly value: string;
  /** Statements after the column is added, before its rows are filled. */
  readonly next: readonly string[];
  /** True for rows that are not filled yet; `n IS NULL` unless given. */
  readonly undone?: string;
}

/**
 * An ADD COLUMN that only adds the column, what new rows get, the rows that are there in batches, and at last NOT NULL and
 * the key that it may have had. Undefined for a statement that cannot be taken apart (a DO block).
 */
export function addThenFill(
  statement: Statement,
  { target }: Script,
  operation: OperationOf<'add-column'>,
  filling: Filling,
): string | undefined {
  const { table, column } = operation;
  const written = commandText(statement, operation);
  if (written === undefined) return undefined;
  const name = sqlName({ schema: undefined, name: column.name });
  return [
    ...(filling.first ?? []),
    withCommand(statement, operation, [filling.command ?? bareColumn(written)]),
    ...filling.next,
    '-- outside a transaction, after this migration:',
    fillInBatches(
      { table, column: name, value: filling.value, undone: filling.undone ?? `${name} IS NULL` },
      target.postgresVersion,
    ),
    ...whenFilled(table, column, target),
  ].join('\n');
}

/** `ADD COLUMN n bigint` of `ADD COLUMN n bigint NOT NULL DEFAULT f() UNIQUE`. Checks and foreign keys stay. */
export function bareColumn(command: string): string {
  return [
    'CONSTR_DEFAULT',
    'CONSTR_IDENTITY',
    'CONSTR_GENERATED',
    'CONSTR_NOTNULL',
    'CONSTR_PRIMARY',
    'CONSTR_UNIQUE',
  ].reduce(
    (rest, type) => withoutConstraints(rest, type as Parameters<typeof withoutConstraints>[1]).column,
    command,
  );
}

/** NOT NULL, UNIQUE and PRIMARY KEY, once every row has a value: what blocks nobody first. */
export function whenFilled(table: TableRef, column: ColumnSpec, target: Target): string[] {
  const isKey = column.constraints.some(({ type }) => type === 'primary-key');
  const isUnique = column.constraints.some(({ type }) => type === 'unique');
  const [alter, name] = [`ALTER TABLE ${sqlName(table)}`, sqlName({ schema: undefined, name: column.name })];
  const { commands, later } = notNullSteps(table, column.name, target);
  const isNotNull = column.notNull || isKey;
  const constraint = `${table.name}_${isKey ? 'pkey' : `${column.name}_key`}`;
  const index = sqlName({ schema: undefined, name: constraint });
  return [
    ...(isNotNull
      ? [
          '-- when every row has its value:',
          `${alter} ${commands.join(', ')};`,
          '-- then, in a transaction of its own:',
          ...later,
        ]
      : []),
    ...(isKey || isUnique
      ? [
          '-- outside a transaction:',
          `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${sqlName(table)} (${name});`,
          `${alter} ADD CONSTRAINT ${index} ${isKey ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${index};`,
        ]
      : []),
  ];
}
