import { ts } from '../compiler.cjs';
import { TableplanError } from '../../errors.ts';
import {
  type ColumnDef,
  displayName,
  findTable,
  isSameObject,
  type ObjectName,
  type TableDef,
} from '../../plan/database-schema.ts';
import { literalText } from './chain.ts';
import { type ColumnDraft, type TableDraft } from './draft.ts';
import type { EditInput } from './editing.ts';
import type { SchemaModel, TableModel } from './model.ts';
import { locate, notEditable } from '../parse.ts';
import { addedColumns, readColumns, spreadColumns } from './read-columns.ts';
import { readExtras } from './read-extras.ts';
import { readWholeModel, type Sources } from './sources.ts';
import type { SchemaFile } from '../source-file.ts';

/** All drafts of a plan: each table is opened when a change first speaks of it. */
export interface Drafts {
  readonly all: readonly TableDraft[];
  /** The draft of a table that exists at this point of the plan. Throws when the source does not have it, or not in a form that can be edited. */
  open(name: ObjectName): TableDraft;
  /** The same, for a table that is only referred to: undefined when the source does not have it. */
  find(name: ObjectName): TableDraft | undefined;
  add(draft: TableDraft): void;
}

/** Starts with no drafts at all. `before` is the schema as it was: what each column really is. */
export function openDrafts(input: EditInput, model: SchemaModel, sources: Sources): Drafts {
  const all: TableDraft[] = [];
  let whole: SchemaModel | undefined;
  const find = (name: ObjectName): TableDraft | undefined => {
    const known = all.find((draft) => !draft.isDropped && isSameObject(draft.name, name));
    if (known !== undefined || isTaken(all, name)) return known;
    const found = only(model, name) ?? only((whole ??= readWholeModel(sources)), name);
    if (found === undefined) return undefined;
    const draft = draftOf(found, input, sources);
    all.push(draft);
    return draft;
  };
  return {
    all,
    find,
    open: (name) => editable(find(name) ?? missing(name, input, sources)),
    add: (draft) => void all.push(draft),
  };
}

/** A name whose table the plan has renamed or dropped is free again, whatever the source says. */
function isTaken(all: readonly TableDraft[], name: ObjectName): boolean {
  return all.some((draft) => draft.model !== undefined && isSameObject(draft.model, name));
}

function only(model: SchemaModel, name: ObjectName): TableModel | undefined {
  const [first, second] = namedTables(model).get(displayName(name)) ?? [];
  if (first === undefined || second === undefined) return first;
  const other = locate(second.file.text, second.variableSpan.start);
  throw notEditable(
    `the table ${displayName(name)} is declared twice`,
    { file: first.file, offset: first.variableSpan.start },
    `It is also declared at ${second.file.path}:${other.line}:${other.column}. Remove one of the two and run again.`,
  );
}

const byName = new WeakMap<SchemaModel, ReadonlyMap<string, readonly TableModel[]>>();

/** The tables of a model by their names, looked up for every change. */
function namedTables(model: SchemaModel): ReadonlyMap<string, readonly TableModel[]> {
  const known = byName.get(model);
  if (known !== undefined) return known;
  const named = new Map<string, TableModel[]>();
  for (const table of model.tables)
    named.set(displayName(table), [...(named.get(displayName(table)) ?? []), table]);
  byName.set(model, named);
  return named;
}

function draftOf(model: TableModel, input: EditInput, sources: Sources): TableDraft {
  const listed = readColumns(model, input.casing);
  const facts = findTable(input.before, model);
  return {
    name: { schema: model.schema, name: model.name },
    variable: model.variable,
    path: model.file.path,
    model,
    listed,
    extras: readExtras(model),
    columns: columnDrafts(model, { listed, facts, input, sources }),
    droppedExtras: new Set(),
    addedExtras: [],
    changedActions: new Map(),
    addedKeys: [],
    droppedKeys: [],
    comment: undefined,
    isDropped: false,
  };
}

interface Reading {
  readonly listed: TableDraft['listed'];
  readonly facts: TableDef | undefined;
  readonly input: EditInput;
  readonly sources: Sources;
}

function columnDrafts(model: TableModel, { listed, facts, input, sources }: Reading): ColumnDraft[] {
  const columns = listed?.columns ?? [];
  const own = columns.map((column) =>
    blankColumn(column.key, factsOf(facts, column.name), { kind: 'listed', column }),
  );
  const around = { casing: input.casing, imported: (path: string) => sources.file(path) };
  const written = model.call.arguments[1];
  const spreads = listed?.spreads.map(({ node }) => node) ?? (written === undefined ? [] : [written]);
  const spread = spreads.flatMap((node) => spreadColumns(node, model.file, around));
  const inherited = [...spread, ...addedColumns(model, around)].filter(
    ({ key }) => !columns.some((column) => column.key === key),
  );
  return [
    ...own,
    ...inherited.map(({ key, name }) => blankColumn(key, factsOf(facts, name), { kind: 'spread' })),
  ];
}

function factsOf(table: TableDef | undefined, name: string): ColumnDef {
  return table?.columns.find((column) => column.name === name) ?? { name, type: '', notNull: false };
}

/** A column that nothing happens to yet. */
export function blankColumn(key: string, def: ColumnDef, origin: ColumnDraft['origin']): ColumnDraft {
  return {
    origin,
    key,
    def,
    before: def,
    isDropped: false,
    primaryKey: undefined,
    unique: undefined,
    references: undefined,
  };
}

function editable(draft: TableDraft): TableDraft {
  const { model } = draft;
  if (model === undefined || model.isExported) return draft;
  throw notEditable(
    `the table ${displayName(draft.name)} is declared in ${model.variable}, which its file does not export`,
    { file: model.file, offset: model.variableSpan.start },
    `drizzle-kit sees only what is exported: write \`export const ${model.variable}\` and run again.`,
  );
}

/** Says where a table that cannot be edited is made, when it can be seen at all. */
function missing(name: ObjectName, input: EditInput, sources: Sources): never {
  const place = sources.paths.flatMap((path) => nestedDeclaration(sources.file(path), name.name)).at(0);
  if (place !== undefined) {
    throw notEditable(
      `the table ${displayName(name)} is not declared as an exported constant of its own`,
      place,
      'tableplan edits tables of the form `export const x = pgTable(…)` at the top of a file. Declare it so and run again, or edit this one by hand.',
    );
  }
  const known =
    findTable(input.before, name) === undefined
      ? 'neither the source nor the last snapshot has it'
      : 'the last snapshot has it, but no file that drizzle-kit loads declares it in a form that can be read';
  throw new TableplanError(
    'schema-not-editable',
    `the table ${displayName(name)} was not found in the schema source: ${known}`,
    {
      hint: `Declare it as \`export const ${name.name.replace(/\W/g, '_')} = pgTable('${name.name}', …)\` in one of: ${input.entries.join(', ')}. Tables made in loops or by helper functions cannot be edited.`,
    },
  );
}

/** A call somewhere inside other code whose first argument is the name: a property, a return value, a loop. */
function nestedDeclaration(
  file: SchemaFile | undefined,
  name: string,
): { file: SchemaFile; offset: number }[] {
  if (file === undefined || !file.text.includes(name)) return [];
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    const isTable =
      ts.isCallExpression(node) &&
      literalText(node.arguments[0]) === name &&
      /(table|creator)$/i.test(node.expression.getText(file.ast));
    if (isTable) found.push(node.getStart(file.ast));
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return found.map((offset) => ({ file, offset }));
}
