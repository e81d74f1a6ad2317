import picomatch from 'picomatch';
import type { Change, Notice } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import type { TableNames } from '../../plan/table-names.ts';
import type { EditInput } from './editing.ts';
import { openSources, readCreatorModels } from './sources.ts';

/**
 * What the names of all tables of a project have: the prefix or suffix of the one creator that makes them, the prefix that
 * `tablesFilter` asks for, or the one Postgres schema that they are in. Undefined where tables differ, or have nothing.
 */
export function tableNamesOf(
  input: Pick<EditInput, 'files' | 'resolveImport'> & { readonly before: DatabaseSchema },
  tablesFilter: readonly string[],
): TableNames | undefined {
  const { tables } = input.before;
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const [schema = 'public'] = schemas;
  if (schemas.length > 1 || (schema !== 'public' && !isOwnSchema(schema, tables.length))) return undefined;
  const isOnAll = ({ prefix, suffix }: Affixes) =>
    tables.every(({ name }) => name.startsWith(prefix) && name.endsWith(suffix));
  const affixes = [...creatorsOf(input, schema), ...prefixesOf(tablesFilter)].filter(isOnAll);
  const [first] = affixes;
  if (first !== undefined) return { schema, ...first };
  return schema === 'public' ? undefined : { schema, prefix: '', suffix: '', source: `the schema ${schema}` };
}

/** One table in another schema, or one of a platform's schemas, says nothing about the project's own tables. */
function isOwnSchema(schema: string, tables: number): boolean {
  return tables > 1 && !/^(auth|storage|realtime|vault|extensions|graphql)$/.test(schema);
}

type Affixes = Pick<TableNames, 'prefix' | 'suffix' | 'source'>;

function creatorsOf(
  input: Pick<EditInput, 'files' | 'resolveImport'> & { readonly before: DatabaseSchema },
  schema: string,
): Affixes[] {
  return readCreatorModels(openSources(input))
    .filter((creator) => creator.schema === schema && creator.prefix + creator.suffix !== '')
    .map(({ prefix, suffix, variable }) => ({ prefix, suffix, source: variable }));
}

/** `shop_*`: where all filters say one prefix. */
function prefixesOf(filters: readonly string[]): Affixes[] {
  const prefixes = filters.filter((filter) => !filter.startsWith('!'));
  const [first] = prefixes;
  const prefix = /^([\w-]+)\*$/.exec(first ?? '')?.[1];
  return prefix === undefined || prefixes.length > 1
    ? []
    : [{ prefix, suffix: '', source: `tablesFilter ${first!}` }];
}

/** New names that `tablesFilter` leaves out: drizzle-kit generates them, and does not see them when it pushes or pulls. */
export function outsideFilter(changes: readonly Change[], filters: readonly string[]): Notice[] {
  return changes.flatMap((change): Notice[] => {
    const name =
      change.kind === 'create-table'
        ? change.table.name
        : change.kind === 'rename-table'
          ? change.to
          : undefined;
    if (name === undefined || filters.length === 0 || !isFilteredOut(name, filters)) return [];
    return [
      {
        severity: 'warning',
        rule: 'outside-tables-filter',
        message: `tablesFilter in the drizzle config (${filters.join(', ')}) leaves out ${name}: drizzle-kit push, pull and studio will not see it. Add it to the filter, or choose a name that the filter has.`,
      },
    ];
  });
}

function isFilteredOut(name: string, filters: readonly string[]): boolean {
  const wanted = filters.filter((filter) => !filter.startsWith('!'));
  const unwanted = filters.filter((filter) => filter.startsWith('!')).map((filter) => filter.slice(1));
  const isWanted = wanted.length === 0 || picomatch(wanted)(name);
  return !isWanted || (unwanted.length > 0 && picomatch(unwanted)(name));
}
