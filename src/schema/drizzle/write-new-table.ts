import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { extrasConvention, type Sample } from './conventions.ts';
import { commentLine } from './layout.ts';
import { propertyKey, stringLiteral } from '../literals.ts';
import type { BuilderAccess, TableModel } from './model.ts';
import { newCompanions } from './new-companions.ts';
import { newTableFactory } from './new-table-factory.ts';
import { refOf } from './draft.ts';
import { importedBuilders } from './read-columns.ts';
import { sharedColumns } from './shared-columns.ts';
import { companionsOf } from './companions.ts';
import { tellPolicies } from './tell-policies.ts';
import {
  extrasType,
  newColumnText,
  newExtraText,
  tableWriting,
  type TableWriting,
  useCore,
} from './table-writing.ts';
import type { SchemaFile } from '../source-file.ts';
import { insertAfterLine } from '../text-edit.ts';

/** What else a new table needs to know of its surroundings. */
export interface NewTablePlace {
  readonly samples: readonly Sample[];
  /** The tables of the file that it goes into, in order. */
  readonly siblings: readonly TableModel[];
}

/** Writes a table that the plan makes, with its row types, into its file; the barrels are told. */
export function writeNewTable(editing: Editing, draft: TableDraft, place: NewTablePlace): void {
  const convention = extrasConvention(place.samples);
  const writing = tableWriting({
    editing,
    draft,
    samples: place.samples,
    builders: buildersFor(draft, place, editing),
    owner: convention.parameter === draft.variable ? 'table' : convention.parameter,
  });
  const statement = tableStatement(writing, place, convention);
  const keys = draft.columns.map((column) => column.key);
  const examples = place.samples.map(({ table }) => ({ source: table.file.ast, variable: table.variable }));
  const companions = newCompanions(editing, refOf(draft), keys, examples);
  const { eol } = writing.style;
  const comment = draft.comment === undefined ? '' : commentLine(draft.comment) + eol;
  const group = companions?.values.length === 0 ? typesBelow(place.siblings) : undefined;
  const below =
    companions === undefined || group ? '' : eol + gapBeforeCompanions(place, eol) + companions.text;
  insertTable(editing, draft, place, comment + statement + below);
  if (companions && group)
    editing.edit(
      draft.path,
      insertAfterLine(group.file.text, group.end, eol + (group.isSpaced ? eol : '') + companions.text),
    );
  tellPolicies(editing, draft, neighboursOf(place));
  editing.register(draft.path, {
    values: [draft.variable, ...(companions?.values ?? [])],
    types: companions?.types ?? [],
  });
}

/** The tables of its file; of the files around a new one. */
function neighboursOf({ samples, siblings }: NewTablePlace): readonly Sample[] {
  const own = samples.filter(({ table }) => siblings.some(({ call }) => call === table.call));
  return own.length > 0 ? own : samples;
}

/** The row types of a file that has them all below its last table; undefined where they stand with their tables. */
function typesBelow(
  siblings: readonly TableModel[],
): { readonly file: SchemaFile; readonly end: number; readonly isSpaced: boolean } | undefined {
  const [table] = siblings;
  if (!table) return undefined;
  const { file } = table;
  const types = siblings
    .flatMap(({ variable }) => companionsOf(file.ast, variable).map((type) => ({ ...type, variable })))
    .toSorted((a, b) => a.start - b.start);
  const [first, last] = [types[0], types.at(-1)];
  const lastTable = Math.max(...siblings.map(({ statement }) => statement.end));
  if (!first || !last || siblings.length < 2 || first.start < lastTable) return undefined;
  const next = types.findIndex(({ variable }) => variable !== first.variable);
  const between = next === -1 ? '' : file.text.slice(types[next - 1]!.end, types[next]!.start);
  // One table's types alone, right below it, are no group.
  return next === -1 ? undefined : { file, end: last.end, isSpaced: between.split('\n').length > 2 };
}

