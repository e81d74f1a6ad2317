import type { AlterColumn, Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { quoteIdentifier, quoteLiteral } from '../../postgres/sql.ts';
import type { SnapshotJson } from './snapshot-json.ts';
import { inDependencyOrder } from './statement-order.ts';

export interface ToldStatements {
  readonly statements: readonly string[];
  /** What was written by hand, in words for the record. */
  readonly byHand: readonly string[];
}

/**
 * Completes drizzle-kit's statements with what its differ cannot see or say (design §2.6). Renames: it gets a snapshot
 * in which they are done and their SQL stands first, because drizzle-kit 0.31 loses an alteration of what is renamed
 * at once, rebuilds indexes that only change a column's name, and rebuilds an enum whose value is renamed. A type
 * change that needs USING. An order that Postgres takes. And what the plan marked `raw`. `from` is the snapshot that
 * drizzle-kit got.
 */
export function tellDiffer(
  generated: readonly string[],
  changes: readonly Change[],
  from: SnapshotJson,
): ToldStatements {
  const casts = changes.filter(
    (change): change is AlterColumn => change.kind === 'alter-column' && change.type?.using !== undefined,
  );
  const raw = changes.filter((change) => change.kind === 'raw-sql');
  const renames = changes.flatMap((change) => renameStatement(change) ?? []);
  const ordered = inDependencyOrder(generated, from);
  let statements = [...ordered.statements];
  for (const cast of casts) statements = castStatements(statements, cast);
  return {
    statements: [...renames, ...statements, ...raw.map(({ up }) => withSemicolon(up))],
    byHand: [
      ...renames.map(
        (statement) => `the rename, so that nothing is dropped and added for it: \`${statement}\``,
      ),
      ...casts.map(
        ({ column }) =>
          `USING for the new type of ${column.name}, its default dropped before and set again after`,
      ),
      ...ordered.reasons,
      ...raw.map(({ summary }) => summary),
    ],
  };
}

/** The SQL of a rename; undefined for every other change. */
export function renameStatement(change: Change): string | undefined {
  switch (change.kind) {
    case 'rename-table':
      return `ALTER TABLE ${tableName(change.table)} RENAME TO ${quoteIdentifier(change.to)};`;
    case 'rename-column':
      return `ALTER TABLE ${tableName(change.table)} RENAME COLUMN ${quoteIdentifier(change.from)} TO ${quoteIdentifier(change.to)};`;
    case 'rename-enum-value':
      return `ALTER TYPE ${qualifiedName(change.enum)} RENAME VALUE ${quoteLiteral(change.from)} TO ${quoteLiteral(change.to)};`;
    default:
      return undefined;
  }
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

/** A table as drizzle-kit 0.31 writes it in ALTER TABLE: the schema only where it is not public. */
export function tableName(table: ObjectName): string {
  const quote = (name: string): string => quoteIdentifier(name);
  return table.schema === 'public' ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
}

function qualifiedName(name: ObjectName): string {
  return `${quoteIdentifier(name.schema)}.${quoteIdentifier(name.name)}`;
}

export function withSemicolon(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql};`;
}
