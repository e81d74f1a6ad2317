import { type Catalog, type CatalogDifference, describeDifference } from '../../postgres/catalog.ts';
import { listed } from '../../plan/suggest.ts';

/** So many differences are told one by one. */
const TOLD = 8;

/** What the entities ask for and no migration brings, as one sentence; `how`: what to type. */
export interface Ungenerated {
  readonly message: string;
  readonly how: string;
}

/**
 * Says once what entities ask for beyond the migrations: a table that is missing as a whole by its name alone, and one that
 * the migrations make in another schema with the option that the entity lacks.
 */
export function ungenerated(
  differences: readonly CatalogDifference[],
  reached: Catalog,
  command: string,
): Ungenerated | undefined {
  const [first] = differences;
  if (first === undefined) return undefined;
  const missing = differences.filter(({ actual }) => actual === undefined);
  const tables = missing.flatMap(({ object }) => (isTable(object) ? [nameOf(object)] : []));
  const elsewhere = tables.flatMap((table) => {
    const other = [...reached.keys()]
      .filter(isTable)
      .map(nameOf)
      .find((name) => lastOf(name) === lastOf(table));
    return other === undefined ? [] : [{ table, other }];
  });
  const rest = differences.filter((difference) => !tables.some((table) => belongsTo(difference, table)));
  if (elsewhere.length > 0 && elsewhere.length === tables.length && rest.length === 0) {
    const schemas = [...new Set(elsewhere.map(({ other }) => other.slice(0, -lastOf(other).length - 1)))];
    return {
      message: `The entities have ${listed(tables, 'and')}, but the migrations make ${listed(
        elsewhere.map(({ other }) => other),
        'and',
      )}.`,
      how: `Write the schema where the entities say their tables: @Entity({ schema: '${schemas[0]!}' }), or once for all: schema: '${schemas[0]!}' in the data source.`,
    };
  }
  const told = [...tables.map((table) => `table ${table}: missing`), ...rest.map(describeDifference)];
  const more = told.length > TOLD ? `; and ${told.length - TOLD} more` : '';
  return {
    message: `The entities have something that no migration has: ${told.slice(0, TOLD).join('; ')}${more}.`,
    how: `Generate it: ${command}`,
  };
}

function isTable(object: string): boolean {
  return object.startsWith('table ');
}

/** `public.products` of `table public.products`. */
function nameOf(object: string): string {
  return object.slice(object.indexOf(' ') + 1);
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A table that is missing lacks its columns, constraints and indexes too. */
function belongsTo({ object, expected = '' }: CatalogDifference, table: string): boolean {
  return (
    object === `table ${table}` ||
    object.startsWith(`column ${table}.`) ||
    object.startsWith(`constraint ${table}.`) ||
    object.startsWith(`policy ${table}.`) ||
    (object.startsWith('index ') && expected.includes(` ON ${table} `))
  );
}
