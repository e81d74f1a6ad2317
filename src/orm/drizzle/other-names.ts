import type { Catalog, CatalogDifference } from '../../postgres/catalog.ts';
import { sourceDifferences } from '../../rehearse/source-drift.ts';

/** A constraint or an index that a database has as the schema source does, under another name. */
export interface OtherName {
  /** Names as SQL writes them, quoted where they must be. */
  readonly table: string;
  readonly inDatabase: string;
  readonly inSource: string;
  /** What gives it the source's name. */
  readonly sql: string;
}

/**
 * Pairs what only a database has with what only the source has, where nothing but the name differs: migrations by hand leave
 * the name to Postgres (`users_email_key`), Drizzle derives one (`users_email_unique`) and would make each a second time.
 */
export function otherNames(source: Catalog, database: Catalog): readonly OtherName[] {
  const differences = sourceDifferences(source, database);
  const inSource = differences.filter(({ actual }) => actual === undefined);
  const inDatabase = differences.filter(({ expected }) => expected === undefined);
  const constraints = pairs(inSource, inDatabase, constraintOf);
  // The index of a constraint is called as that is.
  const own = new Set(constraints.flatMap((each) => [each.inDatabase, each.inSource]));
  const indexes = pairs(inSource, inDatabase, indexOf);
  return [...constraints, ...indexes.filter((each) => !own.has(each.inDatabase) && !own.has(each.inSource))];
}

interface Named {
  readonly table: string;
  readonly name: string;
  /** All but the name. */
  readonly rest: string;
  readonly rename: (to: string) => string;
}

function pairs(
  inSource: readonly CatalogDifference[],
  inDatabase: readonly CatalogDifference[],
  read: (object: string, definition: string) => Named | undefined,
): readonly OtherName[] {
  const free = inDatabase.flatMap(({ object, actual }) => read(object, actual ?? '') ?? []);
  return inSource.flatMap(({ object, expected }) => {
    const wanted = read(object, expected ?? '');
    const at = free.findIndex(({ table, rest }) => table === wanted?.table && rest === wanted.rest);
    if (wanted === undefined || at === -1) return [];
    const [found] = free.splice(at, 1);
    return [
      {
        table: wanted.table,
        inDatabase: found!.name,
        inSource: wanted.name,
        sql: found!.rename(wanted.name),
      },
    ];
  });
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s."]+)`;
const CONSTRAINT = new RegExp(`^constraint (${NAME}\\.${NAME})\\.(${NAME})$`);
const INDEX = new RegExp(`^index (${NAME})\\.(${NAME})$`);
const CREATE_INDEX = new RegExp(
  `^(CREATE (?:UNIQUE )?INDEX) ${NAME} ON (?:ONLY )?(${NAME}\\.${NAME})(.*)$`,
  's',
);

function constraintOf(object: string, definition: string): Named | undefined {
  const [, table, name] = CONSTRAINT.exec(object) ?? [];
  if (table === undefined || name === undefined) return undefined;
  return {
    table,
    name,
    rest: definition,
    rename: (to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${name} TO ${to};`,
  };
}

function indexOf(object: string, definition: string): Named | undefined {
  const [, schema, name] = INDEX.exec(object) ?? [];
  const [, verb, table, rest] = CREATE_INDEX.exec(definition) ?? [];
  if (schema === undefined || name === undefined || table === undefined) return undefined;
  return {
    table,
    name,
    rest: `${verb}${rest}`,
    rename: (to) => `ALTER INDEX ${schema}.${name} RENAME TO ${to};`,
  };
}
