import picomatch from 'picomatch';
import type { Change, Notice } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { type TableNames, tableNamesIn } from '../../plan/table-names.ts';
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
  return tableNamesIn(input.before, [...creatorsOf(input), ...prefixesOf(tablesFilter)]);
}

type Affixes = Pick<TableNames, 'prefix' | 'suffix' | 'source'>;

function creatorsOf(
  input: Pick<EditInput, 'files' | 'resolveImport'> & { readonly before: DatabaseSchema },
): Affixes[] {
  const { tables } = input.before;
  return readCreatorModels(openSources(input))
    .filter(({ schema }) => schema === (tables[0]?.schema ?? 'public'))
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
