import type { Plan, PlanDocument, PlanPath } from './plan.ts';

/** What Postgres refuses of the DDL that a plan becomes. */
export interface PlannedFailure {
  readonly sql: string;
  readonly message: string;
  readonly sqlstate: string | undefined;
  /** What Postgres adds: which view, which policy. */
  readonly detail?: string | undefined;
  /** Of the character in `sql` that it is about, counted from 1. */
  readonly position?: number | undefined;
}

/** Where something stands in a plan; `offset` counts characters of the text there. */
export interface PlanPlace {
  readonly path: PlanPath;
  readonly offset?: number | undefined;
}

/**
 * Where in the plan stands what Postgres refuses: the SQL at the position that it names, else the column that its message
 * or the statement names, else the table. Undefined where none of them is of the plan.
 */
export function placeOfFailure(plan: Plan, failure: PlannedFailure): PlanPlace | undefined {
  const documents = plan.documents.map((document, index) => ({ document, path: [index] as PlanPath }));
  const affected = documents.filter(({ document }) => names(failure.sql, namedBy(document)));
  const pool = affected.length > 0 ? affected : documents;
  const texts = pool.flatMap(({ document, path }) => textsOf(document, path));
  const fields = texts.filter(({ path }) => NAMES.has(String(path.at(-1))) || isListedName(path));
  const column = columnMeant(failure, new Set(fields.map(({ text }) => text)));
  const field = fields.find(({ text }) => text === column);
  const own = field === undefined ? texts : texts.filter(({ path }) => isWithin(path, field.path));
  return (
    atPosition(failure, own) ??
    aboutIndex(failure, texts) ??
    aboutDefault(failure, own) ??
    namedInMessage(failure, own) ??
    onlySql(own) ??
    field ??
    atPosition(failure, texts) ??
    namedInMessage(failure, texts) ??
    tableOf(affected[0])
  );
}

interface Text {
  readonly path: PlanPath;
  readonly text: string;
}

/** Keys whose values name a column, an index or a constraint. */
const NAMES = new Set(['name', 'field', 'from', 'column']);
/** Keys whose values are SQL. */
const SQL = /^(type|new_type|constraints|default|check|expression|where|using|references)$/;

function namedBy(document: PlanDocument): string {
  return 'table_name' in document ? document.table_name : 'enum_name' in document ? document.enum_name : '';
}

function names(sql: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])"?${escaped(name)}"?(?![\\w$])`).test(sql);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function textsOf(value: unknown, path: PlanPath): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}

/** `drop_columns: [title]`, `fields: [title]`. */
function isListedName(path: PlanPath): boolean {
  return typeof path.at(-1) === 'number' && /^(fields|drop_columns|primary_key)$/.test(String(path.at(-2)));
}

/** Whether a text belongs to what a name names: the same entry of a list. */
function isWithin(path: PlanPath, name: PlanPath): boolean {
  const entry = typeof name.at(-1) === 'number' ? name : name.slice(0, -1);
  return entry.every((step, index) => path[index] === step);
}

/** The column of the plan that a failure is about: the one in its message, before its position, or in its statement. */
function columnMeant(
  { sql, message, position }: PlannedFailure,
  known: ReadonlySet<string>,
): string | undefined {
  const before = position === undefined ? '' : sql.slice(0, position - 1);
  const at = position === undefined ? '' : /^"((?:[^"]|"")+)"/.exec(sql.slice(position - 1))?.[1];
  const candidates = [
    ...(at ? [at] : []),
    ...quotedIn(before).toReversed(),
    ...quotedIn(message),
    ...quotedIn(sql).slice(1),
  ];
  return candidates.find((name) => known.has(name));
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name!.replaceAll('""', '"'));
}

/** The text of the plan that has what stands at the position. */
function atPosition({ sql, position }: PlannedFailure, texts: readonly Text[]): PlanPlace | undefined {
  if (position === undefined) return undefined;
  const rest = sql.slice(position - 1);
  return within(/^(?:"[^"]+"|[\w.$]+|'(?:[^']|'')*'|.)/s.exec(rest)?.[0], texts);
}

/** `function no_such(integer) does not exist` has no position in every statement. */
function namedInMessage({ message }: PlannedFailure, texts: readonly Text[]): PlanPlace | undefined {
  return within(
    /\b(?:function|type|collation|operator class|schema|relation) "?([\w.$]+)/.exec(message)?.[1],
    texts,
  );
}

/** `data type text has no default operator class for access method "gin"`, `operator class "x" does not exist …` */
function aboutIndex({ message }: PlannedFailure, texts: readonly Text[]): PlanPlace | undefined {
  const [, opclass] = /\boperator class "([^"]+)"/.exec(message) ?? [];
  const [, method] = /\baccess method "([^"]+)"/.exec(message) ?? [];
  const is = (key: string, wanted: string | undefined, { path, text }: Text): boolean =>
    wanted !== undefined && path.at(-1) === key && text.toLowerCase() === wanted.toLowerCase();
  const found =
    texts.find((text) => is('opclass', opclass, text)) ?? texts.find((text) => is('using', method, text));
  return found && { path: found.path };
}

/** Where the plan's SQL has a word. */
function within(word: string | undefined, texts: readonly Text[]): PlanPlace | undefined {
  if (word === undefined) return undefined;
  for (const { path, text } of texts.filter(isSql)) {
    const found = new RegExp(`(?<![\\w$])${escaped(word)}`, 'i').exec(text);
    if (found !== null) return { path, offset: found.index };
  }
  return undefined;
}

function isSql({ path }: Text): boolean {
  return path.some((step) => SQL.test(String(step)));
}

/** The expression of an entry that has no other SQL. */
function onlySql(texts: readonly Text[]): PlanPlace | undefined {
  const [first, ...others] = texts.filter(isSql);
  return first !== undefined && others.length === 0 ? { path: first.path } : undefined;
}

/** `column "x" is of type integer but default expression is of type text` has no position. */
function aboutDefault({ message }: PlannedFailure, texts: readonly Text[]): PlanPlace | undefined {
  if (!/\bdefault\b/i.test(message)) return undefined;
  for (const { path, text } of texts) {
    if (path.at(-1) === 'default') return { path };
    const found = /\bdefault\b/i.exec(text);
    if (found !== null && path.includes('constraints')) return { path, offset: found.index };
  }
  return undefined;
}

function tableOf(affected: { readonly document: PlanDocument; readonly path: PlanPath } | undefined) {
  if (affected === undefined) return undefined;
  const key = 'table_name' in affected.document ? 'table_name' : 'enum_name';
  return { path: [...affected.path, key] };
}
