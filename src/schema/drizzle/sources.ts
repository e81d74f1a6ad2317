import type { Change } from '../../plan/change.ts';
import type { ObjectName } from '../../plan/database-schema.ts';
import { givenTypes } from '../../plan/given-types.ts';
import { parseType, SqlFragmentError } from '../../postgres/sql.ts';
import { hasBuilder } from './column-types.ts';
import type { EditInput } from './editing.ts';
import type { CreatorModel, SchemaModel, TableModel } from './model.ts';
import { parseFile } from '../parse.ts';
import { readCreators } from './creators.ts';
import { ownConstant, readDeclarations, readFactories, type Surroundings } from './read.ts';
import type { SchemaFile } from '../source-file.ts';

/** The texts of a project, each parsed at most once and only when it is asked for. */
export interface Sources {
  readonly paths: readonly string[];
  text(path: string): string | undefined;
  file(path: string): SchemaFile | undefined;
  /** The files whose text has this word, parsed. */
  filesWith(word: string): readonly SchemaFile[];
  /** Whether a file declares tables or enums, by a look at its text. */
  isSchemaFile(path: string): boolean;
  /** The tables that there are: they tell what sources leave open. */
  readonly known: readonly ObjectName[];
}

/** `=> createTable(`, `return app.table(`: a function that makes tables. */
const RETURNS_TABLE = String.raw`(?:=>|\breturn)\s*\(?\s*[\w$.]*[tT]able[\w$]*\s*[<(]`;
/** `= pgTable;`, `= app.table;`: another name for a factory. */
const IS_TABLE = String.raw`=\s*[\w$.]*\b(?:pgTable|table)\s*(?:;|\n)`;
const FACTORY = new RegExp(
  String.raw`\b(pgSchema|pgTableCreator|customType)\s*[<(]|${IS_TABLE}|${RETURNS_TABLE}`,
);

/** Opens the texts of a project. Nothing is parsed yet. */
export function openSources(
  input: Pick<EditInput, 'files' | 'resolveImport'> & Partial<Pick<EditInput, 'before'>>,
): Sources {
  const texts = new Map(
    input.files.filter((file) => !file.path.endsWith('.d.ts')).map((file) => [file.path, file.text]),
  );
  const parsed = new Map<string, SchemaFile>();
  const declares = declarationTest(texts);
  const file = (path: string): SchemaFile | undefined => {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    const known = parsed.get(path) ?? parseFile(path, text, input.resolveImport);
    parsed.set(path, known);
    return known;
  };
  return {
    paths: [...texts.keys()],
    text: (path) => texts.get(path),
    file,
    filesWith: (word) => parseAll(matching(texts, wordTest(word)), file),
    isSchemaFile: (path) => declares(texts.get(path) ?? ''),
    known: input.before?.tables ?? [],
  };
}

/** Reads the files that the changes can concern: those that quote one of their names, and those that make factories. */
export function readModel(sources: Sources, names: readonly string[]): SchemaModel {
  const texts = new Map(sources.paths.map((path) => [path, sources.text(path) ?? '']));
  const hasCreators = [...texts.values()].some((text) => FACTORY.test(text));
  const written = hasCreators ? names.flatMap(writtenForms) : names;
  const quoted = new RegExp(`['"\`](${written.map(escapeRegExp).join('|')})['"\`]`);
  const factories = parseAll(
    matching(texts, (text) => FACTORY.test(text)),
    sources.file,
  );
  const files = parseAll(
    matching(texts, (text) => quoted.test(text)),
    sources.file,
  );
  return modelOf(files, factories, sources);
}

/** Reads every file: for names that stand in no text as they are. */
export function readWholeModel(sources: Sources): SchemaModel {
  const files = parseAll(sources.paths, sources.file);
  return modelOf(files, files, sources);
}

/** The declarations of some files, with the factories of the project known. */
export function modelOf(
  files: readonly SchemaFile[],
  factories: readonly SchemaFile[],
  sources: Sources,
): SchemaModel {
  const found = factories.map(readFactories);
  const around = surroundingsOf(
    factories,
    found.flatMap((each) => each.schemas),
    sources,
  );
  const declared = files.map((file) => readDeclarations(file, around));
  return {
    files: new Map([...factories, ...files].map((file) => [file.path, file])),
    tables: declared.flatMap((each) => each.tables),
    enums: declared.flatMap((each) => each.enums),
    schemas: around.schemas,
    creators: around.creators,
    customTypes: found.flatMap((each) => each.customTypes),
  };
}

function surroundingsOf(
  factories: readonly SchemaFile[],
  schemas: Surroundings['schemas'],
  sources: Sources,
): Surroundings {
  const base = {
    schemas,
    constant: constantsOfImports(sources),
  };
  const affixesFrom = {
    tables: sources.known,
    get texts() {
      return sources.paths.map((path) => sources.text(path) ?? '');
    },
  };
  return { ...base, creators: readCreators(factories, base, affixesFrom) };
}

