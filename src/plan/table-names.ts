import type { Notice } from './change.ts';
import { type DatabaseSchema, displayName, findTable, type ObjectName } from './database-schema.ts';
import type { ParsedPlan } from './parse.ts';
import type { PlanDocument } from './plan.ts';

/** What every table of a project has: a Postgres schema of its own, a prefix or suffix that its creator puts on. */
export interface TableNames {
  readonly schema: string;
  readonly prefix: string;
  readonly suffix: string;
  /** What says so: `createTable in src/db/schema.ts`. */
  readonly source: string;
}

/**
 * What the names of all tables of a database have: the first of these prefixes and suffixes that is on all of them, and the
 * Postgres schema that they are in. Undefined where tables differ, or have nothing.
 */
export function tableNamesIn(
  { tables }: DatabaseSchema,
  candidates: readonly Pick<TableNames, 'prefix' | 'suffix' | 'source'>[],
): TableNames | undefined {
  const [schema = 'public', ...others] = new Set(tables.map((table) => table.schema));
  if (others.length > 0 || (schema !== 'public' && !isOwnSchema(schema, tables.length))) return undefined;
  const affixes = candidates.find(
    ({ prefix, suffix }) =>
      prefix + suffix !== '' && tables.every(({ name }) => name.startsWith(prefix) && name.endsWith(suffix)),
  );
  if (affixes !== undefined) return { schema, ...affixes };
  return schema === 'public' ? undefined : { schema, prefix: '', suffix: '', source: `the schema ${schema}` };
}

/** One table in another schema, or one of a platform's schemas, says nothing about the project's own tables. */
function isOwnSchema(schema: string, tables: number): boolean {
  return tables > 1 && !/^(auth|storage|realtime|vault|extensions|graphql)$/.test(schema);
}

/** `post` as `shop_post`; a name that has the prefix already stays. */
export function withAffixes(name: string, { prefix, suffix }: Pick<TableNames, 'prefix' | 'suffix'>): string {
  const has = name.startsWith(prefix) && name.endsWith(suffix) && name !== prefix + suffix;
  return has ? name : prefix + name + suffix;
}

/** `shop_post` as `post`: what the project's own source calls it. */
export function withoutAffixes(
  name: string,
  { prefix, suffix }: Pick<TableNames, 'prefix' | 'suffix'>,
): string {
  const bare = name.slice(prefix.length, name.length - suffix.length);
  return bare !== '' && withAffixes(bare, { prefix, suffix }) === name ? bare : name;
}

/**
 * A plan whose tables bear their names of the database: where every table of the project has the same prefix, suffix or
 * schema, the plan may leave it out. What has a schema in the plan, or is a table as it stands, is left as it is.
 */
export function withTableNames(
  parsed: ParsedPlan,
  schema: DatabaseSchema,
  names: TableNames | undefined,
): ParsedPlan {
  if (names === undefined) return parsed;
  const notices: Notice[] = [];
  const documents = parsed.plan.documents.map((document, index) => {
    const named = physical(document, schema, names);
    if (named !== document && 'fields' in document && 'table_name' in named)
      notices.push({
        severity: 'info',
        rule: 'table-name-completed',
        message: `${document.table_name} is created as ${displayName(nameOf(named))}, as all tables here are (${names.source})`,
        ...placeIn(parsed, index),
      });
    return named;
  });
  return { ...parsed, plan: { ...parsed.plan, documents }, notices: [...parsed.notices, ...notices] };
}

function placeIn(parsed: ParsedPlan, index: number): Pick<Notice, 'file' | 'line'> {
  const { file, line } = parsed.at([index, 'table_name']);
  return { file, line };
}

function physical(document: PlanDocument, schema: DatabaseSchema, names: TableNames): PlanDocument {
  if (!('table_name' in document) || document.schema !== undefined) return document;
  const named = renamed(document, names);
  const { table_name: name } = document;
  if (findTable(schema, { schema: 'public', name })) return named;
  const { schema: own } = names;
  if (own === 'public' && withAffixes(name, names) === name) return named;
  return { ...named, ...(own === 'public' ? {} : { schema: own }), table_name: withAffixes(name, names) };
}

type TableDocument = Extract<PlanDocument, { table_name: string }>;

/** The new name of a table too. */
function renamed(document: TableDocument, names: TableNames): TableDocument {
  if (document.migration_type === 'rename_table')
    return { ...document, new_name: withAffixes(document.new_name, names) };
  if (document.migration_type !== 'modify_existing' || document.changes.rename_table === undefined)
    return document;
  const to = withAffixes(document.changes.rename_table, names);
  return { ...document, changes: { ...document.changes, rename_table: to } };
}

/** A table that the plan refers to, by the name that it has in the schema. */
export function physicalTable(
  name: ObjectName,
  schema: DatabaseSchema,
  names: TableNames | undefined,
): ObjectName {
  if (names === undefined || findTable(schema, name)) return name;
  const completed = { schema: name.schema, name: withAffixes(name.name, names) };
  return findTable(schema, completed) ? completed : name;
}

function nameOf(document: { readonly schema?: string | undefined; readonly table_name: string }): ObjectName {
  return { schema: document.schema ?? 'public', name: document.table_name };
}
