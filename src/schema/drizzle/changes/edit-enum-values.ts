import type { Change } from '../../../plan/change.ts';
import { displayName } from '../../../plan/database-schema.ts';
import type { Editing } from '../editing.ts';
import { defaultsOf, sqlMentions } from '../enum-uses.ts';
import { findEnumModel, indexOfValue, valuesOf } from '../enum-values.ts';
import { insertItem, removeItems } from '../../list-edit.ts';
import { type Quote, stringLiteral } from '../../literals.ts';
import type { EnumModel, EnumValues } from '../model.ts';
import { indentAt } from '../../style.ts';
import { locate, notEditable } from '../../parse.ts';

export type EnumValueChange = Extract<
  Change,
  { kind: 'add-enum-value' | 'rename-enum-value' | 'drop-enum-value' }
>;

/** A value of the list as it will be: an item of the source (perhaps renamed) or a new one. */
interface Slot {
  value: string;
  readonly item: number | undefined;
}

/**
 * Follows all changes of one enum's values, in their order: a place named by a change may be a value that an earlier
 * one made. Defaults follow a renamed value; SQL texts that mention it are reported.
 * Throws `schema-not-editable` when a dropped value still is the default of a column.
 */
export function editEnumValues(editing: Editing, changes: readonly EnumValueChange[]): void {
  const [first] = changes;
  if (first === undefined) return;
  const model = findEnumModel(editing, first.enum);
  const slots: Slot[] = valuesOf(model).items.map(({ value }, item) => ({ value, item }));
  for (const change of changes) applyChange(editing, model, slots, change);
  renameItems(editing, model, slots);
  writeList(editing, model, slots);
}

function applyChange(editing: Editing, model: EnumModel, slots: Slot[], change: EnumValueChange): void {
  switch (change.kind) {
    case 'add-enum-value': {
      const neighbour = change.before ?? change.after;
      const at =
        neighbour === undefined
          ? slots.length
          : slotOf(model, slots, neighbour) + (change.before === undefined ? 1 : 0);
      slots.splice(at, 0, { value: change.value, item: undefined });
      return;
    }
    case 'rename-enum-value':
      slots[slotOf(model, slots, change.from)]!.value = change.to;
      return;
    case 'drop-enum-value':
      refuseDefault(editing, model, change.value);
      slots.splice(slotOf(model, slots, change.value), 1);
  }
}

function slotOf(model: EnumModel, slots: readonly Slot[], value: string): number {
  const at = slots.findIndex((slot) => slot.value === value);
  return at === -1 ? indexOfValue(model, value) : at;
}

/** A plan that also changes columns has been checked by the resolver against the schema as it will be. */
function refuseDefault(editing: Editing, model: EnumModel, value: string): void {
  const isChanged = editing.input.changes.some((change) =>
    ['drop-column', 'drop-table', 'alter-column'].includes(change.kind),
  );
  const use = isChanged ? undefined : defaultsOf(editing, model, value)[0];
  if (use === undefined) return;
  throw notEditable(
    `'${value}' is dropped from ${displayName(model)} and still is the default of a column`,
    { file: use.file, offset: use.start },
    'Change or drop that default too (modify_columns: default or drop_default).',
  );
}

function renameItems(editing: Editing, model: EnumModel, slots: readonly Slot[]): void {
  for (const { item: index, value } of slots) {
    const item = index === undefined ? undefined : valuesOf(model).items[index];
    if (item === undefined || item.value === value) continue;
    for (const { file, start, end } of [
      { file: model.file, ...item },
      ...defaultsOf(editing, model, item.value),
    ]) {
      editing.edit(file.path, { start, end, text: stringLiteral(value, file.text[start] as Quote) });
    }
    reportSql(editing, model, item.value, value);
  }
}

function reportSql(editing: Editing, model: EnumModel, from: string, to: string): void {
  for (const { file, offset } of sqlMentions(editing, model, from)) {
    editing.notice({
      severity: 'warning',
      rule: 'enum-value-in-sql',
      message: `an SQL text mentions '${from}', which ${displayName(model)} calls '${to}' now; check it by hand`,
      file: file.path,
      line: locate(file.text, offset).line,
    });
  }
}

function writeList(editing: Editing, model: EnumModel, slots: readonly Slot[]): void {
  const { path, text } = model.file;
  const values = valuesOf(model);
  const { eol } = editing.style(path);
  const kept = new Set(slots.map((slot) => slot.item));
  const dropped = values.items.flatMap((_, index) => (kept.has(index) ? [] : [index]));
  const added = slots.filter((slot) => slot.item === undefined);
  if (dropped.length > 0 && added.length > 0) return rewriteList(editing, model, slots);
  for (const edit of removeItems(text, values, dropped)) editing.edit(path, edit);
  for (const slot of added) {
    editing.edit(
      path,
      insertItem(
        text,
        values,
        insertionIndex(slots, slot, values),
        stringLiteral(slot.value, quoteOf(editing, model)),
        eol,
      ),
    );
  }
}

/** The source's item that a new value stands before; several before one item keep their order. */
function insertionIndex(slots: readonly Slot[], slot: Slot, values: EnumValues): number {
  const next = slots.slice(slots.indexOf(slot)).find((each) => each.item !== undefined);
  return next?.item ?? values.items.length;
}

/** Values that come and values that go would meet at the same commas: the whole list is written again. */
function rewriteList(editing: Editing, model: EnumModel, slots: readonly Slot[]): void {
  const { path, text } = model.file;
  const { open, close, items } = valuesOf(model);
  const quote = quoteOf(editing, model);
  const written = slots.map((slot) =>
    slot.item === undefined
      ? stringLiteral(slot.value, quote)
      : text.slice(items[slot.item]!.start, items[slot.item]!.end),
  );
  const { eol, trailingComma } = editing.style(path);
  const isBroken = text.slice(open, close).includes('\n');
  const indent = isBroken ? indentAt(text, items[0]!.start) : '';
  const inner = isBroken
    ? `${written.map((value) => eol + indent + value).join(',')}${trailingComma}${eol}${indentAt(text, close)}`
    : written.join(', ');
  editing.edit(path, { start: open + 1, end: close, text: inner });
}

function quoteOf(editing: Editing, model: EnumModel): Quote {
  const first = valuesOf(model).items[0];
  return first === undefined ? editing.style(model.file.path).quote : (model.file.text[first.start] as Quote);
}
