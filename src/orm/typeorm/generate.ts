import type { Change } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { checkDiff } from './check-diff.ts';
import type { LoadedDataSource, Queries, Query, TypeormChild } from './child/child.ts';
import { readTypeormSchema } from './history.ts';
import type { Shadow } from './shadow.ts';
import { withoutBaseline } from './subtract.ts';
import type { ToldStep } from './told/statements.ts';
import { runOn, tellShadow } from './told/tell.ts';

export interface GenerateTypeormInput {
  /** The project as it is on disk, connected to the shadow. */
  readonly current: TypeormChild;
  /** The project with the plan's edits, loaded. */
  readonly staged: TypeormChild;
  /** A disposable database with the history; it is left as it is. */
  readonly shadow: Shadow;
  readonly changes: readonly Change[];
  /** The schema that the changes lead to. */
  readonly after: DatabaseSchema;
  readonly loaded: Pick<LoadedDataSource, 'migrationsTable' | 'metadataTable' | 'schema'>;
  /** `schema.name` of the tables to compare (`concernedTables`); all without. */
  readonly tables?: readonly string[] | undefined;
}

export interface TypeormStatements {
  /** In the order in which they run; `down` too. */
  readonly up: readonly Query[];
  readonly down: readonly Query[];
  /** What stands in them that TypeORM's differ did not write, in words for the record. */
  readonly byHand: readonly string[];
  /** The steps that were carried out before the diff; part of `up` and `down`. */
  readonly told: readonly ToldStep[];
  /** What TypeORM's diff says before the plan: spurious or foreign, and left out. */
  readonly baseline: readonly Query[];
  /** What TypeORM would still generate after the migration, for ever. */
  readonly endless: readonly Query[];
  /** The schema that the statements lead to, names marked. */
  readonly schema: DatabaseSchema;
}

/**
 * The statements of a migration: TypeORM's own diff of the staged entities on a database in which the plan's renames,
 * type changes and enum values are done already, their statements put first. Everything runs in one transaction that is
 * taken back. Throws `generate-failed` or `schema-drift`.
 */
export async function generateTypeormMigration(input: GenerateTypeormInput): Promise<TypeormStatements> {
  const { current, staged, shadow, changes, after, tables } = input;
  const [baseline] = await Promise.all([
    current.log(tables),
    staged.connect().then(() => staged.prepareReplay()),
  ]);
  await shadow.engine.exec('begin');
  try {
    const told = await tellShadow({ changes, child: current, shadow });
    const diff = withoutBaseline(await staged.log(tables), baseline, changes);
    checkDiff(diff.up, after);
    await runDiff(diff.up, shadow);
    const dropped = await dropTables(changes, current, shadow);
    const raw = changes.filter((change) => change.kind === 'raw-sql');
    const endless = withoutBaseline(await staged.log(tables), baseline, changes).up;
    return {
      up: [
        ...told.flatMap(({ up }) => up.map(asQuery)),
        ...diff.up,
        ...dropped.flatMap(({ up }) => up),
        ...raw.map(({ up }) => asQuery(up)),
      ],
      down: [
        ...raw.toReversed().flatMap(({ down }) => (down.trim() === '' ? [] : [asQuery(down)])),
        ...dropped.toReversed().flatMap(({ down }) => down.toReversed()),
        ...diff.down.toReversed(),
        ...told.toReversed().flatMap(({ down }) => down.map(asQuery)),
      ],
      byHand: [
        ...told.map(({ why }) => why),
        ...dropped.map(({ up }) => `the table that the plan drops: \`${up.at(-1)?.sql}\``),
        ...raw.map(({ summary }) => summary),
      ],
      told,
      baseline: baseline.up,
      endless,
      schema: await readTypeormSchema(shadow, current, input.loaded),
    };
  } finally {
    await shadow.engine.exec('rollback');
  }
}

function asQuery(sql: string): Query {
  return { sql: sql.trim().replace(/;$/, '') };
}

/** TypeORM never drops the table of an entity that is gone; its query runner knows how to, and back. */
async function dropTables(
  changes: readonly Change[],
  child: TypeormChild,
  shadow: Shadow,
): Promise<Queries[]> {
  const dropped: Queries[] = [];
  for (const change of changes) {
    if (change.kind !== 'drop-table') continue;
    const statements = await child.statementsFor({ kind: 'drop-table', table: change.table });
    await runDiff(statements.up, shadow);
    dropped.push(statements);
  }
  return dropped;
}

/** CONCURRENTLY has no place in a transaction; for what comes after, a plain index is the same. */
async function runDiff(queries: readonly Query[], shadow: Shadow): Promise<void> {
  for (const { sql, parameters } of queries) await runOn(shadow, sql.replace(CONCURRENTLY, '$1'), parameters);
}

const CONCURRENTLY = /^((?:CREATE(?: UNIQUE)?|DROP) INDEX )CONCURRENTLY /;
