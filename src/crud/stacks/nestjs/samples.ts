import { sampleOf } from '../../samples.ts';
import type { CrudDomain, CrudField, CrudReference } from '../../domain.ts';
import { isGivenAlways } from './dto-inputs.ts';

/** A row as a client would send it, by key; `number` tells rows apart. */
export type Body = Readonly<Record<string, unknown>>;

/**
 * What a client sends to create a row: everything that has a sample, save parents that need not be there (nobody makes them
 * for the test). Undefined where a value that has to be given cannot be made up.
 */
export function bodyOf(domain: CrudDomain, number: number): Body | undefined {
  const optionalParents = domain.references.flatMap(({ fields }) =>
    fields.filter((field) => !field.isRequired).map(({ key }) => key),
  );
  const given = domain.creatable.filter(({ key }) => !optionalParents.includes(key));
  const values = given.map((field) => [field, sampleOf(field, number)] as const);
  if (values.some(([field, value]) => value === undefined && isGivenAlways(domain, field))) return undefined;
  return Object.fromEntries(
    values.filter(([, value]) => value !== undefined).map(([{ key }, value]) => [key, value]),
  );
}

/** A sample as an expression of the type that the domain has for it. */
export function sampleCode(field: CrudField, number: number): string {
  const value = sampleOf(field, number);
  if (value === undefined) return field.isNullable ? 'null' : "''";
  if (field.kind !== 'timestamp') return JSON.stringify(value);
  return Array.isArray(value)
    ? `[${value.map((each) => `new Date(${JSON.stringify(each)})`).join(', ')}]`
    : `new Date(${JSON.stringify(value)})`;
}

/** A text that no id of the type is; undefined where every text may be one. */
export function malformedId({ id }: CrudDomain): string | undefined {
  switch (id.kind) {
    case 'uuid':
      return 'not-a-uuid';
    case 'integer':
    case 'bigint':
      return '1x';
    default:
      return undefined;
  }
}

/** The statements that make the rows which rows of the domain refer to, deepest first. */
export function parentInserts(domain: CrudDomain, numbers: readonly number[]): readonly string[] {
  const rows = new Map<string, string>();
  for (const number of numbers)
    for (const reference of domain.references.filter(isRequired)) addParent(domain, reference, number, rows);
  return [...rows.values()];
}

function isRequired({ fields }: CrudReference): boolean {
  return fields.every((field) => field.isRequired);
}

function addParent(
  domain: CrudDomain,
  { fields, target }: CrudReference,
  number: number,
  rows: Map<string, string>,
): void {
  const parent = domain.parents.find(
    ({ table }) => table.name === target.name && table.schema === target.schema,
  );
  if (parent === undefined) return;
  for (const above of parent.references.filter(isRequired)) addParent(domain, above, number, rows);
  const values = new Map<string, unknown>(
    parent.fields.map((field) => [field.column, sampleOf(field, number)] as const),
  );
  target.columns.forEach((column, index) => values.set(column, sampleOf(fields[index]!, number)));
  const isNumbered = fields.some(({ kind }) => kind === 'integer' || kind === 'bigint');
  const identity = JSON.stringify([parent.table.name, target.columns.map((column) => values.get(column))]);
  if (!rows.has(identity)) rows.set(identity, insertStatement(parent.table, values, isNumbered));
}

function insertStatement(
  table: { readonly schema: string; readonly name: string },
  values: ReadonlyMap<string, unknown>,
  isNumbered: boolean,
): string {
  const columns = [...values.keys()].map(identifier).join(', ');
  const literals = [...values.values()].map(literal).join(', ');
  // Only keys of numbers may be made by Postgres alone.
  const overriding = isNumbered ? ' OVERRIDING SYSTEM VALUE' : '';
  return `INSERT INTO ${tableName(table)} (${columns})${overriding} VALUES (${literals})`;
}

/** The name of a table in SQL, with its schema where that is not `public`. */
export function tableName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === 'public' ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: unknown): string {
  if (value === undefined || value === null) return 'NULL';
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}
