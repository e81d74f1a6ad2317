import type { Change } from '../../plan/change.ts';
import type { EnumDef, ObjectName } from '../../plan/database-schema.ts';
import { givenTypes } from '../../plan/given-types.ts';
import { isSameObject } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import { ts } from '../compiler.cjs';
import { toCase, toIdentifier } from '../case.ts';
import type { Editing } from './editing.ts';
import type { EnumModel } from './model.ts';
import { readDeclarations } from './read.ts';
import { directoryOf } from '../specifier.ts';
import { mapName } from '../word-names.ts';
import type { SchemaFile } from '../source-file.ts';

/** Where a new enum goes. */
export interface EnumPlace {
  readonly path: string;
  readonly variable: string;
  /** Offset in the existing file behind which it stands; undefined at its end, or in a file to be created. */
  readonly after?: EnumModel | undefined;
  /** Offset of the statement before which it must stand, so that the table below can use it. */
  readonly before?: SchemaFile['ast']['statements'][number] | undefined;
  /** An enum of the project, for the looks. */
  readonly like: EnumModel | undefined;
}

/**
 * Decides where a new enum goes: where the others live (their own file, one file each, beside the tables), else into
 * the file of the table that uses it: below the imports, or right above that table where the others stand so. The same
 * answer each time it is asked.
 */
export function enumPlace(editing: Editing, added: EnumDef): EnumPlace {
  const enums = projectEnums(editing);
  const variable = enumVariableName(added, enums);
  const apart = enums.filter((each) => !hasTables(each.file));
  const like = enums.at(-1);
  if (apart.length > 0 && apart.length * 2 >= enums.length)
    return { ...placeApart(apart, variable), variable, like: apart.at(-1) };
  const home = tableUsing(editing, added) ?? like?.file.path ?? onlySchemaFile(editing);
  if (home === undefined) return { path: newEnumsFile(editing), variable, like };
  return { path: home, variable, ...positionIn(editing, { path: home, added, enums }), like };
}

const found = new WeakMap<Editing, readonly EnumModel[]>();

/** Every enum that the project declares, read once for all changes. */
export function projectEnums(editing: Editing): readonly EnumModel[] {
  const known = found.get(editing) ?? findEnums(editing);
  found.set(editing, known);
  return known;
}

function findEnums(editing: Editing): readonly EnumModel[] {
  const { schemas, creators } = editing.model;
  const files = new Set([
    ...editing.filesWith('pgEnum'),
    ...schemas.flatMap((schema) => editing.filesWith(schema.variable)),
  ]);
  return [...files].flatMap(
    (file) => readDeclarations(file, { schemas, creators, constant: () => undefined }).enums,
  );
}

