import type { Editing } from './editing.ts';
import { insertItem, removeItems } from '../list-edit.ts';
import type { ForeignKeyRef, TableRef } from './model.ts';
import {
  type HelperAccess,
  readRelations,
  type RelationEntry,
  type RelationsBlock,
} from './relations-model.ts';
import {
  blockText,
  blockVariable,
  entryText,
  inverseKey,
  type NewEntry,
  oneKey,
  qualifiedKey,
} from './relations-text.ts';
import { insertAfterLine } from '../text-edit.ts';
import { endOfRelationsGroup, relationsFileFor } from './relations-place.ts';
import { removeStatement } from '../statement-removal.ts';
import type { SchemaFile } from '../source-file.ts';

/**
 * What the changes mean for relations(). Tables to add are named as they will be, those to remove as the source
 * has them now.
 */
export type RelationRequest =
  | { readonly kind: 'add'; readonly foreignKey: ForeignKeyRef; readonly otherSide: 'one' | 'many' }
  | { readonly kind: 'remove-foreign-key'; readonly foreignKey: ForeignKeyRef }
  | { readonly kind: 'remove-table'; readonly table: TableRef };

type AddRequest = Extract<RelationRequest, { kind: 'add' }>;

/** What becomes of one block. */
interface BlockPlan {
  readonly block: RelationsBlock;
  readonly gone: Set<number>;
  readonly added: NewEntry[];
  isGone: boolean;
}

interface Planning {
  readonly editing: Editing;
  readonly plans: readonly BlockPlan[];
  /** Blocks to be written, by the table's variable. */
  readonly fresh: Map<string, { readonly table: TableRef; readonly entries: (path: string) => NewEntry[] }>;
}

/**
 * Follows all foreign keys and tables of a plan in the relations() blocks of the project: an entry on both sides,
 * a block for a table that has none yet, entries and blocks removed. Does nothing in a project without relations().
 * Call it once, after the tables' own texts: new blocks are appended behind them.
 */
export function editRelations(editing: Editing, requests: readonly RelationRequest[]): void {
  if (requests.length === 0) return;
  const blocks = editing.filesWith('relations').flatMap(readRelations);
  if (blocks.length === 0) return;
  const planning: Planning = {
    editing,
    plans: blocks.map((block) => ({ block, gone: new Set(), added: [], isGone: false })),
    fresh: new Map(),
  };
  for (const request of requests) if (request.kind !== 'add') planRemoval(planning, request);
  for (const group of bySides(requests)) planAddition(planning, group);
  for (const plan of planning.plans) writePlan(editing, plan);
  for (const { table, entries } of planning.fresh.values()) writeBlock(planning, table, entries);
}

function planRemoval({ editing, plans }: Planning, request: Exclude<RelationRequest, AddRequest>): void {
  for (const plan of plans) {
    const { block } = plan;
    if (request.kind === 'remove-table') {
      if (isTable(editing, block.file, block.table, request.table)) plan.isGone = true;
      markGone(plan, (entry) => isTable(editing, block.file, entry.target, request.table));
    } else {
      removeForeignKey(editing, plans, plan, request.foreignKey);
    }
  }
}

function removeForeignKey(
  editing: Editing,
  plans: readonly BlockPlan[],
  plan: BlockPlan,
  { table, keys, target }: ForeignKeyRef,
): void {
  const { block } = plan;
  if (isTable(editing, block.file, block.table, table)) {
    markGone(
      plan,
      (entry) => isSameList(entry.fields, keys) && isTable(editing, block.file, entry.target, target),
    );
  } else if (isTable(editing, block.file, block.table, target)) {
    const name = plans.flatMap((other) => ownEntry(editing, other, table, keys)).at(0)?.relationName;
    markGone(
      plan,
      (entry) =>
        entry.fields.length === 0 &&
        entry.relationName === name &&
        isTable(editing, block.file, entry.target, table),
    );
  }
}

function ownEntry(
  editing: Editing,
  { block }: BlockPlan,
  table: TableRef,
  keys: readonly string[],
): RelationEntry[] {
  if (!isTable(editing, block.file, block.table, table)) return [];
  return block.entries.filter((entry) => isSameList(entry.fields, keys));
}

function markGone(plan: BlockPlan, matches: (entry: RelationEntry) => boolean): void {
  plan.block.entries.forEach((entry, index) => {
    if (matches(entry)) plan.gone.add(index);
  });
}

/** Requests between the same two tables go together, whichever refers to which: more than one need names. */
function bySides(requests: readonly RelationRequest[]): readonly (readonly AddRequest[])[] {
  const groups = new Map<string, AddRequest[]>();
  for (const request of requests) {
    if (request.kind !== 'add') continue;
    const { table, target } = request.foreignKey;
    const sides = [table, target].map(({ path, variable }) => JSON.stringify([path, variable]));
    const key = sides.toSorted().join();
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()];
}

