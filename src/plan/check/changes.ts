import { parseType } from '../../postgres/sql.ts';
import { readAction, readDefault, readFragment } from '../fragments.ts';
import type { ModifyTableDocument, PlanModifyColumn, PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import {
  checkCheck,
  checkExpression,
  checkForeignKey,
  checkIndex,
  checkUnique,
  foreignKeyFields,
  needFields,
  type TableContext,
} from './entries.ts';
import { needDistinct, needName } from './need.ts';
import { checkField, needTypeName } from './table.ts';

type Changes = ModifyTableDocument['changes'];

/** Throws PlanProblem for what a change plan gets wrong by itself: names, SQL, changes that undo each other. */
export function checkTableChanges(document: ModifyTableDocument, path: PlanPath): void {
  needName([...path, 'table_name'], document.table_name);
  const context = { table: document.table_name, schema: document.schema ?? 'public', columns: undefined };
  const { changes } = document;
  const at = [...path, 'changes'];
  if (Object.keys(changes).length === 0)
    throw new PlanProblem(at, 'changes is empty', { hint: 'It holds at least one entry.' });
  checkRenames(changes, at, document.table_name);
  changes.add_columns?.forEach((field, index) => checkField(field, [...at, 'add_columns', index], context));
  changes.modify_columns?.forEach((column, index) =>
    checkModifyColumn(column, [...at, 'modify_columns', index], context),
  );
  checkAdditions(changes, at, context);
  checkDrops(changes, at);
  refuseConflicts(changes, at);
}

function checkRenames(changes: Changes, at: PlanPath, table: string): void {
  needName([...at, 'rename_table'], changes.rename_table);
  if (changes.rename_table === table)
    throw new PlanProblem([...at, 'rename_table'], `"${table}" is renamed to itself`);
  for (const [index, { from, to }] of (changes.rename_columns ?? []).entries()) {
    const path = [...at, 'rename_columns', index];
    needName([...path, 'from'], from);
    needName([...path, 'to'], to);
    if (from === to) throw new PlanProblem([...path, 'to'], `"${from}" is renamed to itself`);
  }
}

function checkModifyColumn(column: PlanModifyColumn, path: PlanPath, context: TableContext): void {
  needName([...path, 'name'], column.name);
  needName([...path, 'rename_to'], column.rename_to);
  for (const key of ['old_type', 'new_type'] as const) checkType(column[key], [...path, key]);
  checkExpression([...path, 'using'], column.using, context);
  if (column.default !== undefined) readDefault(column.default, [...path, 'default']);
  refuseIncomplete(column, path);
}

function checkType(type: string | undefined, path: PlanPath): void {
  if (type === undefined) return;
  const read = readFragment(path, type, parseType);
  needTypeName(path, read.text);
  if (path.at(-1) === 'new_type' && /^(small|big)?serial$/.test(read.name)) {
    throw new PlanProblem(path, `a column cannot be changed to ${read.name}`, {
      hint: 'Only a new column can be serial. Change it to an integer type and give it a default.',
    });
  }
}

function refuseIncomplete(column: PlanModifyColumn, path: PlanPath): void {
  const { name: _name, old_type: _old, ...rest } = column;
  if (Object.keys(rest).length === 0) {
    throw new PlanProblem(path, `nothing changes in "${column.name}"`, {
      hint: 'Give it new_type, nullable, default, drop_default or rename_to.',
    });
  }
  if (column.using !== undefined && column.new_type === undefined) {
    throw new PlanProblem(path, 'using without new_type', {
      key: 'using',
      hint: 'It says how the old values become the new type.',
    });
  }
  if (column.default !== undefined && column.drop_default === true) {
    throw new PlanProblem(path, 'default and drop_default together', {
      key: 'drop_default',
      hint: 'Write one of them.',
    });
  }
  if (column.rename_to === column.name)
    throw new PlanProblem([...path, 'rename_to'], `"${column.name}" is renamed to itself`);
}

function checkAdditions(changes: Changes, at: PlanPath, context: TableContext): void {
  changes.add_indexes?.forEach((index, i) => checkIndex(index, [...at, 'add_indexes', i], context));
  changes.add_foreign_keys?.forEach((key, i) =>
    checkForeignKey(key, [...at, 'add_foreign_keys', i], context),
  );
  changes.add_unique?.forEach((unique, i) => checkUnique(unique, [...at, 'add_unique', i], context));
  changes.add_checks?.forEach((check, i) => checkCheck(check, [...at, 'add_checks', i], context));
  changes.modify_foreign_keys?.forEach((key, i) =>
    checkModifyForeignKey(key, [...at, 'modify_foreign_keys', i]),
  );
  needFields([...at, 'primary_key'], changes.primary_key, context);
}

function checkModifyForeignKey(
  key: NonNullable<Changes['modify_foreign_keys']>[number],
  path: PlanPath,
): void {
  if ((key.name === undefined) === (key.field === undefined)) {
    const both = key.name !== undefined;
    throw new PlanProblem(path, both ? 'name and field together' : 'name or field is missing', {
      key: both ? 'field' : undefined,
      hint: 'Say which foreign key by one of them.',
    });
  }
  needName([...path, 'name'], key.name);
  needName([...path, 'field'], key.field);
  readAction(key.on_delete, [...path, 'on_delete']);
  readAction(key.on_update, [...path, 'on_update']);
  if (key.on_delete === undefined && key.on_update === undefined) {
    throw new PlanProblem(path, 'nothing changes in this foreign key', {
      hint: 'Give it on_delete or on_update.',
    });
  }
}

const DROPS = ['drop_columns', 'drop_indexes', 'drop_foreign_keys', 'drop_unique', 'drop_checks'] as const;

function checkDrops(changes: Changes, at: PlanPath): void {
  for (const key of DROPS) {
    changes[key]?.forEach((name, index) => needName([...at, key, index], name));
    needDistinct([...at, key], changes[key] ?? [], 'the name');
  }
}

/** What a plan wants of one column, by the name that it has before (or, when added, from then on). */
interface Wish {
  readonly column: string;
  readonly verb: 'renamed' | 'modified' | 'dropped' | 'added';
  readonly path: PlanPath;
}

function refuseConflicts(changes: Changes, at: PlanPath): void {
  const wishes = wishesOf(changes, at);
  const seen = new Map<string, Wish>();
  for (const wish of wishes) {
    const before = seen.get(wish.column);
    if (before && !canFollow(before, wish)) {
      throw new PlanProblem(
        wish.path,
        `column "${wish.column}" is both ${before.verb} and ${wish.verb}`.replace(
          /both (\w+) and \1/,
          '$1 twice',
        ),
      );
    }
    seen.set(wish.column, wish);
  }
  refuseTakenNames(changes, at);
  refuseUseOfDropped(changes, at);
}

/** A column may be renamed in one entry and otherwise modified in another, under its old name. */
function canFollow(before: Wish, wish: Wish): boolean {
  return before.verb === 'renamed' && wish.verb === 'modified' && wish.path.at(-1) !== 'rename_to';
}

function wishesOf(changes: Changes, at: PlanPath): Wish[] {
  return [
    ...(changes.rename_columns ?? []).map(({ from }, i) => ({
      column: from,
      verb: 'renamed' as const,
      path: [...at, 'rename_columns', i, 'from'],
    })),
    ...(changes.modify_columns ?? []).map(({ name, rename_to }, i) => ({
      column: name,
      verb: 'modified' as const,
      path: [...at, 'modify_columns', i, rename_to === undefined ? 'name' : 'rename_to'],
    })),
    ...(changes.drop_columns ?? []).map((column, i) => ({
      column,
      verb: 'dropped' as const,
      path: [...at, 'drop_columns', i],
    })),
  ];
}

/** A name can be given to one column only, and not to one that is dropped in the same breath. */
function refuseTakenNames(changes: Changes, at: PlanPath): void {
  const given = [
    ...(changes.rename_columns ?? []).map(({ to }, i) => ({
      name: to,
      path: [...at, 'rename_columns', i, 'to'],
    })),
    ...(changes.modify_columns ?? []).flatMap(({ rename_to }, i) =>
      rename_to === undefined ? [] : [{ name: rename_to, path: [...at, 'modify_columns', i, 'rename_to'] }],
    ),
    ...(changes.add_columns ?? []).map(({ name }, i) => ({ name, path: [...at, 'add_columns', i, 'name'] })),
  ];
  const taken = new Set(changes.drop_columns ?? []);
  for (const { name, path } of given) {
    if (changes.drop_columns?.includes(name)) {
      throw new PlanProblem(path, `column "${name}" is both dropped and made anew`, {
        hint: 'To keep its rows, modify it; else drop it in a plan of its own.',
      });
    }
    if (taken.has(name)) throw new PlanProblem(path, `column "${name}" is made twice`);
    taken.add(name);
  }
}

function refuseUseOfDropped(changes: Changes, at: PlanPath): void {
  const dropped = new Set(changes.drop_columns ?? []);
  const uses = [
    ...(changes.add_indexes ?? []).map((index, i) => ({
      fields: [...(index.fields ?? []), ...(index.include ?? [])],
      path: [...at, 'add_indexes', i],
    })),
    ...(changes.add_foreign_keys ?? []).map((key, i) => ({
      fields: foreignKeyFields(key),
      path: [...at, 'add_foreign_keys', i],
    })),
    ...(changes.add_unique ?? []).map((unique, i) => ({
      fields: unique.fields,
      path: [...at, 'add_unique', i],
    })),
    { fields: changes.primary_key ?? [], path: [...at, 'primary_key'] },
  ];
  for (const { fields, path } of uses) {
    const gone = fields.find((field) => dropped.has(field));
    if (gone !== undefined) throw new PlanProblem(path, `column "${gone}" is dropped in the same plan`);
  }
}
