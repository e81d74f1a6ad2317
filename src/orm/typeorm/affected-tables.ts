import type { Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import type { LoadedDataSource } from './child/child.ts';

/** So many tables are compared in less than a second; a thousand take fourteen (facts/typeorm.md 7). */
const FEW = 150;

/**
 * The tables that a diff has to look at in a large project: those that the edits make otherwise, those that the plan
 * names, and those that refer to one of them. Undefined, which is all, in any other project.
 */
export function affectedTables(
  current: LoadedDataSource,
  staged: LoadedDataSource,
  changes: readonly Change[],
): readonly string[] | undefined {
  if (staged.models.length <= FEW) return undefined;
  const tables = new Set([...current.models, ...staged.models].map(({ table }) => keyOf(table)));
  const direct = new Set(
    [...tables].filter((table) => current.fingerprints[table] !== staged.fingerprints[table]),
  );
  for (const name of changes.flatMap(namedTables)) direct.add(keyOf(name));
  const tableOf = new Map(staged.models.map(({ name, table }) => [name, keyOf(table)]));
  const neighbours = staged.models
    .filter(({ relations }) =>
      relations.some(
        ({ target, joinColumns }) => joinColumns.length > 0 && direct.has(tableOf.get(target) ?? ''),
      ),
    )
    .map(({ table }) => keyOf(table));
  return [...new Set([...direct, ...neighbours])];
}

/**
 * The tables that a migration can be about, in a large project: those whose names stand in its texts. Undefined, which is
 * all, in any other project.
 */
export function mentionedTables(
  { models }: Pick<LoadedDataSource, 'models'>,
  texts: readonly string[],
): readonly string[] | undefined {
  if (models.length <= FEW) return undefined;
  const words = new Set(texts.flatMap((text) => text.match(/[\w$]+/g) ?? []));
  return [...new Set(models.filter(({ table }) => words.has(table.name)).map(({ table }) => keyOf(table)))];
}

function namedTables(change: Change): ObjectName[] {
  if (!('table' in change)) return [];
  return change.kind === 'rename-table'
    ? [change.table, { ...change.table, name: change.to }]
    : [change.table];
}

function keyOf({ schema, name }: ObjectName): string {
  return `${schema}.${name}`;
}