function planAddition(planning: Planning, group: readonly AddRequest[]): void {
  const [first] = group;
  if (first === undefined) return;
  const { table, target } = first.foreignKey;
  if (
    isAmbiguous(planning, planFor(planning, table), target) ||
    isAmbiguous(planning, planFor(planning, target), table)
  )
    return noticeAmbiguous(planning, first);
  for (const request of group) addBothSides(planning, request, group.length > 1);
}

/** drizzle refuses two unnamed relations between the same tables, the existing one included. */
function isAmbiguous({ editing }: Planning, plan: BlockPlan | undefined, table: TableRef): boolean {
  if (plan === undefined) return false;
  return plan.block.entries.some(
    (entry, index) => !plan.gone.has(index) && isTable(editing, plan.block.file, entry.target, table),
  );
}

function noticeAmbiguous({ editing }: Planning, { foreignKey }: AddRequest): void {
  const { table, target } = foreignKey;
  editing.notice({
    severity: 'warning',
    rule: 'relations-not-written',
    message: `relations() between ${table.variable} and ${target.variable} exist already; a second one needs a relationName on both sides. Write the relation for ${foreignKey.keys.join(', ')} by hand.`,
    file: table.path,
  });
}

function addBothSides(planning: Planning, { foreignKey, otherSide }: AddRequest, isNamed: boolean): void {
  const { table, keys, target } = foreignKey;
  const own = planFor(planning, table);
  const other = isSameTable(table, target) ? undefined : planFor(planning, target);
  const key = oneKey(keys, target.variable);
  const relationName = isNamed ? `${table.variable}_${key}` : undefined;
  const entryIn = (path: string): NewEntry => oneEntry(planning.editing, path, foreignKey, key, relationName);
  if (own !== undefined) own.added.push(entryIn(own.block.file.path));
  else addFresh(planning, table, entryIn);
  if (other === undefined) return;
  const inverse = inverseKey(table.variable, otherSide, [
    ...other.block.entries,
    ...planning.plans.flatMap((plan) => plan.block.entries),
  ]);
  other.added.push({
    key: isNamed ? qualifiedKey(key, inverse) : inverse,
    kind: otherSide,
    target: tableName(planning.editing, other.block.file.path, table),
    fields: [],
    references: [],
    relationName,
  });
}

function oneEntry(
  editing: Editing,
  path: string,
  { table, keys, target, targetKeys }: ForeignKeyRef,
  key: string,
  relationName: string | undefined,
): NewEntry {
  const [from, to] = [tableName(editing, path, table), tableName(editing, path, target)];
  return {
    key: keys.includes(key) ? `${key}Relation` : key,
    kind: 'one',
    target: to,
    fields: keys.map((column) => `${from}.${column}`),
    references: targetKeys.map((column) => `${to}.${column}`),
    relationName,
  };
}

function addFresh({ fresh }: Planning, table: TableRef, entry: (path: string) => NewEntry): void {
  const id = `${table.path}#${table.variable}`;
  const before = fresh.get(id)?.entries ?? (() => []);
  fresh.set(id, { table, entries: (path) => [...before(path), entry(path)] });
}

function writeBlock(
  { editing, plans }: Planning,
  table: TableRef,
  entries: (path: string) => NewEntry[],
): void {
  const place = relationsFileFor(
    table,
    plans.map((plan) => plan.block),
  );
  const { like, path } = place;
  const callee = editing.needImport(path, { from: { module: 'drizzle-orm' }, name: 'relations' });
  const names = {
    variable: blockVariable(table.variable, like),
    table: tableName(editing, path, table),
    callee,
  };
  const layout = { config: configLayout(like, plans), style: editing.style(path) };
  editing.register(path, { values: [names.variable], types: [] });
  const helpers = like.helpers.kind === 'parameter' ? like.helpers.name : undefined;
  const text = blockText(names, entries(path), layout, helpers);
  const { file } = like;
  const isWhole = plans.every((plan) => plan.block.file.path !== path || !isRemoved(plan));
  const end =
    file.path === path && isWhole
      ? endOfRelationsGroup(
          file,
          plans.map(({ block }) => block),
        )
      : undefined;
  if (end === undefined) return editing.append(path, text);
  const { eol } = layout.style;
  editing.edit(path, insertAfterLine(file.text, end, eol + eol + text));
}

function configLayout(block: RelationsBlock, plans: readonly BlockPlan[]): 'broken' | 'one-line' {
  const configured = [...block.entries, ...plans.flatMap((plan) => plan.block.entries)].find(
    (entry) => entry.hasConfig,
  );
  return configured === undefined || configured.isBroken ? 'broken' : 'one-line';
}

/** Its table is gone, or all of its entries. */
function isRemoved({ block, isGone, gone, added }: BlockPlan): boolean {
  return isGone || (gone.size > 0 && gone.size === block.entries.length && added.length === 0);
}

function writePlan(editing: Editing, plan: BlockPlan): void {
  const { block, gone, added } = plan;
  const { path, text } = block.file;
  if (isRemoved(plan)) {
    editing.unregister(path, { values: [block.variable], types: [] }, { isEmpty: false });
    return editing.edit(path, removeStatement(text, block.statement));
  }
  if (gone.size + added.length === 0) return;
  writeEntries(editing, plan);
  writeHelpers(editing, plan);
}

