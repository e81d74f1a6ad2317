import { displayName } from '../../plan/database-schema.ts';
import { editColumn } from './column-edit.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { refuse } from './find.ts';
import { extrasConvention, type Sample } from './conventions.ts';
import { commentLine } from './layout.ts';
import { insertItem } from '../list-edit.ts';
import { patchList } from './list-patch.ts';
import { stringLiteral } from '../literals.ts';
import type { ColumnsModel, ExtrasModel, TableModel } from './model.ts';
import { startWithComments } from '../statement-removal.ts';
import { indentAt } from '../style.ts';
import {
  extrasType,
  newColumnText,
  newExtraText,
  referenceTarget,
  tableWriting,
  type TableWriting,
  useBuilder,
  useSql,
} from './table-writing.ts';
import { extrasArgument } from './write-new-table.ts';
import type { SchemaFile } from '../source-file.ts';

/** Writes what becomes of an existing table: edits inside its declaration, and nowhere else. */
export function writeTable(editing: Editing, draft: TableDraft, samples: readonly Sample[]): void {
  const { model, listed } = draft;
  if (model === undefined) return;
  writeName(editing, draft, model);
  writeComment(editing, draft, model);
  if (listed === undefined) return;
  const convention = extrasConvention(samples);
  const own = draft.extras === undefined || draft.extras === 'opaque' ? undefined : draft.extras;
  const owner = own?.parameter ?? freeParameter(convention.parameter, draft, model.file);
  const writing = tableWriting({ editing, draft, samples, builders: listed.builders, owner });
  writeColumns(writing, model, listed);
  writeExtras(writing, model, convention);
  writeBuilderNames(writing);
}

/** The parameter that the neighbours use, unless it would hide the table or a namespace. */
function freeParameter(usual: string, { variable }: TableDraft, { imports }: SchemaFile): string {
  return usual === variable || imports.some((each) => each.namespace === usual) ? 'table' : usual;
}

/** The literal holds the name without what a creator puts around it. */
function writeName(editing: Editing, draft: TableDraft, model: TableModel): void {
  if (draft.name.name === model.name || model.nameLiteral === undefined) return;
  const { prefix, suffix } =
    model.factory.kind === 'creator' ? model.factory.creator : { prefix: '', suffix: '' };
  const { name } = draft.name;
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) {
    throw refuse(
      draft,
      `${displayName(draft.name)} cannot be the name of a table made by ${model.callee}, which puts ${prefix || suffix} around it`,
      `Choose a name that begins with ${prefix}.`,
      model.nameLiteral.start,
    );
  }
  const text = stringLiteral(
    name.slice(prefix.length, name.length - suffix.length),
    editing.style(draft.path).quote,
  );
  editing.edit(draft.path, { ...model.nameLiteral, text: text.slice(1, -1) });
}

/** A comment that documents the table already is replaced; a line comment above it may be about anything and stays. */
function writeComment(editing: Editing, draft: TableDraft, model: TableModel): void {
  if (draft.comment === undefined) return;
  const { text } = model.file;
  const start = startWithComments(text, model.statement);
  const above = text.slice(start, model.statement.start);
  const { eol } = editing.style(draft.path);
  const isDocumented = /^\s*\/\*\*[\s\S]*\*\/\s*$/.test(above);
  const at = isDocumented ? start : model.statement.start;
  editing.edit(draft.path, { start: at, end: model.statement.start, text: commentLine(draft.comment) + eol });
}

function writeColumns(writing: TableWriting, model: TableModel, listed: ColumnsModel): void {
  const { draft, editing, style } = writing;
  const gone = draft.columns.flatMap((column) =>
    column.isDropped && column.origin.kind === 'listed' ? [column.origin.column.index] : [],
  );
  const added = draft.columns.filter((column) => column.origin.kind === 'new' && !column.isDropped);
  const indent = columnIndent(model.file, listed, style.indent);
  const items = added.map((column) => newColumnText(column, writing, indent));
  const patch = { gone, items, at: beforeTrailingSpreads(listed), style, width: writing.layout.width };
  if (gone.length + items.length > 0)
    for (const edit of patchList(model.file.text, listed.list, patch)) editing.edit(draft.path, edit);
  for (const column of draft.columns) if (!column.isDropped) writeColumn(writing, column, model.file);
}

/** New columns never come behind a spread that ends the list. */
function beforeTrailingSpreads({ list, spreads }: ColumnsModel): number {
  const indexes = new Set(spreads.map((spread) => spread.index));
  let at = list.items.length;
  while (indexes.has(at - 1)) at -= 1;
  return at;
}

function columnIndent(file: SchemaFile, { list }: ColumnsModel, unit: string): string {
  const last = list.items.at(-1);
  return last === undefined ? indentAt(file.text, list.open) + unit : indentAt(file.text, last.start);
}

function writeColumn(writing: TableWriting, column: ColumnDraft, file: SchemaFile): void {
  const { draft, editing } = writing;
  const edits = editColumn(column, {
    draft,
    file,
    style: writing.columnStyle,
    names: writing.typeNames,
    casing: writing.casing,
    uses: (builder) => useBuilder(writing, column.def.type, builder),
    needsSql: () => void useSql(writing),
    target: (reference) => referenceTarget(writing, reference),
  });
  for (const edit of edits) editing.edit(draft.path, edit);
}

