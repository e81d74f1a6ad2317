import { type CatalogDifference, describeDifference } from '../postgres/catalog.ts';
import { listed } from '../plan/suggest.ts';
import type { Finding, Severity } from '../review/finding.ts';
import { type Operation, tableKey } from '../review/operation.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { isOnlyCast } from '../review/type-change.ts';
import type { GoneValues, RowDifference } from './row-snapshot.ts';
import type { FreshFailure } from './fresh.ts';
import { needsSuperuser } from './passed-over.ts';
import { describeRowDifference, type Rehearsal } from './rehearse.ts';

/** A finding without its place: the rehearsal knows the statement by its number at most. */
interface Observation {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix?: string;
  /** Index of the statement in the way up. */
  readonly statement?: number;
  readonly objects?: readonly string[];
}

/** Where the statements of the way up stand in their file. */
export interface Place {
  readonly file: string | undefined;
  readonly statements: readonly {
    readonly text: string;
    readonly line: number;
    readonly column: number;
    readonly objects: readonly string[];
    readonly operations: readonly Operation[];
  }[];
}

/** What a rehearsal proved, as findings beside those of the rules; `isManual`: a person takes care of the way back. */
export function rehearsalFindings(
  rehearsal: Rehearsal,
  place: Place,
  options: { readonly isManual: boolean },
): Finding[] {
  return [
    ...wayUp(rehearsal),
    ...driftFindings(rehearsal, place),
    ...lagging(rehearsal.lag),
    ...rehearsal.rows
      .filter((difference) => !isRenamedLabel(difference, place))
      .map((difference) => rowsChanged(difference, place)),
    ...rehearsal.gone.flatMap((values) => valuesGone(values, place)),
    ...rehearsal.indexes
      .filter(({ used }) => !used)
      .map(({ index, table, query }): Observation => ({
        rule: 'index-not-used',
        severity: 'warning',
        message: `Postgres does not take the new index ${index} of ${table}, even with sequential scans off: ${query}.`,
        objects: [index],
      })),
    ...(options.isManual ? [] : wayDown(rehearsal)),
    ...rehearsal.notTested.map((message): Observation => ({
      rule: 'not-rehearsed',
      severity: 'info',
      message,
    })),
  ].map((observation) => located(observation, place));
}

/**
 * What the migration leaves otherwise than it should be. Differences from the schema source about tables that no statement
 * of it names were there before it: one cause, and one finding about the history.
 */
function driftFindings({ drift, comparedWith }: Rehearsal, { statements }: Place): Observation[] {
  const touched = new Set(statements.flatMap(({ objects }) => objects.map((name) => name.split('.')[0])));
  const isOlder = ({ object }: CatalogDifference): boolean =>
    comparedWith === 'schema source' &&
    touched.size > 0 &&
    !nameOf(object)
      .split('.')
      .some((part) => touched.has(part));
  const older = drift.filter(isOlder);
  const isExtra = ({ expected }: CatalogDifference): boolean =>
    comparedWith !== 'plan' && expected === undefined;
  // What only the database has is wrong where this migration made it, and the source does not know of it.
  const severityOf = (difference: CatalogDifference): Severity =>
    isExtra(difference) && (comparedWith === 'snapshot' || isOlder(difference)) ? 'warning' : 'error';
  // A few may have causes of their own.
  const single = older.length > 2 ? drift.filter((difference) => !isOlder(difference)) : drift;
  return [
    ...(older.length > 2
      ? [
          {
            rule: 'unrelated-drift',
            severity: older.every(isExtra) ? ('warning' as const) : ('error' as const),
            message: `Even before this migration, the history does not match the schema source in ${older.length} objects: ${older.slice(0, 8).map(describeDifference).join('; ')}${older.length > 8 ? `; and ${older.length - 8} more` : ''}.`,
            objects: older.map(({ object }) => nameOf(object)),
          },
        ]
      : []),
    ...single.map((difference): Observation => ({
      rule: 'unrelated-drift',
      severity: severityOf(difference),
      message: `The resulting schema does not match the ${comparedWith ?? 'plan'}: ${describeDifference(difference)}.`,
      ...(isExtra(difference) && {
        fix: 'Declare it in the schema source, or say in the SQL why it stands outside: -- tableplan:allow unrelated-drift <reason>',
      }),
      objects: [nameOf(difference.object)],
    })),
  ];
}

