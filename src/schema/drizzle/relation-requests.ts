import { findTable, type DatabaseSchema } from '../../plan/database-schema.ts';
import { type AddedKey, type ColumnDraft, type DroppedKey, refOf, type TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import { linkNamed } from './find.ts';
import type { TableRef } from './model.ts';
import { readRelations } from './relations-model.ts';
import type { RelationRequest } from './relations.ts';
import type { SchemaFile } from '../source-file.ts';

/** What the drafts mean for relations(): keys that come, keys and columns that go, tables that go. */
export function relationRequests(editing: Editing, drafts: Drafts): RelationRequest[] {
  return drafts.all.flatMap((draft) => {
    if (draft.isDropped)
      return draft.model === undefined ? [] : [{ kind: 'remove-table' as const, table: sourceRef(draft) }];
    return [
      ...draft.droppedKeys.flatMap((key) => removal(drafts, draft, key)),
      ...columnRemovals(editing, draft),
      ...draft.addedKeys.map((key) => addition(draft, key, editing.input.before)),
    ];
  });
}

function addition(draft: TableDraft, { columns, target }: AddedKey, before: DatabaseSchema): RelationRequest {
  const foreignKey = {
    table: refOf(draft),
    keys: columns.map((column) => column.key),
    target: refOf(target.table),
    targetKeys: target.columns.map((column) => column.key),
  };
  return { kind: 'add', foreignKey, otherSide: isUnique(draft, columns, before) ? 'one' : 'many' };
}

/** One row on the other side at most: the key's columns are unique, or are the primary key. */
function isUnique(draft: TableDraft, columns: readonly ColumnDraft[], before: DatabaseSchema): boolean {
  const names = columns.map((column) => column.before.name);
  const facts = draft.model && findTable(before, draft.model);
  const known = [
    facts?.primaryKey?.columns,
    ...(facts?.uniques ?? []).map((unique) => unique.columns),
    ...(facts?.indexes ?? [])
      .filter((index) => index.unique && index.where === undefined)
      .map((index) => index.columns.map((column) => column.expression)),
  ];
  const added = draft.addedExtras.flatMap((spec) =>
    spec.kind === 'unique' ||
    spec.kind === 'primaryKey' ||
    (spec.kind === 'index' && spec.index.unique && spec.index.where === undefined)
      ? [spec.columns.map((column) => column.before.name)]
      : [],
  );
  const [only] = columns;
  const isOnColumn =
    columns.length === 1 &&
    (only?.unique?.kind === 'add' ||
      only?.primaryKey === 'add' ||
      (only !== undefined && linkNamed(only, /^(unique|primaryKey)$/) !== undefined));
  return (
    isOnColumn ||
    [...known, ...added].some(
      (list) =>
        list !== undefined && list.length === names.length && list.every((name) => names.includes(name)),
    )
  );
}

function removal(drafts: Drafts, draft: TableDraft, key: DroppedKey): RelationRequest[] {
  const target =
    drafts.all.find(
      (each) => each.model?.name === key.target.name && each.model.schema === key.target.schema,
    ) ?? drafts.find(key.target);
  if (target?.model === undefined || draft.model === undefined) return [];
  return [
    {
      kind: 'remove-foreign-key',
      foreignKey: {
        table: sourceRef(draft),
        keys: key.columns.map(sourceKey),
        target: sourceRef(target),
        targetKeys: [...key.targetColumns],
      },
    },
  ];
}

/** Relations over a dropped column go, whether the database had a key for them or not. */
function columnRemovals(editing: Editing, draft: TableDraft): RelationRequest[] {
  const gone = new Set(draft.columns.filter((column) => column.isDropped).map(sourceKey));
  if (gone.size === 0 || draft.model === undefined) return [];
  const blocks = editing
    .filesWith('relations')
    .flatMap(readRelations)
    .filter((block) => block.table === draft.model?.variable);
  return blocks.flatMap((block) =>
    block.entries
      .filter((entry) => entry.fields.some((field) => gone.has(field)))
      .map((entry): RelationRequest => ({
        kind: 'remove-foreign-key',
        foreignKey: {
          table: sourceRef(draft),
          keys: entry.fields,
          target: targetIn(block.file, entry.target),
          targetKeys: entry.references,
        },
      })),
  );
}

function targetIn(file: SchemaFile, name: string): TableRef {
  const imported = file.imports.flatMap((each) =>
    (each.names?.items ?? [])
      .filter((item) => item.alias === name)
      .map((item) => ({ path: each.path, variable: item.name })),
  )[0];
  return { schema: 'public', name, path: imported?.path ?? file.path, variable: imported?.variable ?? name };
}

function sourceRef(draft: TableDraft): TableRef {
  const { model } = draft;
  return model === undefined
    ? refOf(draft)
    : { schema: model.schema, name: model.name, path: draft.path, variable: model.variable };
}

function sourceKey(column: ColumnDraft): string {
  return column.origin.kind === 'listed' ? column.origin.column.key : column.key;
}
