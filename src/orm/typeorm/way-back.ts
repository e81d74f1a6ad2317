import { type Catalog, diffCatalogs, readCatalog } from '../../postgres/catalog.ts';
import { SqlFailure } from '../../postgres/engines/engine.ts';
import { realDifferences } from '../../rehearse/drift.ts';
import type { Query } from './child/child.ts';
import type { Shadow } from './shadow.ts';

/**
 * The way down so that it restores what was there. TypeORM knows indexes and constraints by its own metadata alone: it
 * makes an index again with its columns in another order, and forgets those that a migration made by hand. `before` is
 * the catalog before the migration, `down` in the order in which it runs; the database is as the way up leaves it.
 */
export async function restoringDown(
  { engine }: Shadow,
  before: Catalog,
  down: readonly Query[],
): Promise<readonly Query[]> {
  const first = await leads(engine, down);
  if (first === undefined) return down;
  const wrong = repairs(before, first);
  if (wrong.length === 0) return down;
  for (const candidate of [inPlace(down, wrong), atTheEnd(down, wrong)]) {
    const reached = await leads(engine, candidate);
    if (reached !== undefined && repairs(before, reached).length < wrong.length) return candidate;
  }
  return down;
}

const CONCURRENTLY = /^((?:CREATE(?: UNIQUE)?|DROP) INDEX )CONCURRENTLY /;

/** The catalog that statements lead to, which are taken back; undefined where one fails: the rehearsal says it, with rows. */
async function leads(engine: Shadow['engine'], down: readonly Query[]): Promise<Catalog | undefined> {
  await engine.exec('savepoint tableplan_way_back');
  try {
    for (const { sql, parameters = [] } of down)
      if (parameters.length > 0) await engine.query(sql, parameters);
      else await engine.exec(sql.replace(CONCURRENTLY, '$1'));
    return await readCatalog(engine);
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  } finally {
    await engine.exec('rollback to savepoint tableplan_way_back');
  }
}

/** What makes the indexes and constraints that are not as they were; keys come before what refers to them. */
function repairs(before: Catalog, after: Catalog): readonly MadeAgain[] {
  return (
    realDifferences(diffCatalogs(before, after))
      // The index of a key or a unique constraint comes with it.
      .filter(({ object }) => !isOfConstraint(object, before))
      .flatMap(({ object, expected }) => (expected === undefined ? [] : (madeAgain(object, expected) ?? [])))
      .toSorted((a, b) => rank(a) - rank(b))
  );
}

function inPlace(down: readonly Query[], wrong: readonly MadeAgain[]): readonly Query[] {
  return wrong.reduce((queries, { sql, isWrittenBy }) => {
    const at = queries.findIndex((query) => isWrittenBy(query.sql));
    return at === -1 ? [...queries, { sql }] : queries.with(at, { sql });
  }, down);
}

/** Names are as they were once all renames are taken back. */
function atTheEnd(down: readonly Query[], wrong: readonly MadeAgain[]): readonly Query[] {
  return [
    ...down.filter(({ sql }) => !wrong.some((each) => each.isWrittenBy(sql))),
    ...wrong.map(({ sql }) => ({ sql })),
  ];
}

interface MadeAgain {
  readonly sql: string;
  /** Whether a statement makes the same object, as TypeORM has it. */
  isWrittenBy(sql: string): boolean;
}

function madeAgain(object: string, definition: string): MadeAgain | undefined {
  const [kind, name = ''] = split(object);
  const own = nameIn(name);
  if (kind === 'index' && !definition.endsWith('(invalid)'))
    return {
      sql: unqualified(definition),
      isWrittenBy: (sql) => /^CREATE (UNIQUE )?INDEX /.test(sql) && sql.includes(`"${own}"`),
    };
  if (kind !== 'constraint') return undefined;
  const table = name.slice(0, name.length - quotedEnd(name).length - 1);
  return {
    sql: `ALTER TABLE ${unqualified(table)} ADD CONSTRAINT "${own}" ${unqualified(definition.replace(/ \(not validated\)$/, ''))}`,
    isWrittenBy: (sql) => sql.includes(` ADD CONSTRAINT "${own}"`),
  };
}

function split(object: string): [kind: string, name: string] {
  const at = object.indexOf(' ');
  return [object.slice(0, at), object.slice(at + 1)];
}

/** The last part of a dotted name, as it stands. */
function quotedEnd(name: string): string {
  return /("(?:[^"]|"")+"|[^".]+)$/.exec(name)?.[0] ?? name;
}

function nameIn(name: string): string {
  const end = quotedEnd(name);
  return end.startsWith('"') ? end.slice(1, -1) : end;
}

/** TypeORM names the default schema nowhere. */
function unqualified(sql: string): string {
  return sql.replaceAll(/(?<![\w"'.])public\.(?=["a-z_])/g, '');
}

function isOfConstraint(object: string, catalog: Catalog): boolean {
  const [kind, name] = split(object);
  if (kind !== 'index') return false;
  const end = `.${quotedEnd(name)}`;
  return [...catalog.keys()].some((key) => key.startsWith('constraint ') && key.endsWith(end));
}

function rank({ sql }: MadeAgain): number {
  if (/ ADD CONSTRAINT .* FOREIGN KEY /.test(sql)) return 2;
  return sql.includes(' ADD CONSTRAINT ') ? 0 : 1;
}
