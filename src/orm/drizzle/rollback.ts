import type { AlterColumn, Change } from '../../plan/change.ts';
import { castBack, refusingCast } from '../../postgres/cast-back.ts';
import { quoteIdentifier } from '../../postgres/sql.ts';
import { filledColumn } from '../../plan/filled-columns.ts';
import { alterSerial, baseType } from '../../plan/serial.ts';
import type { SnapshotJson } from './snapshot-json.ts';
import { splitStatements } from './artifacts.ts';
import { withKeptConstraints } from './kept-constraints.ts';
import { repairStatements } from './repaired-statements.ts';
import { inDependencyOrder } from './statement-order.ts';
import { castStatements, isAlteration, serialStatements, withSemicolon } from './tell-differ.ts';
import { tableName } from './written-names.ts';

/** The two snapshots that a rollback leads between: the new one, and the old one with the plan's renames applied. */
export interface WayBack {
  readonly from: SnapshotJson;
  readonly to: SnapshotJson;
  /** What takes the renames back, in order. */
  readonly renames: readonly string[];
}

/**
 * Rollback SQL of a migration. `reversed` is drizzle-kit's own diff of the two snapshots; what the differ was told on
 * the way up is taken back here, renames last.
 */
export function rollbackStatements(
  reversed: readonly string[],
  changes: readonly Change[],
  { from, to, renames }: WayBack,
): string[] {
  const backwards = changes.toReversed();
  const raw = backwards.flatMap((change) =>
    change.kind === 'raw-sql' && change.down.trim() !== '' ? [withSemicolon(change.down)] : [],
  );
  const repaired = repairStatements(
    reversed.flatMap(splitStatements).filter((statement) => !isComment(statement)),
    { from, to },
  ).statements;
  let statements = [
    ...changes.flatMap(dropInlineKey),
    ...inDependencyOrder(
      renames.length > 0 ? withKeptConstraints(repaired, { from, to }).statements : repaired,
      from,
    ).statements,
    ...changes.flatMap((change) => dropKeyNulls(change, to)),
  ];
  for (const change of changes.filter(isAlteration)) {
    const back = takenBack(change);
    const serial = alterSerial(back);
    if (serial) statements = serialStatements(statements, back, serial);
    else if (change.type?.using !== undefined) statements = castStatements(statements, back);
  }
  const enums = Object.values(to.enums);
  return [...raw, ...statements.flatMap((statement) => filledColumn(statement, enums)), ...renames];
}

/**
 * drizzle-kit 0.31 writes a comment where a key that stands on its column goes: it does not know the name. The plan
 * does: a key that it made is called what Postgres called it.
 */
function dropInlineKey(change: Change): string[] {
  if (change.kind !== 'set-primary-key' || change.primaryKey.columns.length !== 1) return [];
  return [
    `ALTER TABLE ${tableName(change.table)} DROP CONSTRAINT ${quoteIdentifier(change.primaryKey.name)};`,
  ];
}

/** A key on several columns makes them NOT NULL, which no snapshot says, and they stay so when it goes. */
function dropKeyNulls(change: Change, to: SnapshotJson): string[] {
  if (change.kind !== 'set-primary-key' || change.primaryKey.columns.length === 1) return [];
  const { table, primaryKey, from } = change;
  const columns = to.tables[`${table.schema}.${table.name}`]?.columns;
  return primaryKey.columns
    .filter((name) => columns?.[name]?.notNull === false && !from?.columns.includes(name))
    .map((name) => `ALTER TABLE ${tableName(table)} ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL;`);
}

function isComment(statement: string): boolean {
  return statement.replaceAll(/\/\*[\s\S]*?\*\/|--.*$/gm, '').trim() === '';
}

/** The type change the other way round: its USING inverted, or a plain cast, which Postgres has for most pairs. */
function takenBack(change: AlterColumn): AlterColumn {
  const { column, type } = change;
  const inverse =
    type && castBack({ column: column.name, from: column.type, to: type.to, using: type.using });
  return {
    ...change,
    column: {
      ...column,
      type: type?.to ?? column.type,
      default: change.default ? change.default.set : column.default,
    },
    type: {
      to: column.type,
      using:
        inverse ??
        refusingCast(quoteIdentifier(column.name), { from: type?.to ?? '', to: baseType(column.type) }),
    },
    notNull: change.notNull === undefined ? undefined : column.notNull,
    default: { set: column.default },
  };
}

interface Comparable {
  readonly tables: Readonly<Record<string, unknown>>;
  readonly enums: unknown;
}

/**
 * Two snapshots without the tables that are alike in both: the differ has nothing to say about those, and on a large
 * schema they are nearly all of its work. With different enums every table stays, because the differ then looks for
 * the columns of that type.
 */
export function withoutCommonTables<A extends Comparable, B extends Comparable>(
  from: A,
  to: B,
): { from: A; to: B } {
  if (JSON.stringify(from.enums) !== JSON.stringify(to.enums)) return { from, to };
  const differs = (key: string): boolean =>
    JSON.stringify(from.tables[key]) !== JSON.stringify(to.tables[key]);
  const keep = (tables: Comparable['tables']) =>
    Object.fromEntries(Object.entries(tables).filter(([key]) => differs(key)));
  return { from: { ...from, tables: keep(from.tables) }, to: { ...to, tables: keep(to.tables) } };
}
