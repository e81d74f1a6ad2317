import { relative, sep } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { displayName, isSameObject } from '../../plan/database-schema.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { LoadedDataSource } from './child/child.ts';

interface Loading {
  readonly root: string;
  readonly dataSourcePath: string;
  readonly edits: readonly FileEdit[];
  /** The data source with the edits. */
  readonly edited: Pick<LoadedDataSource, 'models' | 'entities'>;
}

/**
 * That the data source loads the entity of every new table. Throws `schema-not-editable` with where it takes its entities
 * from: an entity that it does not load is in no migration.
 */
export function refuseUnloaded(changes: readonly Change[], loading: Loading): void {
  const { edited } = loading;
  for (const change of changes) {
    if (change.kind !== 'create-table') continue;
    const { table } = change;
    if (edited.models.some((model) => isSameObject(model.table, table))) continue;
    const shown = (path: string) => relative(loading.root, path).split(sep).join('/');
    const file = loading.edits.find(({ before, after }) => before === null && after?.includes(table.name));
    const { patterns } = edited.entities;
    const from =
      patterns.length === 0
        ? 'a list that was not found in the sources'
        : `${patterns.map(shown).join(', ')}, which does not match it`;
    throw new TableplanError(
      'schema-not-editable',
      `${shown(loading.dataSourcePath)} would not load the entity of ${displayName(table)}${file === undefined ? '' : ` (${shown(file.path)})`}: it takes its entities from ${from}.`,
      {
        hint: `Nothing was written. Write the list as an array or object literal of the classes (a function may return it) or as a glob for the entities' sources, then run again.`,
      },
    );
  }
}