/** Whether a file declares tables, by its text. */
function hasTables(file: SchemaFile): boolean {
  return /\bpgTable(?!Creator\b)\w*\s*\(|\.table\s*\(|\bcreateTable\s*\(/.test(file.text);
}

function placeApart(apart: readonly EnumModel[], variable: string): Pick<EnumPlace, 'path' | 'after'> {
  const last = apart.at(-1)!;
  const paths = new Set(apart.map((each) => each.file.path));
  const isOneEach = paths.size > 1 && paths.size === apart.length;
  const own = isOneEach ? ownFile(last, variable, [...paths]) : undefined;
  return own === undefined ? { path: last.file.path, after: last } : { path: own };
}

/** `enums/order-status.ts` → `enums/payment-kind.ts`. */
function ownFile(like: EnumModel, variable: string, paths: readonly string[]): string | undefined {
  const directory = directoryOf(like.file.path);
  const [stem = '', ...rest] = fileName(like.file.path).split('.');
  const mapped = mapName(stem.replaceAll('-', '_'), { from: like.variable, to: variable });
  if (mapped === undefined || mapped === stem.replaceAll('-', '_')) return undefined;
  return `${directory}/${[toCase(mapped, fileCase(paths.map(fileName))), ...rest].join('.')}`;
}

/** Only names of two words tell. */
function fileCase(names: readonly string[]): 'kebab' | 'snake' | 'camel' | 'pascal' {
  if (names.some((name) => /[a-z]_[a-z]/.test(name))) return 'snake';
  if (names.some((name) => /^[A-Z]/.test(name))) return 'pascal';
  return names.some((name) => /^[a-z]+[A-Z]/.test(name)) ? 'camel' : 'kebab';
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file of the first table that the plan gives a column of this type. */
function tableUsing(editing: Editing, added: EnumDef): string | undefined {
  const [change] = usersOf(editing, added);
  return change && editing.table(change.table)?.path;
}

type GivesColumns = Extract<Change, { readonly kind: 'create-table' | 'add-column' | 'alter-column' }>;

/** The changes that give a table a column of this type. */
function usersOf(editing: Editing, added: EnumDef): readonly GivesColumns[] {
  return editing.input.changes.filter((change): change is GivesColumns =>
    givenTypes(change).some((type) => isOfEnum(type, added)),
  );
}

function isOfEnum(type: string, added: ObjectName): boolean {
  const { schema, name } = parseType(type);
  return isSameObject({ schema: schema ?? 'public', name }, added);
}

/** The one file that has everything. */
function onlySchemaFile(editing: Editing): string | undefined {
  const files = editing.filesWith('pgTable').filter(hasTables);
  return files.length === 1 ? files[0]?.path : undefined;
}

/** `enums.ts` beside the tables, with their files' suffix where only that is loaded. */
function newEnumsFile(editing: Editing): string {
  const tables = editing
    .filesWith('pgTable')
    .filter(hasTables)
    .map((file) => file.path);
  const example = tables.at(-1) ?? editing.input.entries[0] ?? `${editing.input.root}/schema.ts`;
  const barrel = editing.input.entries.find((entry) => !tables.includes(entry));
  const directory = directoryOf(barrel ?? example);
  const suffix = fileName(example).replace(/^[^.]*/, '');
  const plain = `${directory}/enums.ts`;
  return editing.input.globMatches(plain) ? plain : `${directory}/enums${suffix}`;
}

interface Home {
  readonly path: string;
  readonly added: EnumDef;
  readonly enums: readonly EnumModel[];
}

/**
 * Behind the last enum of the file that stands above its tables; else below its imports. Where the project has each enum
 * above the table that uses it, with other tables above them both: above that table.
 */
function positionIn(editing: Editing, { path, added, enums }: Home): Pick<EnumPlace, 'after' | 'before'> {
  const file = editing.file(path);
  if (file === undefined) return {};
  const first = firstTable(file);
  const beside = enums.filter((each) => hasTables(each.file));
  const isBelowTables = (each: EnumModel): boolean => {
    const table = firstTable(each.file);
    return table !== undefined && table.pos < each.statement.start;
  };
  const user = firstUser(editing, file, added);
  if (user !== undefined && beside.filter(isBelowTables).length * 2 > beside.length) return { before: user };
  const own = enums.filter(
    (each) => each.file.path === path && (first === undefined || each.statement.start < first.pos),
  );
  if (own.length > 0) return { after: own.at(-1) };
  // New tables come last: above them is behind all that is there.
  const last = user === undefined ? enums.findLast((each) => each.file.path === path) : undefined;
  if (last !== undefined) return { after: last };
  return { before: first && headEnd(file, added, first) };
}

type Statement = SchemaFile['ast']['statements'][number];

function firstTable(file: SchemaFile): Statement | undefined {
  return file.ast.statements.find((statement) => hasTables({ ...file, text: statement.getText(file.ast) }));
}

/** The statement below the imports and what tables are made with; an enum of a schema stands below that. */
function headEnd(file: SchemaFile, { schema }: EnumDef, first: Statement): Statement {
  if (schema !== 'public') return first;
  const isHead = (statement: Statement): boolean =>
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    /\bpg(?:TableCreator|Schema)\s*\(/.test(statement.getText(file.ast));
  const last = file.ast.statements.findLastIndex((each) => each.pos < first.pos && isHead(each));
  return file.ast.statements[last + 1] ?? first;
}

/** The first table of the file that gets a column of the enum; undefined where only new ones do. */
function firstUser(editing: Editing, file: SchemaFile, added: EnumDef): Statement | undefined {
  const variables = usersOf(editing, added).flatMap((change) => {
    const table = change.kind === 'create-table' ? undefined : editing.table(change.table);
    return table?.path === file.path ? [table.variable] : [];
  });
  if (variables.length === 0) return undefined;
  const declares = (statement: Statement): boolean =>
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some(
      ({ name }) => ts.isIdentifier(name) && variables.includes(name.text),
    );
  // One that is renamed has its old name here: above all tables is never wrong.
  return file.ast.statements.find(declares) ?? firstTable(file);
}

/** The enum's variable, named as the project's others are; `orderStatusEnum` for the first one. */
function enumVariableName(added: EnumDef, enums: readonly EnumModel[]): string {
  const convention = ENUM_NAMES.reduce((best, next) =>
    score(next, enums) > score(best, enums) ? next : best,
  );
  return toIdentifier(convention(added.name));
}

function score(convention: (name: string) => string, enums: readonly EnumModel[]): number {
  return enums.filter((each) => convention(each.name) === each.variable).length;
}

const withoutEnum = (name: string): string => name.replace(/_?enum$/i, '');

const ENUM_NAMES: readonly ((name: string) => string)[] = [
  (name) => `${toCase(withoutEnum(name), 'camel')}Enum`,
  (name) => toCase(name, 'camel'),
  (name) => toCase(name, 'pascal'),
  (name) => `${toCase(withoutEnum(name), 'pascal')}Enum`,
  (name) => `pg${toCase(name, 'pascal')}`,
  (name) => toCase(name, 'snake'),
  (name) => `${toCase(name, 'snake')}_enum`,
];