/** Said once: the objects are one mistake, a snapshot that was copied. */
function lagging(lag: readonly CatalogDifference[]): Observation[] {
  if (lag.length === 0) return [];
  const objects = lag.map(({ object }) => nameOf(object));
  return [
    {
      rule: 'snapshot-lags',
      severity: 'error',
      message: `The snapshot of the migration lags behind: the schema source and the migration have ${listed(objects, 'and')} as it does not. The next drizzle-kit generate would repeat that.`,
      fix: 'npx tableplan migration --repair-snapshots',
      objects,
    },
  ];
}

/** Told by the rules where a statement names what it drops; CASCADE, dynamic SQL and functions name nothing. */
function valuesGone({ table, column, count }: GoneValues, { statements }: Place): Observation[] {
  const isNamed = statements.some(({ operations }) =>
    operations.some(
      (operation) =>
        (operation.kind === 'drop-table' && tableKey(operation.table) === table) ||
        (operation.kind === 'drop-column' &&
          tableKey(operation.table) === table &&
          operation.column === column) ||
        (operation.kind === 'drop-schema' && table.startsWith(`${operation.name}.`)),
    ),
  );
  if (isNamed) return [];
  const what =
    column === undefined
      ? `the table ${table} with its rows`
      : `the column ${table}.${column} with its values`;
  return [
    {
      rule: 'values-lost',
      severity: 'error',
      message: `The migration takes ${what} away (${count} of them in the rehearsal), and no statement names it.`,
      objects: [table, ...(column === undefined ? [] : [`${table}.${column}`])],
    },
  ];
}

/** The label of an enum under its new name is the same value. */
function isRenamedLabel({ example }: RowDifference, { statements }: Place): boolean {
  return statements.some(({ operations }) =>
    operations.some(
      (operation) =>
        operation.kind === 'rename-enum-value' &&
        example?.before?.split(operation.value).join(operation.to) === example?.after,
    ),
  );
}

/** A statement that says so changes rows on purpose; whatever else changes them loses something. */
function rowsChanged(difference: RowDifference, { statements }: Place): Observation {
  const { table, column } = difference;
  const isAskedFor = isWritten(
    { table, column },
    statements.flatMap(({ operations }) => operations),
  );
  return {
    rule: 'values-changed',
    severity: isAskedFor ? 'info' : 'error',
    message: `${isAskedFor ? 'The migration changes rows, as it says' : 'Stored values are not what they were'}: ${describeRowDifference(difference)}.`,
    objects: [table, ...(column === undefined ? [] : [`${table}.${column}`])],
  };
}

interface Values {
  readonly table: string;
  readonly column: string | undefined;
}

/** Whether an operation changes values under the name that they have by then. */
function isWritten(values: Values, operations: readonly Operation[]): boolean {
  let named = values;
  for (const operation of operations) {
    if (writes(operation, named)) return true;
    named = renamed(named, operation);
  }
  return false;
}

function renamed(values: Values, operation: Operation): Values {
  const { table, column } = values;
  if (!('table' in operation) || !operation.table || tableKey(operation.table) !== table) return values;
  switch (operation.kind) {
    case 'rename-column':
      return operation.column === column ? { table, column: operation.to } : values;
    case 'rename-table':
      return { table: tableKey({ ...operation.table, name: operation.to }), column };
    case 'set-schema':
      return { table: tableKey({ ...operation.table, schema: operation.to }), column };
    default:
      return values;
  }
}

function writes(operation: Operation, { table, column }: Values): boolean {
  switch (operation.kind) {
    case 'alter-type':
      // A cast alone is to keep the values; any other expression says what becomes of them.
      return (
        tableKey(operation.table) === table &&
        operation.column === column &&
        operation.using !== undefined &&
        !isOnlyCast(operation.using, operation.column)
      );
    case 'update':
      return (
        tableKey(operation.table) === table && column !== undefined && operation.columns.includes(column)
      );
    case 'insert':
    case 'delete':
      return tableKey(operation.table) === table;
    case 'truncate':
      return tableKey(operation.table) === table || operation.cascade;
    default:
      return false;
  }
}

