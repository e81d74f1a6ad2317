import type { Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { addColumn, alterColumn, dropColumn, renameColumn } from './changes/column.ts';
import { addForeignKey, alterForeignKey, dropForeignKey } from './changes/foreign-key.ts';
import { addCheck, addIndex, dropCheck, dropIndex } from './changes/index-and-check.ts';
import { setPrimaryKey } from './changes/primary-key.ts';
import { commentTable, createTable, dropTable, renameTable } from './changes/table.ts';
import { addUnique, dropUnique } from './changes/unique.ts';
import type { ChangeContext, TablePlace } from './change-context.ts';
import { constraintConvention } from './constraint-convention.ts';
import { describeTable } from './describe.ts';
import { refOf } from './draft.ts';
import { openDrafts, type Drafts } from './drafts.ts';
import { createStore, type Store } from './editing-store.ts';
import type { EditResult } from '../edit-result.ts';
import type { EditInput, EnumChange } from './editing.ts';
import { editEnums } from './enums.ts';
import { exposeInBarrels, forgetInBarrels } from './expose.ts';
import { followDrops } from './follow-drops.ts';
import { followRenames } from './follow-renames.ts';
import { withLineFeeds } from '../line-ends.ts';
import { keyCase, type Sample, sampleOf } from './conventions.ts';
import { refuseCollisions } from './key-collisions.ts';
import type { SchemaModel, TableModel, TableRef } from './model.ts';
import { findNeighbours, type Neighbours } from './neighbours.ts';
import { placeTable } from './place-table.ts';
import { markCycles } from './reference-cycles.ts';
import { relationRequests } from './relation-requests.ts';
import { editRelations } from './relations.ts';
import { namesIn, openSources, readModel, type Sources, tablesIn } from './sources.ts';
import { writeNewTable } from './write-new-table.ts';
import { writeTable } from './write-table.ts';

/**
 * Edits a Drizzle schema: takes the sources and the resolved changes, gives each file's text before and after. Pure:
 * nothing is read or written. `await loadSqlParser()` first.
 * Throws TableplanError `schema-not-editable` (with file, line and column) where the source has a form that text
 * edits cannot follow, and `plan-not-supported` for types that drizzle-orm has no builder for.
 */
export function editDrizzleSchema(input: EditInput): EditResult {
  const { files, restored } = withLineFeeds(input.files);
  const result = editSources({ ...input, files });
  return { ...result, edits: restored(result.edits) };
}

function editSources(input: EditInput): EditResult {
  const run = prepare(input);
  for (const change of input.changes) applyChange(run.changing, change);
  const { store, drafts } = run;
  refuseCollisions(drafts.all);
  const { editing } = store;
  store.setEnums(editEnums(editing, input.changes.filter(isEnumChange)));
  markCycles(editing, drafts.all);
  for (const draft of drafts.all) if (!draft.isDropped) writeDraft(run, draft);
  followRenames(editing, drafts);
  followDrops(editing, drafts);
  editRelations(editing, relationRequests(editing, drafts));
  exposeInBarrels(
    editing,
    store.registered.map(({ path, values, types }) => ({ file: path, values, types })),
  );
  for (const { path, values, types, isEmpty } of store.unregistered)
    forgetInBarrels(editing, { file: path, names: isEmpty ? 'all' : [...values, ...types] });
  const forgotten = new Set(store.unregistered.filter(({ isEmpty }) => isEmpty).map(({ path }) => path));
  const edits = finishAll(store, forgotten);
  return {
    edits,
    notices: store.notices,
    describe: (name) => describeTable(name, drafts, { ...input, edits }),
  };
}

/** A file that nothing is left of goes, and leaves the barrels; an index that is emptied by that goes too, and so on. */
function finishAll(store: Store, forgotten: Set<string>): EditResult['edits'] {
  const edits = store.finish();
  const deleted = edits.filter(({ path, after }) => after === null && !forgotten.has(path));
  if (deleted.length === 0) return edits;
  for (const { path } of deleted) {
    forgotten.add(path);
    forgetInBarrels(store.editing, { file: path, names: 'all' });
  }
  return finishAll(store, forgotten);
}

interface Run {
  readonly store: Store;
  readonly drafts: Drafts;
  readonly changing: ChangeContext;
  readonly model: SchemaModel;
  readonly sources: Sources;
  readonly neighbours: Neighbours;
}

function prepare(input: EditInput): Run {
  const sources = openSources(input);
  const model = readModel(sources, namesIn(input.changes));
  const neighbours = findNeighbours(sources, model, input.casing);
  const drafts = openDrafts(input, model, sources);
  const table = (name: ObjectName): TableRef | undefined => {
    const draft = drafts.find(name);
    return draft && refOf(draft);
  };
  const store = createStore({ input, model, sources, neighbours, table });
  const changing = changingOf({ input, drafts, model, sources, neighbours });
  return { store, drafts, changing, model, sources, neighbours };
}

function changingOf({
  input,
  drafts,
  model,
  sources,
  neighbours,
}: Pick<Run, 'drafts' | 'model' | 'sources' | 'neighbours'> & { input: EditInput }): ChangeContext {
  return {
    input,
    drafts,
    placeTable: (change): TablePlace => placeTable(change, { input, model, sources }),
    keyCaseOf: (path) => keyCase(neighbours.samplesNear(path)),
    conventionOf: (draft) => constraintConvention(neighbours.samplesNear(draft.path)),
    prefixOf: (name) =>
      model.creators.find((creator) => creator.prefix !== '' && name.startsWith(creator.prefix))?.prefix ??
      '',
  };
}

function writeDraft({ store, drafts, model, sources, neighbours }: Run, draft: Drafts['all'][number]): void {
  const samples = neighbours.samplesNear(draft.path);
  if (draft.model !== undefined)
    return writeTable(store.editing, draft, ownFirst(draft.model, samples, store.editing.input.casing));
  const file = sources.file(draft.path);
  const dropped = new Set(drafts.all.flatMap((each) => (each.isDropped ? [each.model?.variable] : [])));
  const siblings =
    file === undefined ? [] : tablesIn(file, model, sources).filter(({ variable }) => !dropped.has(variable));
  writeNewTable(store.editing, draft, { samples, siblings });
}

/** A table's own conventions count before its neighbours'. */
function ownFirst(
  table: TableModel,
  samples: readonly Sample[],
  casing: EditInput['casing'],
): readonly Sample[] {
  return [sampleOf(table, casing), ...samples.filter((sample) => sample.table.call !== table.call)];
}

function isEnumChange(change: Change): change is EnumChange {
  return 'enum' in change;
}

function applyChange(changing: ChangeContext, change: Change): void {
  const { drafts } = changing;
  switch (change.kind) {
    case 'create-table':
      return createTable(changing, change);
    case 'rename-table':
      return renameTable(changing, change);
    case 'drop-table':
      return dropTable(changing, change);
    case 'comment':
      return commentTable(changing, change);
    case 'add-column':
      return addColumn(changing, change);
    case 'alter-column':
      return alterColumn(changing, change);
    case 'drop-column':
      return dropColumn(changing, change);
    case 'rename-column':
      return renameColumn(changing, change);
    case 'set-primary-key':
      return setPrimaryKey(drafts.open(change.table), change.primaryKey);
    case 'add-unique':
      return addUnique(changing, drafts.open(change.table), change.unique);
    case 'drop-unique':
      return dropUnique(drafts.open(change.table), change.unique);
    case 'add-index':
      return addIndex(drafts.open(change.table), change.index);
    case 'drop-index':
      return dropIndex(drafts.open(change.table), change.index);
    case 'add-foreign-key':
      return addForeignKey(changing, drafts.open(change.table), change.foreignKey);
    case 'alter-foreign-key':
      return alterForeignKey(drafts.open(change.table), change.foreignKey, change);
    case 'drop-foreign-key':
      return dropForeignKey(drafts.open(change.table), change.foreignKey);
    case 'add-check':
      return addCheck(drafts.open(change.table), change.check);
    case 'drop-check':
      return dropCheck(drafts.open(change.table), change.check);
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'raw-sql':
      return;
    default:
      change satisfies never;
  }
}