function writeExtras(
  writing: TableWriting,
  model: TableModel,
  convention: ReturnType<typeof extrasConvention>,
): void {
  const { draft } = writing;
  if (draft.addedExtras.length + draft.droppedExtras.size + draft.changedActions.size === 0) return;
  if (draft.extras === 'opaque') {
    throw refuse(
      draft,
      `the third argument of ${draft.variable} is not a callback that returns a list`,
      'Write it as `(table) => [ … ]` and run again.',
      model.call.arguments[2]?.getStart(model.file.ast),
    );
  }
  if (draft.extras === undefined) return insertArgument(writing, model, convention);
  const isEmptied =
    draft.droppedExtras.size === draft.extras.entries.length && draft.addedExtras.length === 0;
  if (isEmptied) return removeArgument(writing, model, draft.extras);
  writeActions(writing, draft.extras);
  if (draft.addedExtras.length + draft.droppedExtras.size > 0) patchExtras(writing, model, draft.extras);
}

/** `.onDelete(…)` and `.onUpdate(…)` of a foreign key in the third argument. */
function writeActions({ editing, draft, style }: TableWriting, extras: ExtrasModel): void {
  for (const [index, actions] of draft.changedActions) {
    const entry = extras.entries[index];
    if (entry?.chain === undefined || draft.droppedExtras.has(index)) continue;
    for (const method of ['onDelete', 'onUpdate'] as const) {
      const link = entry.chain.links.find((each) => each.name === method);
      const text =
        actions[method] === 'no action' ? '' : `.${method}(${stringLiteral(actions[method], style.quote)})`;
      if (link === undefined && text === '') continue;
      const gap =
        link === undefined
          ? ''
          : (/^\s*/.exec(draft.model!.file.text.slice(link.start, link.end))?.[0] ?? '');
      const end = (entry.chain.links.at(-1) ?? entry.chain.rootCall).end;
      editing.edit(draft.path, {
        start: link?.start ?? end,
        end: link?.end ?? end,
        text: text === '' ? '' : gap + text,
      });
    }
  }
}

/** `}, (table) => [ … ]` behind the columns, whose lines are not touched. */
function insertArgument(
  writing: TableWriting,
  model: TableModel,
  convention: ReturnType<typeof extrasConvention>,
): void {
  const { editing, draft, style } = writing;
  const { text } = model.file;
  const columns = model.call.arguments[1];
  const takesNone = model.factory.kind === 'creator' && model.factory.creator.wrapper?.takesExtras === false;
  if (columns === undefined || takesNone) {
    throw refuse(
      draft,
      `${model.callee}, which makes ${displayName(draft.name)}, takes no indexes and constraints`,
      `Let ${model.callee} take them as its third argument and give them to the table that it makes, then run again.`,
    );
  }
  const start = columns.getStart(model.file.ast);
  const base = indentAt(text, start);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const hasOwnLine = lineStart + base.length === start && lineStart > 0;
  const argument = extrasArgument(writing, convention, base);
  editing.edit(draft.path, {
    start: columns.end,
    end: columns.end,
    text: `,${hasOwnLine ? style.eol + base : ' '}${argument}`,
  });
}

function removeArgument({ editing, draft }: TableWriting, model: TableModel, extras: ExtrasModel): void {
  const columns = model.call.arguments[1];
  editing.edit(draft.path, {
    start: columns?.end ?? extras.argument.start,
    end: extras.argument.end,
    text: '',
  });
}

function patchExtras(writing: TableWriting, model: TableModel, extras: ExtrasModel): void {
  const { editing, draft, style } = writing;
  const { text } = model.file;
  const needsOwner = draft.addedExtras.some((spec) => spec.columns.length > 0 && spec.kind !== 'check');
  if (extras.parameter === undefined && needsOwner) addParameter(writing, extras);
  if (draft.extrasCloseCycle) addReturnType(writing, extras);
  const last = extras.entries.at(-1);
  const indent =
    last === undefined ? indentAt(text, extras.list.open) + style.indent : indentAt(text, last.start);
  const taken = new Set(
    extras.entries.flatMap((entry) => (draft.droppedExtras.has(entry.index) ? [] : (entry.key ?? []))),
  );
  const items = draft.addedExtras.map((spec) => {
    const item = newExtraText(spec, writing, { form: extras.form, indent, taken });
    if (extras.form === 'object') taken.add(item.slice(0, item.indexOf(':')));
    return item;
  });
  const patch = {
    gone: [...draft.droppedExtras],
    items,
    at: extras.entries.length,
    style,
    width: writing.layout.width,
  };
  for (const edit of patchList(text, extras.list, patch)) editing.edit(draft.path, edit);
}

/** `(t): PgTableExtraConfigValue[] => [ … ]`. */
function addReturnType(writing: TableWriting, { form, parameters, signature }: ExtrasModel): void {
  const { editing, draft } = writing;
  const text = `: ${extrasType(writing, form)}`;
  if (signature.isBare)
    editing.edit(draft.path, { start: parameters.start, end: parameters.start, text: '(' });
  editing.edit(draft.path, {
    start: signature.end,
    end: signature.end,
    text: `${signature.isBare ? ')' : ''}${text}`,
  });
}

/** `() => [ … ]` gets its parameter; one that is taken apart cannot take another name. */
function addParameter({ editing, draft, owner }: TableWriting, { parameters }: ExtrasModel): void {
  if (parameters.start === parameters.end) return editing.edit(draft.path, { ...parameters, text: owner });
  throw refuse(
    draft,
    `the callback of ${draft.variable} takes its parameter apart`,
    'Give it a name, as in `(table) => [ … ]`, and run again.',
    parameters.start,
  );
}

/** `({ integer }) => ({ … })` must name each builder that its columns now use. */
function writeBuilderNames({ editing, draft, builders, builderNames, style }: TableWriting): void {
  if (builders.kind !== 'destructured') return;
  const known = new Set(builders.names.items.map((item) => item.name));
  const missing = [...builderNames].filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const text = draft.model?.file.text ?? '';
  editing.edit(
    draft.path,
    insertItem(text, builders.names, builders.names.items.length, missing.join(', '), style.eol),
  );
}