/** What a new environment will run into: the migrator takes the whole history at once there. */
export function freshFinding(failure: FreshFailure, file: string | undefined): Finding {
  return {
    rule: 'fresh-history-fails',
    severity: 'error',
    message: `On an empty database the history stops at ${failure.migration}: ${failure.message} [${failure.sqlstate}].`,
    statement: failure.sql,
    objects: [],
    ...(file !== undefined && { file }),
    line: 1,
    column: 1,
    observed: true,
  };
}

function wayUp(rehearsal: Rehearsal): Observation[] {
  const isSeeded = (name: string): boolean => rehearsal.seeded.some(({ table }) => table === name);
  const refused = rehearsal.refused.map(({ table, count, of, example, message, sqlstate }): Observation => ({
    rule: 'rows-refused',
    severity: isSeeded(table) ? 'error' : 'warning',
    message: isSeeded(table)
      ? `${count} of ${of} rows of ${table} in the dump make it fail (${sqlstate}: ${message}).`
      : `${count} of ${of} invented rows of ${table} make it fail (${sqlstate}: ${message})${example === undefined ? '' : `, such as ${example}`}. Are there such rows in production?`,
    objects: [table],
  }));
  const index = rehearsal.statements.findIndex(({ failure }) => failure !== undefined);
  const failure = rehearsal.statements[index]?.failure;
  if (rehearsal.up !== 'failed' || !failure) return refused;
  const [statement] = parseScript(rehearsal.statements[index]?.sql ?? '');
  if (needsSuperuser(rehearsal.engine, statement?.node, failure)) {
    return [
      ...refused,
      {
        rule: 'not-rehearsed',
        severity: 'warning',
        message: `The migration was not rehearsed: only a superuser may run this statement, which nothing is on ${rehearsal.engine} (${failure.message}). PGlite runs more: leave --engine out.`,
        statement: index,
      },
    ];
  }
  return [
    ...refused,
    {
      rule: 'rehearsal-failed',
      severity: 'error',
      message: `The migration fails: ${failure.message}${failure.detail ? ` (${failure.detail})` : ''} [${failure.sqlstate}].`,
      statement: index,
    },
  ];
}

function wayDown({ up, down, again, rollback, lost }: Rehearsal): Observation[] {
  if (up !== 'ok') return [];
  const what = lost.join('; ');
  const repeated: Observation[] =
    again === 'failed'
      ? [
          {
            rule: 'missing-or-wrong-down',
            severity: 'error',
            message: 'After rolling back, the migration fails or gives a different schema.',
          },
        ]
      : [];
  if (rollback === 'exact') return repeated;
  if (rollback === 'schema-only') {
    return [
      ...repeated,
      {
        rule: 'irreversible',
        severity: 'warning',
        message: `The rollback restores the schema, not the rows: ${what}.`,
      },
    ];
  }
  if (down === 'not run') {
    return [{ rule: 'irreversible', severity: 'warning', message: 'There is no rollback.' }];
  }
  return [
    ...repeated,
    {
      rule: 'missing-or-wrong-down',
      severity: 'error',
      message: `The rollback does not lead back: ${what}`,
    },
  ];
}

function located(observation: Observation, { file, statements }: Place): Finding {
  const statement = statements[observation.statement ?? 0];
  return {
    rule: observation.rule,
    severity: observation.severity,
    message: observation.message,
    ...(observation.fix !== undefined && { fix: observation.fix }),
    statement: observation.statement === undefined ? '' : (statement?.text ?? ''),
    // What is said of the whole migration is about no single object.
    objects: observation.objects ?? (observation.statement === undefined ? [] : (statement?.objects ?? [])),
    ...(file !== undefined && { file }),
    line: observation.statement === undefined ? 1 : (statement?.line ?? 1),
    column: observation.statement === undefined ? 1 : (statement?.column ?? 1),
    observed: true,
  };
}

/** `column public.products.price` → `products.price`. */
function nameOf(object: string): string {
  return object.replace(/^(?:comment on )?[a-z ]+? (?=\S+$)/, '').replace(/^public\./, '');
}
