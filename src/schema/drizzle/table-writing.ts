import type { ObjectName } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import type { BuilderText, TypeNames } from './column-types.ts';
import { type ColumnStyle, columnText } from './column-text.ts';
import type { ColumnDraft, ExtraSpec, ReferenceDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { extraText, memberOf } from './extra-text.ts';
import { columnStyle, extraKeyConvention, type Sample, writesName } from './conventions.ts';
import { keyType } from './key-type.ts';
import { widthOf } from '../line-width.ts';
import { type ChainLayout, columnLine, commentLine, entryLine } from './layout.ts';
import { propertyKey } from '../literals.ts';
import type { BuilderAccess } from './model.ts';
import type { Casing } from './read-columns.ts';
import { isDerivedUnique } from './unique-name.ts';
import type { FileStyle, ImportRequest } from '../source-file.ts';

/** All that the text of a table needs: its file's style, the conventions around it, and the names that its file imports. */
export interface TableWriting {
  readonly editing: Editing;
  readonly draft: TableDraft;
  readonly samples: readonly Sample[];
  readonly style: FileStyle;
  readonly columnStyle: ColumnStyle;
  readonly casing: Casing;
  readonly builders: BuilderAccess;
  readonly typeNames: TypeNames;
  readonly layout: Omit<ChainLayout, 'indent'>;
  /** What a column is a member of inside the third argument. */
  readonly owner: string;
  /** Names of builders that a destructured callback parameter must have. */
  readonly builderNames: Set<string>;
}

export function tableWriting(
  parts: Pick<TableWriting, 'editing' | 'draft' | 'samples' | 'builders' | 'owner'>,
): TableWriting {
  const { editing, draft, samples, builders } = parts;
  const style = editing.style(draft.path);
  const text = editing.file(draft.path)?.text ?? samples[0]?.table.file.text ?? '';
  return {
    ...parts,
    style,
    columnStyle: {
      ...columnStyle(samples, style, builders.kind === 'prefix' ? builders.prefix : ''),
      localName: (name) => builderName(name, parts),
      sqlTag: editing.nameFor(draft.path, SQL),
    },
    casing: editing.input.casing,
    typeNames: typeNames(editing, draft.path),
    layout: {
      unit: style.indent,
      eol: style.eol,
      width: widthOf(text),
      trailingComma: style.trailingComma,
      breaksReferences: breaksReferences(samples),
    },
    builderNames: new Set(),
  };
}

/** What pg-core's builder is called among the columns: under its import, or taken out of the callback's parameter. */
function builderName(
  name: string,
  { editing, draft, builders }: Pick<TableWriting, 'editing' | 'draft' | 'builders'>,
): string {
  switch (builders.kind) {
    case 'named':
      return editing.nameFor(draft.path, core(name));
    case 'prefix':
      return name;
    case 'destructured': {
      const own = draft.model === undefined ? [] : builders.names.items;
      return own.find((item) => item.name === name)?.alias ?? name;
    }
  }
}

const SQL: ImportRequest = { from: { module: 'drizzle-orm' }, name: 'sql' };

function core(name: string, hiddenBy?: string): ImportRequest {
  return { from: { module: 'drizzle-orm/pg-core' }, name, hiddenBy };
}

/** Unless the neighbours keep such chains on one line. */
function breaksReferences(samples: readonly Sample[]): boolean {
  const chains = samples.flatMap(({ table, columns }) =>
    (columns?.columns ?? []).flatMap(({ chain }) => {
      const isAlike =
        chain !== undefined &&
        chain.links.length > 1 &&
        chain.links.some((link) => link.name === 'references');
      return isAlike ? [table.file.text.slice(chain.links[0]!.start, chain.links[1]!.end)] : [];
    }),
  );
  return chains.length === 0 || chains.filter((text) => text.includes('\n')).length * 2 >= chains.length;
}

/** The project's enums and custom types by the names they have in a file; nothing is imported before it is used. */
function typeNames(editing: Editing, path: string): TypeNames {
  const local = (declared: { path: string; variable: string }): string => {
    const file = editing.file(path);
    const item = file?.imports
      .flatMap((each) => each.names?.items ?? [])
      .find((name) => name.name === declared.variable);
    return item?.alias ?? declared.variable;
  };
  return {
    enumVariable: (name: ObjectName) => {
      const found = editing.enumRef(name);
      return found && local(found);
    },
    customTypes: editing.model.customTypes.map((type) => ({
      dataType: type.dataType,
      variable: local({ path: type.file.path, variable: type.variable }),
    })),
  };
}

/** Imports what a builder uses: names of pg-core, or the project's enum or custom type. */
export function useBuilder(
  writing: TableWriting,
  type: string,
  builder: Pick<BuilderText, 'imports' | 'variable'>,
): void {
  const { editing, draft, builders, builderNames } = writing;
  for (const name of builder.imports) {
    if (builders.kind === 'named') editing.needImport(draft.path, core(name));
    else builderNames.add(name);
  }
  if (builder.variable === undefined) return;
  const { schema, name } = parseType(type);
  const found =
    editing.enumRef({ schema: schema ?? 'public', name }) ?? customType(editing, builder.variable);
  if (found !== undefined)
    editing.needImport(draft.path, { from: { path: found.path }, name: found.variable });
}

function customType(editing: Editing, variable: string) {
  const type = editing.model.customTypes.find((each) => each.variable === variable);
  return type && { path: type.file.path, variable: type.variable };
}

/** A name of drizzle-orm/pg-core as the file has it. */
export function useCore({ editing, draft }: TableWriting, name: string, hiddenBy?: string): string {
  return editing.needImport(draft.path, core(name, hiddenBy));
}

/** The `sql` of drizzle-orm as the file has it. */
export function useSql({ editing, draft }: TableWriting, hiddenBy?: string): string {
  return editing.needImport(draft.path, { ...SQL, hiddenBy });
}

/** A new column as a property, with its comment above it; `indent` is that of its line. */
export function newColumnText(column: ColumnDraft, writing: TableWriting, indent: string): string {
  const { style } = writing;
  const name = writesName(writing.samples, { key: column.key, name: column.def.name }, writing.casing)
    ? column.def.name
    : undefined;
  const text = columnText({
    column: column.def,
    name,
    style: writing.columnStyle,
    names: writing.typeNames,
    primaryKey: column.primaryKey === 'add' ? 'column' : 'none',
    unique: uniqueOf(column, writing),
    references:
      column.references?.kind === 'add'
        ? { ...referenceTarget(writing, column.references), ...actionsOf(column.references) }
        : undefined,
  });
  useBuilder(writing, column.def.type, text);
  if (text.needsSql) useSql(writing);
  const type = keyType(column, writing);
  const modifiers = type === '' ? text.modifiers : [type, ...text.modifiers];
  const line = columnLine(
    { key: propertyKey(column.key, style.quote), builder: text.builder, modifiers },
    { ...writing.layout, indent },
  );
  const { description } = column.def;
  return description === undefined ? line : `${commentLine(description)}${style.eol}${indent}${line}`;
}

function uniqueOf(column: ColumnDraft, { draft, casing }: Pick<TableWriting, 'draft' | 'casing'>) {
  if (column.unique?.kind !== 'add') return undefined;
  const { unique } = column.unique;
  const isDerived = isDerivedUnique(draft.name.name, unique, [column], casing);
  return { name: isDerived ? undefined : unique.name, nullsNotDistinct: unique.nullsNotDistinct };
}

function actionsOf({ foreignKey }: Extract<ReferenceDraft, { kind: 'add' }>) {
  return { onDelete: foreignKey.onDelete, onUpdate: foreignKey.onUpdate };
}

/** A type of drizzle-orm/pg-core as the file has it. */
export function useCoreType({ editing, draft }: TableWriting, name: string): string {
  return editing.needImport(draft.path, { from: { module: 'drizzle-orm/pg-core' }, name, isType: true });
}

/** `users.id`; with `AnyPgColumn` where TypeScript would go round in circles. */
export function referenceTarget(
  writing: TableWriting,
  { target, closesCycle }: Extract<ReferenceDraft, { kind: 'add' }>,
): { target: string; annotation?: string } {
  const { editing, draft, style } = writing;
  const { table, columns } = target;
  const local = editing.needImport(draft.path, { from: { path: table.path }, name: table.variable });
  return {
    target: memberOf(local, columns[0]?.key ?? 'id', style.quote),
    ...(closesCycle ? { annotation: useCoreType(writing, 'AnyPgColumn') } : {}),
  };
}

/** The return type of a third argument's callback. */
export function extrasType(writing: TableWriting, form: 'object' | 'array'): string {
  return form === 'array'
    ? `${useCoreType(writing, 'PgTableExtraConfigValue')}[]`
    : useCoreType(writing, 'PgTableExtraConfig');
}

/** An entry of the third argument, with its key in the object form. */
export function newExtraText(
  spec: ExtraSpec,
  writing: TableWriting,
  place: { readonly form: 'object' | 'array'; readonly indent: string; readonly taken: ReadonlySet<string> },
): string {
  const { draft, owner, style } = writing;
  const text = extraText(spec, {
    table: draft.name.name,
    owner,
    quote: style.quote,
    casing: writing.casing,
    core: (name) => useCore(writing, name, owner),
    sql: () => useSql(writing, owner),
    foreignColumns: (each) => foreignColumns(writing, each),
  });
  const entry = place.form === 'array' ? text : `${extraKey(spec, writing, place.taken)}: ${text}`;
  return entryLine(entry, { ...writing.layout, indent: place.indent });
}

function foreignColumns(
  { editing, draft, owner, style }: TableWriting,
  { target }: Extract<ExtraSpec, { kind: 'foreignKey' }>,
): string[] {
  const { table, columns } = target;
  const base =
    table === draft
      ? owner
      : editing.needImport(draft.path, {
          from: { path: table.path },
          name: table.variable,
          hiddenBy: owner,
        });
  return columns.map((column) => memberOf(base, column.key, style.quote));
}

function extraKey(spec: ExtraSpec, { samples, style }: TableWriting, taken: ReadonlySet<string>): string {
  const name = nameOf(spec);
  const keys = spec.columns.map((column) => column.key);
  const key = extraKeyConvention(samples)({ kind: spec.kind, name, keys: keys.length === 0 ? [name] : keys });
  return propertyKey(unusedKey(key, taken), style.quote);
}

function unusedKey(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key;
  for (let number = 2; ; number += 1) if (!taken.has(`${key}${number}`)) return `${key}${number}`;
}

function nameOf(spec: ExtraSpec): string {
  switch (spec.kind) {
    case 'index':
      return spec.index.name;
    case 'unique':
      return spec.unique.name;
    case 'primaryKey':
      return spec.primaryKey.name;
    case 'foreignKey':
      return spec.foreignKey.name;
    case 'check':
      return spec.check.name;
  }
}
