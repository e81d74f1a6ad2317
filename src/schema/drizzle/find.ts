import { ts } from '../compiler.cjs';
import { displayName } from '../../plan/database-schema.ts';
import { literalText } from './chain.ts';
import { type ColumnDraft, declarationSpan, type TableDraft } from './draft.ts';
import type { CallChain, ChainLink, ExtraModel } from './model.ts';
import { notEditable } from '../parse.ts';
import { keysUsed } from './read-extras.ts';

/** The column of a draft with this name in the database. Throws `schema-not-editable` when the source does not show it. */
export function columnIn(draft: TableDraft, name: string): ColumnDraft {
  const found = draft.columns.find((column) => !column.isDropped && column.def.name === name);
  if (found !== undefined) return found;
  throw refuse(
    draft,
    `the column ${name} of ${displayName(draft.name)} was not found in its declaration`,
    'It may come from a spread or a helper function that cannot be followed. Write it out in the table and run again.',
  );
}

/** The columns of a draft, or undefined as soon as one of them is not shown by the source. */
export function columnsIn(draft: TableDraft, names: readonly string[]): readonly ColumnDraft[] {
  return names.map((name) => columnIn(draft, name));
}

/** The same, for a column that is to be changed itself: it must stand in the table's own list. */
export function editableColumn(draft: TableDraft, name: string): ColumnDraft {
  const column = columnIn(draft, name);
  if (column.origin.kind !== 'spread') return column;
  throw refuse(
    draft,
    `the column ${name} of ${displayName(draft.name)} comes from a spread that other tables may share`,
    `Write ${column.key} out in ${draft.variable} (behind the spread it wins) and run again.`,
  );
}

/** The call chain of a column of the source; throws when the column is a shorthand or something that text cannot change. */
export function chainOf(draft: TableDraft, column: ColumnDraft): CallChain {
  const chain = column.origin.kind === 'listed' ? column.origin.column.chain : undefined;
  if (chain !== undefined) return chain;
  const at = column.origin.kind === 'listed' ? column.origin.column.start : declarationSpan(draft).start;
  throw refuse(
    draft,
    `the column ${column.before.name} of ${displayName(draft.name)} is not written as a chain of calls`,
    'Write the column out with its builder, as in `name: text().notNull()`, and run again.',
    at,
  );
}

/** A link of a chain by its name. */
export function linkNamed(column: ColumnDraft, names: RegExp): ChainLink | undefined {
  if (column.origin.kind !== 'listed') return undefined;
  return column.origin.column.chain?.links.find((link) => names.test(link.name));
}

/** Refuses to edit, pointing into the declaration of the table. */
export function refuse(draft: TableDraft, message: string, hint: string, offset?: number): Error {
  const file = draft.model?.file ?? { path: draft.path, text: '' };
  return notEditable(message, { file, offset: offset ?? declarationSpan(draft).start }, hint);
}

/** Entries of the third argument that are still there. */
export function liveExtras(draft: TableDraft): readonly ExtraModel[] {
  if (draft.extras === undefined || draft.extras === 'opaque') return [];
  return draft.extras.entries.filter((entry) => !draft.droppedExtras.has(entry.index));
}

/** The name that an entry gives to its object: the first argument, or `name` of its options. */
export function nameOfExtra(entry: ExtraModel): string | undefined {
  const [first] = entry.chain?.rootCall.arguments ?? [];
  const written = literalText(first);
  if (written !== undefined || first === undefined || !ts.isObjectLiteralExpression(first)) return written;
  return literalText(optionOf(first, 'name'));
}

/** The value of a key in an object literal. */
export function optionOf(object: ts.ObjectLiteralExpression, key: string): ts.Expression | undefined {
  const property = object.properties.find(
    (each) => ts.isPropertyAssignment(each) && ts.isIdentifier(each.name) && each.name.text === key,
  );
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** The keys of the table's columns that an entry names, in order. */
export function keysOfExtra(draft: TableDraft, entry: ExtraModel): string[] {
  if (entry.chain === undefined || draft.model === undefined) return [];
  const on = entry.chain.links.find((link) => /^(on|onOnly|using|columns)$/.test(link.name));
  const where = on ?? entry.chain.rootCall;
  return argumentsOf(where).flatMap((node) => keysUsed(node, owners(draft)));
}

/** Every key of the table's columns anywhere in an entry. */
export function allKeysOfExtra(draft: TableDraft, entry: ExtraModel): string[] {
  const calls =
    entry.chain === undefined ? [] : [entry.chain.rootCall, ...entry.chain.links.map((link) => link.call)];
  return calls.flatMap((call) => [...call.arguments].flatMap((node) => keysUsed(node, owners(draft))));
}

/** What stands for the table inside its third argument. */
export function owners(draft: TableDraft): ReadonlySet<string> {
  const parameter =
    draft.extras === undefined || draft.extras === 'opaque' ? undefined : draft.extras.parameter;
  return new Set([parameter, draft.model?.variable].filter((name) => name !== undefined));
}

function argumentsOf(where: ChainLink | ts.CallExpression): readonly ts.Node[] {
  return 'call' in where ? [...where.call.arguments] : [...where.arguments];
}
