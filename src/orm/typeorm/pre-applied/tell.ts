import type { Change } from '../../../plan/change.ts';
import type { DatabaseSchema } from '../../../plan/database-schema.ts';
import { TableplanError } from '../../../errors.ts';
import { SqlFailure } from '../../../postgres/engines/engine.ts';
import { quoteIdentifier } from '../../../postgres/quote.ts';
import { readDatabaseSchema } from '../../../postgres/read-schema.ts';
import type { Step, TypeormChild } from '../child/child.ts';
import type { Shadow } from '../shadow.ts';
import { derivedRenames, type ModelsAround } from './derived-renames.ts';
import { enumStep } from './enums.ts';
import type { StepStatements, PreAppliedStep } from './statements.ts';
import { isTypeChange, typeStep } from './types.ts';

export interface TellInput {
  readonly changes: readonly Change[];
  /** Its query runner writes the renames, with the project's naming strategy. */
  readonly child: Pick<TypeormChild, 'statementsFor'>;
  readonly shadow: Shadow;
  readonly models: ModelsAround;
}

/**
 * Carries out on the disposable database what TypeORM's differ would guess at or lose rows over: renames, new types,
 * values of enums. Its diff then finds them done. Returns the statements, step by step, in the plan's order.
 * Throws `generate-failed` where Postgres refuses one.
 */
export async function tellShadow({ changes, child, shadow, models }: TellInput): Promise<PreAppliedStep[]> {
  const told: PreAppliedStep[] = [];
  for (const change of changes) {
    const step = await stepOf(change, { child, shadow });
    if (!step) continue;
    for (const sql of step.up) await runOn(shadow, sql);
    told.push({ ...step, change });
  }
  // All of them belong to the renames; the last one is as good as any.
  const cause = changes.findLast(({ kind }) => kind === 'rename-table' || kind === 'rename-column');
  for (const derived of derivedRenames(models, changes)) {
    const step = await renameStep(derived, child, shadow);
    for (const sql of step.up) await runOn(shadow, sql);
    if (cause) told.push({ ...step, change: cause });
  }
  return told;
}

interface Telling {
  readonly child: Pick<TypeormChild, 'statementsFor'>;
  readonly shadow: Shadow;
}

async function stepOf(change: Change, telling: Telling): Promise<StepStatements | undefined> {
  const { child, shadow } = telling;
  const now = (): Promise<DatabaseSchema> => readDatabaseSchema(shadow.engine);
  switch (change.kind) {
    case 'rename-table':
    case 'rename-column':
      return renameStep(change, child, shadow);
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
      return enumStep(change, await now());
    case 'create-table':
      return schemaStep(change.table.schema, await now());
    case 'alter-column':
      return isTypeChange(change) ? typeStep(change, await now(), shadow.engine) : undefined;
    case 'create-enum':
    case 'drop-enum':
    case 'drop-table':
    case 'add-column':
    case 'drop-column':
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'add-index':
    case 'drop-index':
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
    case 'add-check':
    case 'drop-check':
    case 'comment':
    case 'raw-sql':
      return undefined;
    default:
      change satisfies never;
      return undefined;
  }
}

/** The first table of a Postgres schema makes it: TypeORM takes it for granted. */
function schemaStep(name: string, { schemas }: DatabaseSchema): StepStatements | undefined {
  if (name === 'public' || schemas.includes(name)) return undefined;
  const schema = quoteIdentifier(name);
  return {
    up: [`CREATE SCHEMA ${schema}`],
    down: [`DROP SCHEMA ${schema}`],
    why: `the schema ${name}, which TypeORM takes for granted`,
  };
}

/**
 * TypeORM's own statements for a rename: they carry along the names that it derives. Those that do not fit the database,
 * since a key there bears another name, are left out.
 */
async function renameStep(
  step: Extract<Step, { readonly kind: `rename-${string}` }>,
  child: Pick<TypeormChild, 'statementsFor'>,
  shadow: Shadow,
): Promise<StepStatements> {
  const { up, down } = await child.statementsFor(step);
  const fitting: { up: string; down: string }[] = [];
  for (const [index, { sql }] of up.entries())
    if (index === 0 || (await fits(shadow, [...fitting.map((pair) => pair.up), sql])))
      fitting.push({ up: sql, down: down[index]?.sql ?? '' });
  return {
    up: fitting.map((pair) => pair.up),
    down: fitting.map((pair) => pair.down).toReversed(),
    why:
      step.kind === 'rename-table'
        ? `the rename of ${step.table.name} to ${step.to}, with the names that hang on it`
        : `the rename of ${step.table.name}.${step.from} to ${step.to}, so that nothing is dropped and added for it`,
  };
}

/** Whether statements run, one after the other; nothing of them stays. */
async function fits({ engine }: Shadow, statements: readonly string[]): Promise<boolean> {
  await engine.exec('savepoint tableplan_fits');
  try {
    for (const sql of statements) await engine.exec(sql);
    return true;
  } catch (error) {
    if (error instanceof SqlFailure) return false;
    throw error;
  } finally {
    await engine.exec('rollback to savepoint tableplan_fits');
  }
}

/** Runs a statement on the disposable database. Throws `generate-failed`, showing it, where Postgres refuses it. */
export async function runOn(
  { engine }: Shadow,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<void> {
  try {
    if (parameters.length > 0) await engine.query(sql, parameters);
    else await engine.exec(sql);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    throw new TableplanError(
      'generate-failed',
      `Postgres refuses a statement of the migration: ${error.message}.`,
      {
        frame: sql,
        hint: `${error.detail === undefined ? '' : `Postgres: ${error.detail}\n`}SQLSTATE ${error.sqlstate}, on an empty database with this project's history. Nothing was written.`,
        cause: error,
      },
    );
  }
}