/** A blank line between a table and its types, unless the neighbours have none. */
function gapBeforeCompanions({ samples }: NewTablePlace, eol: string): string {
  const example = samples.find(({ table }) => companionsOf(table.file.ast, table.variable).length > 0)?.table;
  if (example === undefined) return eol;
  const first = companionsOf(example.file.ast, example.variable).find(
    (each) => each.start > example.statement.end,
  );
  const between = first === undefined ? '' : example.file.text.slice(example.statement.end, first.start);
  return between.trim() === '' && between.split('\n').length === 2 ? '' : eol;
}

/** Named builders, a namespace or a callback: as the neighbours do, as far as the file has it so. */
function buildersFor(draft: TableDraft, { samples }: NewTablePlace, editing: Editing): BuilderAccess {
  const file = editing.file(draft.path);
  const counts = samples.flatMap((sample) => sample.columns?.builders ?? []);
  const callback = counts.filter(
    (each) => each.kind === 'destructured' || (each.kind === 'prefix' && each.isCallback),
  );
  if (callback.length * 2 > counts.length) return callback[0]!;
  if (file !== undefined && file.imports.length > 0) return importedBuilders(file);
  return counts.find((each) => !callback.includes(each)) ?? { kind: 'named' };
}

function tableStatement(
  writing: TableWriting,
  place: NewTablePlace,
  convention: ReturnType<typeof extrasConvention>,
): string {
  const { draft, style } = writing;
  const { samples, siblings } = place;
  const tables = new Map(
    [...siblings, ...samples.map(({ table }) => table)].map((each) => [each.call, each]),
  );
  const factory = newTableFactory(writing.editing, draft, [...tables.values()], () =>
    useCore(writing, 'pgTable'),
  );
  const isExpanded = draft.addedExtras.length > 0 && layoutOf(place.samples) === 'expanded';
  const base = isExpanded ? style.indent : '';
  const columns = columnsText(writing, base, factory.added);
  const extras = extrasText(writing, convention, base);
  const head = `export const ${draft.variable} = ${factory.callee()}(`;
  const literal = stringLiteral(factory.name, style.quote);
  if (!isExpanded) return `${head}${[literal, columns, ...extras].join(', ')})${style.semicolon}`;
  const lines = [literal, columns, ...extras]
    .map((argument) => style.indent + argument)
    .join(`,${style.eol}`);
  return `${head}${style.eol}${lines}${lastComma(place.samples)}${style.eol})${style.semicolon}`;
}

/** Whether tables with a third argument have each argument on its own line, as prettier puts them. */
function layoutOf(samples: readonly Sample[]): 'expanded' | 'hugged' {
  const layouts = samples
    .filter((sample) => sample.extras !== undefined)
    .map(({ table }) => {
      const between = table.file.text.slice(
        table.call.expression.end,
        table.call.arguments[0]?.getStart(table.file.ast),
      );
      return between.includes('\n');
    });
  return layouts.length === 0 || layouts.filter(Boolean).length * 2 >= layouts.length ? 'expanded' : 'hugged';
}

function lastComma(samples: readonly Sample[]): ',' | '' {
  const endings = samples
    .filter((sample) => sample.extras !== undefined && layoutOf([sample]) === 'expanded')
    .map(({ table }) => {
      const last = table.call.arguments.at(-1)!;
      return table.file.text.slice(last.end, table.call.end).includes(',');
    });
  return endings.length === 0 || endings.filter(Boolean).length * 2 >= endings.length ? ',' : '';
}

function columnsText(writing: TableWriting, base: string, added: ReadonlySet<ColumnDraft>): string {
  const { style, builders, builderNames } = writing;
  const indent = base + style.indent;
  const lines = columnLines(writing, indent, added);
  const list = `${style.eol}${lines.join(`,${style.eol}`)}${style.trailingComma}${style.eol}${base}`;
  const object = `{${lines.length === 0 ? '' : list}}`;
  if (builders.kind === 'destructured')
    return `({ ${[...builderNames].toSorted().join(', ')} }) => (${object})`;
  if (builders.kind !== 'prefix' || !builders.isCallback) return object;
  const parameter = builders.prefix.slice(0, -1);
  return `${parameterText(parameter, style.arrowParens)} => (${object})`;
}

