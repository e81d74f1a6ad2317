import type { DatabaseSchema, ObjectName } from '../../plan/database-schema.ts';
import { type IndexConvention, indexConventionOf, writeIndexName } from '../../plan/index-convention.ts';
import { type DerivedName, fitName, type Naming } from '../../plan/naming.ts';
import type { WantedName } from './child/child.ts';

/** Asks the project's naming strategy, in its process, for several names at once. */
export type AskNames = (wanted: readonly WantedName[]) => Promise<readonly string[]>;

/**
 * Runs something that needs names at once, though the naming strategy lives in another process: it is run with stand-ins
 * for the names that are not known yet, those are asked for, and it is run again until none is missing. `work` must not
 * change anything but what it returns.
 */
export async function withNaming<Result>(
  ask: AskNames,
  current: DatabaseSchema,
  work: (naming: Naming) => Promise<Result>,
): Promise<Result> {
  const known = new Map<string, string>();
  for (;;) {
    const missing = new Map<string, WantedName>();
    const nameOf = (wanted: WantedName): string => {
      const key = JSON.stringify(wanted);
      const name = known.get(key);
      if (name === undefined) missing.set(key, wanted);
      return name ?? `pending_${missing.size}`;
    };
    const attempt = await settled(work(typeormNaming(current, nameOf)));
    if (missing.size === 0) {
      if ('error' in attempt) throw attempt.error;
      return attempt.result;
    }
    const names = await ask([...missing.values()]);
    for (const [index, key] of [...missing.keys()].entries()) known.set(key, names[index] ?? '');
  }
}

async function settled<Result>(promise: Promise<Result>): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await promise };
  } catch (error) {
    // What fails on a stand-in may not fail on the name.
    return { error };
  }
}

/** A name that DefaultNamingStrategy derives for an index; whoever has these does not name indexes. */
const HASHED = /^IDX_[0-9a-f]{26}$/;

/**
 * Names as the project's strategy derives them; indexes by the convention of the current schema, else
 * `{table}_{columns}_idx`, since an index may be named by hand without harm. Keys may not: that ends in endless diffs.
 */
export function typeormNaming(current: DatabaseSchema, nameOf: (wanted: WantedName) => string): Naming {
  const derived = (wanted: WantedName): DerivedName => ({ name: nameOf(wanted), named: false });
  const index = indexNaming(current, nameOf);
  return {
    primaryKey: ({ name: table }, columns) => derived({ kind: 'primary-key', table, columns }),
    unique: ({ name: table }, columns) => derived({ kind: 'unique', table, columns }),
    foreignKey: ({ name: table }, columns, target, targetColumns) =>
      derived({ kind: 'foreign-key', table, columns, target: tablePath(target), targetColumns }),
    index,
    check: ({ name }, columns) => fitName([name, ...columns, 'check'].join('_')),
    // PostgresQueryRunner.buildEnumName: not the strategy's matter.
    enum: ({ schema, name }, column) => ({ schema, name: `${name}_${column.toLowerCase()}_enum` }),
  };
}

/** The path of a table as entity metadata has it. */
export function tablePath({ schema, name }: ObjectName): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}

function indexNaming(current: DatabaseSchema, nameOf: (wanted: WantedName) => string): Naming['index'] {
  const names = current.tables.flatMap(({ indexes }) => indexes.map(({ name }) => name));
  const hashed = names.filter((name) => HASHED.test(name)).length;
  if (hashed > 0 && hashed * 2 >= names.length)
    return ({ name: table }, columns) => nameOf({ kind: 'index', table, columns });
  const plain = indexConventionOf(current, { unique: false });
  const unique = indexConventionOf(current, { unique: true });
  const fallback: IndexConvention = { table: 'as-is', template: '{table}_{columns}_idx' };
  return ({ name }, columns, kind) =>
    fitName(writeIndexName((kind.unique ? unique : undefined) ?? plain ?? fallback, name, columns));
}

/**
 * The same schema with `named: false` on every key and constraint that bears the name that the project's strategy
 * derives: those follow a rename, and the source does not spell them out.
 */
export async function markDerivedNames(schema: DatabaseSchema, ask: AskNames): Promise<DatabaseSchema> {
  const wanted: WantedName[] = [];
  const want = (name: WantedName): number => wanted.push(name) - 1;
  const tables = schema.tables.map((table) => ({
    table,
    primaryKey:
      table.primaryKey && want({ kind: 'primary-key', table: table.name, columns: table.primaryKey.columns }),
    uniques: table.uniques.flatMap(({ columns }) => [
      want({ kind: 'unique', table: table.name, columns }),
      want({ kind: 'relation', table: table.name, columns }),
    ]),
    foreignKeys: table.foreignKeys.map(({ columns, references }) =>
      want({
        kind: 'foreign-key',
        table: table.name,
        columns,
        target: tablePath(references),
        targetColumns: references.columns,
      }),
    ),
  }));
  const names = wanted.length === 0 ? [] : await ask(wanted);
  return {
    ...schema,
    tables: tables.map(({ table, primaryKey, uniques, foreignKeys }) => ({
      ...table,
      primaryKey: table.primaryKey && {
        ...table.primaryKey,
        named: table.primaryKey.name !== names[primaryKey ?? -1],
      },
      uniques: table.uniques.map((unique, index) => {
        const derived = [uniques[2 * index], uniques[2 * index + 1]].map((at) => names[at ?? -1]);
        return { ...unique, named: !derived.includes(unique.name) };
      }),
      foreignKeys: table.foreignKeys.map((key, index) => ({
        ...key,
        named: key.name !== names[foreignKeys[index] ?? -1],
      })),
    })),
  };
}