/** An added entry takes the place of a removed one where there is one, so that no two edits meet at a comma. */
function writeEntries(editing: Editing, { block, gone, added }: BlockPlan): void {
  const { path, text } = block.file;
  const style = editing.style(path);
  const layout = {
    helperPrefix: block.helpers.kind === 'parameter' ? `${block.helpers.name}.` : '',
    indent: entryIndent(block, style.indent),
    config: configLayout(block, []),
    style,
  };
  const texts = added.map((entry) => entryText(entry, layout));
  const replaced = [...gone].slice(0, texts.length);
  replaced.forEach((index, order) => editing.edit(path, { ...spanOf(block, index), text: texts[order]! }));
  for (const edit of removeItems(text, block.list, [...gone].slice(texts.length))) editing.edit(path, edit);
  const rest = texts.slice(replaced.length);
  if (block.list.items.length > 0) {
    for (const item of rest)
      editing.edit(path, insertItem(text, block.list, block.list.items.length, item, style.eol));
  } else if (rest.length > 0) {
    const lines = rest.map((item) => `${style.eol}${style.indent}${item}`).join(',');
    editing.edit(path, {
      start: block.list.open + 1,
      end: block.list.close,
      text: `${lines}${style.trailingComma}${style.eol}`,
    });
  }
}

function spanOf(block: RelationsBlock, index: number): { start: number; end: number } {
  const { start, end } = block.entries[index]!;
  return { start, end };
}

/** The indent of the entries; undefined when they share a line. */
function entryIndent({ file, entries }: RelationsBlock, indent: string): string | undefined {
  const [first] = entries;
  if (first === undefined) return indent;
  const before = file.text.slice(file.text.lastIndexOf('\n', first.start - 1) + 1, first.start);
  return before.trim() === '' ? before : undefined;
}

/** `({ one, many })` names what the entries use: what is new is added, what nothing uses any more is removed. */
function writeHelpers(editing: Editing, { block, gone, added }: BlockPlan): void {
  const { path, text } = block.file;
  const kept = block.entries.filter((_, index) => !gone.has(index));
  const used = new Set([...kept, ...added].map((entry) => entry.kind));
  const missing = (['one', 'many'] as const).filter(
    (kind) => added.some((entry) => entry.kind === kind) && !hasHelper(block.helpers, kind),
  );
  if (block.helpers.kind === 'none' && missing.length > 0)
    editing.edit(path, { ...block.helpers.parameters, text: `{ ${missing.join(', ')} }` });
  if (block.helpers.kind !== 'destructured') return;
  const { names } = block.helpers;
  for (const kind of missing)
    editing.edit(path, insertItem(text, names, names.items.length, kind, editing.style(path).eol));
  const idle = names.items.flatMap((item, index) =>
    wasUsed(block, item.name) && !used.has(item.name as 'one') ? [index] : [],
  );
  if (missing.length === 0) for (const edit of removeItems(text, names, idle)) editing.edit(path, edit);
}

function hasHelper(helpers: HelperAccess, kind: 'one' | 'many'): boolean {
  return (
    helpers.kind === 'parameter' ||
    (helpers.kind === 'destructured' && helpers.names.items.some((item) => item.name === kind))
  );
}

function wasUsed(block: RelationsBlock, helper: string): boolean {
  return block.entries.some((entry) => entry.kind === helper);
}

function planFor({ editing, plans }: Planning, table: TableRef): BlockPlan | undefined {
  return plans.find((plan) => !plan.isGone && isTable(editing, plan.block.file, plan.block.table, table));
}

/** Whether a name in a file means this table: declared there, imported from there, or imported through a barrel. */
function isTable(editing: Editing, file: SchemaFile, name: string, table: TableRef): boolean {
  const meant = origin(file, name);
  if (meant.name !== table.variable) return false;
  if (meant.path === table.path) return true;
  const declaring = meant.path === undefined ? undefined : editing.file(meant.path);
  return declaring === undefined || !new RegExp(`\\bconst ${meant.name}\\b`).test(declaring.text);
}

/** The name that a file means by `users`, `people` (imported as that) or `schema.users`, and where it is imported from. */
function origin(file: SchemaFile, written: string): { path: string | undefined; name: string } {
  const [namespace, member] = written.split('.');
  const whole = file.imports.find((line) => member !== undefined && line.namespace === namespace);
  if (whole !== undefined && member !== undefined) return { path: whole.path, name: member };
  for (const line of file.imports) {
    const item = line.names?.items.find((candidate) => candidate.alias === written);
    if (item !== undefined) return { path: line.path, name: item.name };
  }
  return { path: file.path, name: written };
}

function tableName(editing: Editing, path: string, table: TableRef): string {
  return editing.needImport(path, { from: { path: table.path }, name: table.variable });
}

function isSameTable(a: TableRef, b: TableRef): boolean {
  return a.path === b.path && a.variable === b.variable;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
