import type { Change } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { filledColumn } from '../../plan/filled-columns.ts';
import { readCatalog } from '../../postgres/catalog.ts';
import { checkDiff } from './check-diff.ts';
import type { LoadedDataSource, Queries, Query, TypeormChild } from './child/child.ts';
import { readTypeormSchema } from './history.ts';
import type { Shadow } from './shadow.ts';
import { withKeptConstraints } from './kept-constraints.ts';
import { withoutBaseline } from './subtract.ts';
import type { ModelsAround } from './pre-applied/derived-renames.ts';
import type { PreAppliedStep } from './pre-applied/statements.ts';
import { runOn, tellShadow } from './pre-applied/tell.ts';
import { withPlannedGenerators } from './planned-generators.ts';
import { restoringDown } from './way-back.ts';

export interface GenerateTypeormInput {
  /** The project as it is on disk, connected to the shadow. */
  readonly current: TypeormChild;
  /** The project with the plan's edits, loaded. */
  readonly staged: TypeormChild;
  /** A disposable database with the history; it is left as it is. */
  readonly shadow: Shadow;
  readonly changes: readonly Change[];
  /** The schema of the history. */
  readonly before: DatabaseSchema;
  /** The schema that the changes lead to. */
  readonly after: DatabaseSchema;
  readonly loaded: Pick<LoadedDataSource, 'migrationsTable' | 'metadataTable' | 'schema'>;
  readonly models: ModelsAround;
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
  readonly told: readonly PreAppliedStep[];
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
  const { current, staged, shadow, changes, before, after, tables, models } = input;
  const [baseline] = await Promise.all([
    current.log(tables),
    staged.connect().then(() => staged.prepareReplay()),
  ]);
  await shadow.engine.exec('begin');
  try {
    const start = await readCatalog(shadow.engine);
    const told = await tellShadow({ changes, child: current, shadow, models });
    const found = withoutBaseline(await staged.log(tables), baseline, changes);
    const planned = { ...found, up: withPlannedGenerators(found.up, changes) };
    checkDiff(planned.up, after);
    const diff = changes.some(isRename)
      ? await withKeptConstraints(planned, shadow)
      : { ...planned, reasons: [] };
    await runDiff(diff.up, shadow);
    const dropped = await dropLeft(changes, current, shadow);
    const raw = changes.filter((change) => change.kind === 'raw-sql');
    const endless = withoutBaseline(await staged.log(tables), baseline, changes).up;
    const down = [
      ...raw.toReversed().flatMap((each) => (each.down.trim() === '' ? [] : [asQuery(each.down)])),
      ...dropped.toReversed().flatMap((each) => filled(each.down.toReversed(), before)),
      ...filled(diff.down.toReversed(), before),
      ...told.toReversed().flatMap((each) => each.down.map(asQuery)),
    ];
    return {
      up: [
        ...told.flatMap(({ up }) => up.map(asQuery)),
        ...diff.up,
        ...dropped.flatMap(({ up }) => up),
        ...raw.map(({ up }) => asQuery(up)),
      ],
      // Raw SQL without a way down has none on purpose.
      down: raw.some((each) => each.down.trim() === '') ? down : await restoringDown(shadow, start, down),
      byHand: [
        ...told.map(({ why }) => why),
        ...diff.reasons,
        ...dropped.map(({ up }) => `what the plan drops, and TypeORM would leave: \`${up.at(-1)?.sql}\``),
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

function isRename({ kind }: Change): boolean {
  return kind === 'rename-table' || kind === 'rename-column';
}

/** The queries of a way down, on a table with rows too. */
function filled(queries: readonly Query[], { enums }: DatabaseSchema): readonly Query[] {
  return queries.flatMap((query) => {
    const [first = query.sql, ...then] = filledColumn(query.sql, enums);
    return [{ ...query, sql: first }, ...then.map((sql) => ({ sql }))];
  });
}

function asQuery(sql: string): Query {
  return { sql: sql.trim().replace(/;$/, '') };
}

type Drop = Extract<Change, { readonly kind: 'drop-column' | 'drop-table' }>;

/**
 * What TypeORM leaves and its query runner knows how to drop, and back: the table of an entity that is gone, and in some
 * versions a column of an entity that has a @VirtualColumn.
 */
async function dropLeft(changes: readonly Change[], child: TypeormChild, shadow: Shadow): Promise<Queries[]> {
  const drops = (kind: Drop['kind']) => changes.filter((change): change is Drop => change.kind === kind);
  const dropped: Queries[] = [];
  for (const change of [...drops('drop-column'), ...drops('drop-table')]) {
    if (change.kind === 'drop-column' && !(await hasColumn(shadow, change))) continue;
    const statements = await child.statementsFor(change);
    await runDiff(statements.up, shadow);
    dropped.push(statements);
  }
  return dropped;
}

async function hasColumn(
  { engine }: Shadow,
  { table, column }: Extract<Change, { readonly kind: 'drop-column' }>,
): Promise<boolean> {
  const rows = await engine.query(
    'select from information_schema.columns where table_schema = $1 and table_name = $2 and column_name = $3',
    [table.schema, table.name, column],
  );
  return rows.length > 0;
}

/** CONCURRENTLY has no place in a transaction; for what comes after, a plain index is the same. */
async function runDiff(queries: readonly Query[], shadow: Shadow): Promise<void> {
  for (const { sql, parameters } of queries) await runOn(shadow, sql.replace(CONCURRENTLY, '$1'), parameters);
}

const CONCURRENTLY = /^((?:CREATE(?: UNIQUE)?|DROP) INDEX )CONCURRENTLY /;
