import type { Change } from '../plan/change.ts';
import { displayName } from '../plan/database-schema.ts';
import { changedObject } from '../plan/describe.ts';

/** What kind of migration it is, in the record's words. */
export function migrationType(changes: readonly Change[]): string {
  const kinds = new Set(changes.map(({ kind }) => kind));
  if (kinds.has('create-table')) return 'New Table';
  if (kinds.has('drop-table')) return 'Drop Table';
  if ([...kinds].every((kind) => kind === 'add-index' || kind === 'drop-index')) return 'Index Creation';
  if ([...kinds].every((kind) => kind.includes('enum'))) return 'Enum Change';
  return 'Alter Table';
}

/** High where rows or running code are lost, Medium where a table that has rows is changed under a lock, else Low. */
export function impact(changes: readonly Change[]): string {
  if (changes.some(dropsRows)) return 'High (data is dropped)';
  if (changes.some(losesRows)) return 'High (stored values are converted)';
  if (breakingChanges(changes).length > 0) return 'High (the running application will notice)';
  const newTables = new Set(
    changes.flatMap((change) => (change.kind === 'create-table' ? [displayName(change.table)] : [])),
  );
  const touchesExisting = changes.some(
    (change) =>
      change.kind !== 'create-table' &&
      change.kind !== 'create-enum' &&
      !newTables.has(displayName(changedObject(change))),
  );
  return touchesExisting ? 'Medium (existing tables are changed)' : 'Low (only new objects)';
}

/** What no rollback brings back, by what the statements say. */
export function lossesOf(changes: readonly Change[]): string[] {
  return changes.filter(losesRows).map(describeLoss);
}

function losesRows(change: Change): boolean {
  return dropsRows(change) || (change.kind === 'alter-column' && change.type?.using !== undefined);
}

function dropsRows({ kind }: Change): boolean {
  return kind === 'drop-table' || kind === 'drop-column' || kind === 'drop-enum-value';
}

function describeLoss(change: Change): string {
  const object = displayName(changedObject(change));
  switch (change.kind) {
    case 'drop-table':
      return `all rows of ${object}`;
    case 'drop-column':
      return `the values of ${object}.${change.column}`;
    case 'drop-enum-value':
      return `rows that had '${change.value}' in a column of type ${object}`;
    case 'alter-column':
      return `what USING makes of ${object}.${change.column.name} is not turned back into what it was`;
    default:
      return object;
  }
}

/** What the running version of the application will notice, and what to do about it. */
export function breakingChanges(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    const text = breaking(change);
    return text === undefined ? [] : [text];
  });
}

function breaking(change: Change): string | undefined {
  const object = displayName(changedObject(change));
  switch (change.kind) {
    case 'drop-table':
      return `\`${object}\` is gone: code that reads or writes it fails from the moment the migration runs. Deploy the code that no longer uses it first.`;
    case 'rename-table':
      return `\`${object}\` is called \`${change.to}\`: the running version fails on the old name. Deploy code and migration together, or take the way over a view.`;
    case 'drop-column':
      return `\`${object}.${change.column}\` is gone: the running version still selects it. Deploy the code without it first.`;
    case 'rename-column':
      return `\`${object}.${change.from}\` is called \`${change.to}\`: the running version fails on the old name. Deploy code and migration together, or add, copy and drop in steps.`;
    case 'alter-column':
      if (change.type)
        return `\`${object}.${change.column.name}\` changes its type from ${change.column.type} to ${change.type.to}: check what reads and writes it.`;
      return change.notNull
        ? `\`${object}.${change.column.name}\` refuses NULL: the running version must not write it any more, and no row may hold it.`
        : undefined;
    case 'add-column':
      return change.column.notNull &&
        change.column.default === undefined &&
        !change.column.identity &&
        change.column.generated === undefined
        ? `\`${object}.${change.column.name}\` is required and has no default: it fails on a table that has rows, and inserts of the running version fail.`
        : undefined;
    case 'drop-enum-value':
      return `'${change.value}' is no longer a value of \`${object}\`: rows that hold it make the migration fail.`;
    case 'rename-enum-value':
      return `'${change.from}' of \`${object}\` is called '${change.to}': the running version fails when it writes the old one.`;
    case 'create-enum':
    case 'add-enum-value':
    case 'drop-enum':
    case 'create-table':
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'add-index':
    case 'drop-index':
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
    case 'add-check':
    case 'drop-check':
    case 'comment':
    case 'raw-sql':
      return undefined;
    default:
      change satisfies never;
      return undefined;
  }
}
