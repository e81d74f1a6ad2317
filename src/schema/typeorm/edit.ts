import type { Change } from '../../plan/change.ts';
import { isSameObject } from '../../plan/database-schema.ts';
import { toCase } from '../case.ts';
import { ts } from '../compiler.cjs';
import type { EditResult } from '../edit-result.ts';
import { applyChange, type ChangeContext, withoutId } from './apply-change.ts';
import { codeStyleOf, type Run } from './context.ts';
import { describeEntity } from './describe.ts';
import type { EntityDraft } from './draft.ts';
import { openDrafts } from './drafts.ts';
import { dropEntity, stillReferring } from './drop-entity.ts';
import type { TypeormEditInput } from './editing.ts';
import { openEntities } from './entities.ts';
import { openEnums } from './enums.ts';
import { followRenames } from './follow-renames.ts';
import { propertyCase, propertyFor } from './conventions.ts';
import { removeInverseSides, writeInverseSides } from './inverse.ts';
import { refuseCollisions } from './property-collisions.ts';
import { withLineFeeds } from '../line-ends.ts';
import { openRegistry, register, type Registry } from './register.ts';
import { relationName } from './relation-text.ts';
import { samplesNear } from './samples.ts';
import { openSources } from './sources.ts';
import { columnNamingOf } from './naming.ts';
import { createStore } from './store.ts';
import { tellDrops } from './tell-drops.ts';
import { tellSql } from './tell-sql.ts';
import { writeClass } from './write-class.ts';
import { draftNew, writeNew } from './write-new.ts';
import { writeNewSchema } from './write-new-schema.ts';
import { writeSchemaObject } from './write-schema-object.ts';

/**
 * Edits the entities of a TypeORM project: takes the sources, what TypeORM makes of them and the resolved changes, gives
 * each file's text before and after. Pure: nothing is read or written. `await loadSqlParser()` first.
 * Throws TableplanError `schema-not-editable` (with file, line and column) where the source has a form that text edits
 * cannot follow, and `plan-not-supported` for what TypeORM has no words for.
 */
export function editTypeormSchema(input: TypeormEditInput): EditResult {
  const { files: sources, restored } = withLineFeeds(input.sources);
  const result = editSources({ ...input, sources });
  return { ...result, edits: restored(result.edits) };
}

function editSources(input: TypeormEditInput): EditResult {
  const sources = openSources(input);
  const entities = openEntities({ input, sources });
  const naming = input.naming ?? columnNamingOf(entities);
  const store = createStore({ ...input, naming }, sources);
  const { editing } = store;
  const drafts = openDrafts(input, entities);
  const enums = openEnums(editing, entities, drafts);
  const run: Run = { editing, entities, drafts, enumRef: enums.find };
  const context = changeContext(run);
  for (const change of input.changes) applyChange(context, change);
  for (const draft of drafts.all.slice()) refuseCollisions(draft);
  enums.edit(input.changes.filter((change) => 'enum' in change));
  const registry = input.changes.some(isListed) ? openRegistry(run) : { lists: [], barrels: [] };
  for (const draft of drafts.all.slice()) if (!draft.isDropped) writeDraft(run, registry, draft);
  followRenames(run);
  tellDrops(run);
  tellSql(run);
  dropAll(run, registry);
  const edits = store.finish();
  return {
    edits,
    notices: [...store.notices, ...stillReferring(drafts.all, run, edits)],
    describe: (name) => describeEntity(name, run, edits),
  };
}

function isListed({ kind }: Change): boolean {
  return kind === 'create-table' || kind === 'drop-table';
}

function changeContext(run: Run): ChangeContext {
  const { drafts, editing, entities } = run;
  return {
    drafts,
    newDraft: (change) => draftNew(change, run),
    propertyFor: (draft, column) => {
      const near = samplesNear(draft.path, editing, entities).map(({ entity }) => entity);
      const known = near.length > 0 ? near : entities.all;
      const own = draft.entity === undefined ? [] : [draft.entity];
      return propertyFor(column, propertyCase([...own, ...known.filter((each) => each !== draft.entity)]));
    },
    relationFor: (draft, key, columns) => {
      const target = drafts.find(key.references);
      const bare = key.columns.length === 1 ? withoutId(key.columns[0]!) : undefined;
      const taken = takenNames(draft);
      // A column that the relation is to make alone gives its name up.
      const property = columns.length === 1 ? columns[0]!.property : undefined;
      const isFree =
        property !== undefined &&
        columns[0]!.column === undefined &&
        codeStyleOf(draft, run).relations.hasScalar === false;
      if (isFree) taken.delete(property);
      return relationName(bare && toCase(bare, 'camel'), target?.exported ?? key.references.name, taken);
    },
  };
}

function takenNames(draft: EntityDraft): Set<string> {
  return new Set([
    ...(draft.source?.kind === 'class' ? draft.source.members.map(({ name }) => name) : []),
    ...draft.columns.filter(({ isDropped }) => !isDropped).map(({ property }) => property),
    ...draft.relations.filter(({ isDropped }) => !isDropped).map(({ property }) => property),
  ]);
}

function writeDraft(run: Run, registry: Registry, draft: EntityDraft): void {
  const codeStyle = codeStyleOf(draft, run);
  if (draft.source === undefined) {
    if (draft.schema === undefined) writeNew(run, codeStyle, draft);
    else writeNewSchema(run, codeStyle, draft, draft.schema);
    register(run, registry, draft);
  } else if (draft.source.kind === 'class') writeClass(run, codeStyle, draft, draft.source);
  else writeSchemaObject(run, codeStyle, draft, draft.source);
  writeInverseSides(run, draft);
  removeInverseSides(run, draft);
}

function dropAll(run: Run, registry: Registry): void {
  const dropped = run.drafts.all.filter(({ isDropped, source }) => isDropped && source !== undefined);
  const places = dropped.length === 0 ? [] : run.entities.places();
  for (const draft of dropped) {
    const others = places.filter(
      ({ entity, path }) => path === draft.path && !dropped.some((each) => each.entity === entity),
    );
    const family = childrenOf(run, draft);
    dropEntity(
      run,
      registry,
      draft,
      others.length === family.filter(({ path }) => path === draft.path).length && isAlone(draft),
    );
    for (const child of family) dropEntity(run, registry, child, isAlone(child));
  }
}

/** Child entities of single-table inheritance, which go with their table. */
function childrenOf({ entities }: Run, draft: EntityDraft): readonly EntityDraft[] {
  return entities.all
    .filter((entity) => entity !== draft.entity && isSameObject(entity.table, draft.entity!.table))
    .flatMap((entity): EntityDraft[] => {
      const source = entities.find(entity);
      if (source === undefined) return [];
      const exported = source.kind === 'class' ? source.name : source.variable;
      return [{ ...draft, entity, source, path: source.file.path, exported }];
    });
}

/** Whether a file holds nothing beside its imports and the entity. */
function isAlone({ source }: EntityDraft): boolean {
  const statements = source?.file.ast.statements ?? [];
  return statements.filter((each) => !ts.isImportDeclaration(each)).length === 1;
}