/** What makes tables under the project's own names; only files that may have one are parsed. */
export function readCreatorModels(sources: Sources): readonly CreatorModel[] {
  const isFactory = (path: string) => FACTORY.test(sources.text(path) ?? '');
  const factories = parseAll(sources.paths.filter(isFactory), sources.file);
  const schemas = factories.flatMap((file) => readFactories(file).schemas);
  return surroundingsOf(factories, schemas, sources).creators;
}

/** The tables of one file, for looking at how neighbours are written. */
export function tablesIn(file: SchemaFile, model: SchemaModel, sources: Sources): readonly TableModel[] {
  const known = model.tables.filter((table) => table.file.path === file.path);
  if (known.length > 0) return known;
  const around = {
    schemas: model.schemas,
    creators: model.creators,
    constant: constantsOfImports(sources),
  };
  return readDeclarations(file, around).tables;
}

/** Every table, enum and schema name that the changes speak of. */
export function namesIn(changes: readonly Change[]): string[] {
  const names = new Set<string>();
  for (const change of changes) for (const name of namesOf(change)) names.add(name);
  return [...names];
}

function namesOf(change: Change): string[] {
  const own = 'enum' in change ? [change.enum] : [change.table as ObjectName];
  const names = own.flatMap((object) => [
    object.name,
    ...(object.schema === 'public' ? [] : [object.schema]),
  ]);
  return [...names, ...relatedNames(change)];
}

/** The types of columns, and the tables that keys refer to. */
function relatedNames(change: Change): string[] {
  const former = change.kind === 'alter-column' ? [change.column.type] : [];
  const keys =
    change.kind === 'create-table'
      ? change.table.foreignKeys
      : 'foreignKey' in change
        ? [change.foreignKey]
        : [];
  return [
    ...[...former, ...givenTypes(change)].flatMap(typeNames),
    ...keys.map(({ references }) => references.name),
  ];
}

/** The name of a type that drizzle has no builder for: it may be an enum of the project. */
function typeNames(text: string): string[] {
  try {
    const type = parseType(text);
    return hasBuilder(type) ? [] : [type.name];
  } catch (error) {
    if (error instanceof SqlFragmentError) return [];
    throw error;
  }
}

/** What a creator puts around a name is not in the literal: `shop_cart` may stand as `cart`. */
function writtenForms(name: string): string[] {
  const cuts = [...name.matchAll(/[_-]/g)].map(({ index }) => index);
  return [name, ...cuts.flatMap((at) => [name.slice(at + 1), name.slice(0, at)])].filter(
    (form) => form !== '',
  );
}

function constantsOfImports(sources: Sources): Surroundings['constant'] {
  return (file, name, member) => {
    for (const each of file.imports) {
      const item = each.names?.items.find((candidate) => candidate.alias === name);
      const target = item && each.path !== undefined ? sources.file(each.path) : undefined;
      const text = target && ownConstant(target, item!.name, member);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

/** Tables come from pgTable (by any name), from `.table(` and from creators, whose names only their own files tell. */
function declarationTest(texts: ReadonlyMap<string, string>): (text: string) => boolean {
  const named = [...texts.values()].flatMap(creatorNames);
  const callees = ['pgTable', 'pgEnum', ...new Set(named)].map((name) => `\\b${escapeRegExp(name)}\\s*\\(`);
  const pattern = new RegExp([...callees, '\\w\\.(table|enum)\\s*\\('].join('|'));
  return (text) => pattern.test(text);
}

const CREATOR = new RegExp(
  String.raw`\bpg(?:Table|Enum) as (\w+)|(\w+)\s*(?:=\s*(?:\w+\.)?pgTableCreator\b|${IS_TABLE})`,
  'g',
);
const DECLARED_OR_RETURNED = new RegExp(
  String.raw`^(?:export\s+)?(?:const|function)\s+(\w+)|${RETURNS_TABLE}`,
  'gm',
);

/** The names of what makes tables in a text: creators, other names of pgTable, functions that return a table. */
function creatorNames(text: string): string[] {
  const named = [...text.matchAll(CREATOR)].map(([, alias, creator]) => (alias ?? creator)!);
  let last: string | undefined;
  for (const [, declared] of text.matchAll(DECLARED_OR_RETURNED)) {
    if (declared === undefined && last !== undefined) named.push(last);
    last = declared ?? last;
  }
  return named;
}

function matching(texts: ReadonlyMap<string, string>, test: (text: string) => boolean): string[] {
  return [...texts].filter(([, text]) => test(text)).map(([path]) => path);
}

function wordTest(word: string): (text: string) => boolean {
  const pattern = new RegExp(`(?<![\\w$])${escapeRegExp(word)}(?![\\w$])`);
  return (text) => text.includes(word) && pattern.test(text);
}

function parseAll(paths: readonly string[], file: (path: string) => SchemaFile | undefined): SchemaFile[] {
  return paths.flatMap((path) => file(path) ?? []);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