/** The columns in the plan's order; those that the neighbours share are written as they do it. */
function columnLines(writing: TableWriting, indent: string, added: ReadonlySet<ColumnDraft>): string[] {
  const { draft, editing, samples, builders, style } = writing;
  const columns = draft.columns.filter((column) => !added.has(column));
  const shared = sharedColumns(editing, { ...draft, columns }, { samples, builders });
  const isSpread = (column: ColumnDraft) => shared.spreads.some((each) => each.columns.has(column));
  const own = columns
    .filter((column) => !isSpread(column))
    .map((column) => {
      const value = shared.values.get(column);
      return value === undefined
        ? newColumnText(column, writing, indent)
        : `${propertyKey(column.key, style.quote)}: ${value.replaceAll('\n', style.eol + indent)}`;
    });
  const spreads = (isFirst: boolean) =>
    shared.spreads.filter((each) => each.isFirst === isFirst).map(({ text }) => text);
  return [...spreads(true), ...own, ...spreads(false)].map((line) => indent + line);
}

function parameterText(name: string, parens: 'always' | 'avoid'): string {
  return parens === 'always' ? `(${name})` : name;
}

function extrasText(
  writing: TableWriting,
  convention: ReturnType<typeof extrasConvention>,
  base: string,
): string[] {
  if (writing.draft.addedExtras.length === 0) return [];
  return [extrasArgument(writing, convention, base)];
}

/** A whole third argument: `(table) => [ … ]`, or an object, or a block that returns one. */
export function extrasArgument(
  writing: TableWriting,
  convention: Pick<ReturnType<typeof extrasConvention>, 'form' | 'isBlock'>,
  base: string,
): string {
  const { style, owner, draft } = writing;
  const indent = base + style.indent + (convention.isBlock ? style.indent : '');
  const taken = new Set<string>();
  const lines = draft.addedExtras.map((spec) => {
    const text = newExtraText(spec, writing, { form: convention.form, indent, taken });
    taken.add(text.slice(0, text.indexOf(':')));
    return indent + text;
  });
  const head = draft.extrasCloseCycle
    ? `(${owner}): ${extrasType(writing, convention.form)}`
    : parameterText(owner, style.arrowParens);
  const line = `${head} => [${lines.map((text) => text.trim()).join(', ')}]`;
  const fits = !line.includes('\n') && base.length + line.length + 1 <= writing.layout.width;
  if (convention.form === 'array' && !convention.isBlock && fits) return line;
  const [open, close] = convention.form === 'object' ? ['{', '}'] : ['[', ']'];
  const list = (outer: string) =>
    `${open}${style.eol}${lines.join(`,${style.eol}`)}${style.trailingComma}${style.eol}${outer}${close}`;
  const arrow = `${head} => `;
  if (!convention.isBlock) return arrow + (convention.form === 'object' ? `(${list(base)})` : list(base));
  const inner = base + style.indent;
  return `${arrow}{${style.eol}${inner}return ${list(inner)}${style.semicolon}${style.eol}${base}}`;
}

/** Behind the last table of the file and what belongs to it; at the end of a file without tables. */
function insertTable(editing: Editing, draft: TableDraft, { siblings }: NewTablePlace, text: string): void {
  const file = editing.file(draft.path);
  const last = siblings.at(-1);
  if (file === undefined || last === undefined) return editing.append(draft.path, text);
  const { eol } = editing.style(draft.path);
  editing.edit(draft.path, insertAfterLine(file.text, endOfBelongings(file, last), eol + eol + text));
}

/** The end of a table's declaration with its own types, schemas and relations right below it. */
function endOfBelongings(file: SchemaFile, table: TableModel): number {
  const companions = companionsOf(file.ast, table.variable);
  let end = table.statement.end;
  for (const statement of file.ast.statements) {
    const start = statement.getStart(file.ast);
    if (start < end) continue;
    const isCompanion = companions.some((each) => each.start === start);
    const isRelations = new RegExp(`=\\s*relations\\(\\s*${table.variable.replaceAll('$', '\\$')}\\b`).test(
      file.text.slice(start, statement.end),
    );
    if (!isCompanion && !isRelations) break;
    end = statement.end;
  }
  return end;
}
