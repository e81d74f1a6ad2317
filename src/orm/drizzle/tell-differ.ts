import type { AlterColumn, Change } from '../../plan/change.ts';

import { quoteIdentifier } from '../../postgres/sql.ts';
import { alterSerial } from '../../plan/serial.ts';
import type { SnapshotJson } from './snapshot-json.ts';
import { withKeptConstraints } from './kept-constraints.ts';
import { repairStatements } from './repaired-statements.ts';
import { inDependencyOrder } from './statement-order.ts';
import { tableName } from './written-names.ts';

export interface AnsweredStatements {
  readonly statements: readonly string[];
  /** What was written by hand, in words for the record. */
  readonly byHand: readonly string[];
}

export interface Telling {
  readonly from: SnapshotJson;
  readonly to: SnapshotJson;
  /** What renames, in order. */
  readonly renames: readonly string[];
}

/**
 * Completes drizzle-kit's statements with what its differ cannot see or say (design §2.6). Renames: it gets a snapshot
 * in which they are done and their SQL stands first, because drizzle-kit 0.31 loses an alteration of what is renamed
 * at once, rebuilds indexes that only change a column's name, and rebuilds an enum whose value is renamed. A type
 * change that needs USING. Constraints and indexes whose derived name changes are renamed. Texts and an order that Postgres takes. And what the plan marked `raw`. `from` is the snapshot
 * that drizzle-kit got, `to` the one that it made.
 */
export function tellDiffer(
  generated: readonly string[],
  changes: readonly Change[],
  { from, to, renames }: Telling,
): AnsweredStatements {
  const alterations = changes.filter(isAlteration);
  const raw = changes.filter((change) => change.kind === 'raw-sql');
  const repaired = repairStatements(generated, { from, to });
  const kept = renames.length > 0 ? withKeptConstraints(repaired.statements, { from, to }) : repaired;
  const ordered = inDependencyOrder(kept.statements, from);
  let statements = [...ordered.statements];
  for (const change of alterations) {
    const serial = alterSerial(change);
    if (serial) statements = serialStatements(statements, change, serial);
    else if (change.type?.using !== undefined) statements = castStatements(statements, change);
  }
  return {
    statements: [...renames, ...statements, ...raw.map(({ up }) => withSemicolon(up))],
    byHand: [
      ...renames.map(
        (statement) => `the rename, so that nothing is dropped and added for it: \`${statement}\``,
      ),
      ...repaired.reasons,
      ...(kept === repaired ? [] : kept.reasons),
      ...alterations.flatMap((change) => alterationReason(change) ?? []),
      ...ordered.reasons,
      ...raw.map(({ summary }) => summary),
    ],
  };
}

export function isAlteration(change: Change): change is AlterColumn {
  return change.kind === 'alter-column';
}

function alterationReason(change: AlterColumn): string | undefined {
  const { column, type, default: next } = change;
  if (alterSerial(change))
    return `the sequence of ${column.name}: serial is an integer, a sequence and a default, which drizzle-kit takes for a type`;
  if (type?.using === undefined) return undefined;
  const using = `USING for the new type of ${column.name}`;
  if (column.default === undefined) return using;
  const isKept = next === undefined || next.set !== undefined;
  return `${using}, its default dropped before${isKept ? ' and set again after' : ''}`;
}

/** Replaces the one SET DATA TYPE statement of drizzle-kit, and the default statements that would fail around it. */
export function castStatements(statements: readonly string[], cast: AlterColumn): string[] {
  const prefix = `ALTER TABLE ${tableName(cast.table)} ALTER COLUMN ${quoteIdentifier(cast.column.name)} `;
  const index = statements.findIndex((statement) => statement.startsWith(`${prefix}SET DATA TYPE `));
  if (index < 0) return [...statements];
  const type = (statements[index] ?? '')
    .slice(`${prefix}SET DATA TYPE `.length)
    .replace(/ USING .*$/s, '')
    .replace(/;$/, '');
  const defaults = (statement: string): boolean =>
    statement.startsWith(`${prefix}SET DEFAULT `) || statement === `${prefix}DROP DEFAULT;`;
  const previous = cast.column.default;
  const kept = cast.default === undefined ? previous : cast.default.set;
  const generatedDefault = statements.find((statement) => statement.startsWith(`${prefix}SET DEFAULT `));
  const block = [
    ...(previous === undefined ? [] : [`${prefix}DROP DEFAULT;`]),
    `${prefix}SET DATA TYPE ${type} USING ${cast.type?.using};`,
    ...(kept === undefined ? [] : [generatedDefault ?? `${prefix}SET DEFAULT ${kept};`]),
  ];
  return statements.flatMap((statement, at) => {
    if (at === index) return block;
    return defaults(statement) ? [] : [statement];
  });
}

/** Puts the statements that carry a serial column over in the place of drizzle-kit's own, which take serial for a type. */
export function serialStatements(
  statements: readonly string[],
  { table, column }: AlterColumn,
  serial: readonly string[],
): string[] {
  const prefix = `ALTER TABLE ${tableName(table)} ALTER COLUMN ${quoteIdentifier(column.name)} `;
  const isOwn = (statement: string): boolean => statement.startsWith(prefix);
  const first = statements.findIndex(isOwn);
  const at = first < 0 ? statements.length : first;
  const others = (part: readonly string[]): string[] => part.filter((statement) => !isOwn(statement));
  return [...others(statements.slice(0, at)), ...serial.map(withSemicolon), ...others(statements.slice(at))];
}

export function withSemicolon(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql};`;
}
