import { basename, dirname, resolve } from 'node:path';
import type { ReviewOutcome } from '../commands/review.ts';
import { readRollback } from '../orm/drizzle/rollback-file.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { readTextIfThere } from '../read-regular-file.ts';
import { operationsOf } from '../rehearse/transaction-state.ts';
import type { KeptSchema, MigrationFile } from '../review/files/migration-file.ts';
import { newTableKeys, newTablesAfter } from '../review/new-tables.ts';
import { targetOf } from '../review/review.ts';
import { readScript } from '../review/script.ts';
import { statementEffects } from '../review/statement-effects.ts';
import { barsOf } from './bars.ts';
import { verdictOf } from './facts.ts';
import { textsOf } from './file-texts.ts';
import { findingViews } from './findings.ts';
import { reasonOf } from './reasons.ts';
import { tableChanges } from './tables.ts';
import type { MigrationView, PageView, TableChange } from './view.ts';

/** Migrations of a page: more of them than anybody looks through. */
const MOST = 50;

/** The page of a review: every migration with its statements and findings. Needs `loadSqlParser`. */
export async function pageOfReview(outcome: ReviewOutcome): Promise<PageView> {
  const { migrations, findings, allowed, stopping, cwd, rules, target } = outcome;
  // Those with findings are not to be the ones that are left out.
  const found = new Set(findings.map(({ file }) => file));
  const shown = [
    ...migrations.filter(({ file }) => found.has(file)),
    ...migrations.filter(({ file }) => !found.has(file)),
  ].slice(0, MOST);
  const why = (rule: string): string => rules[rule]?.reason ?? reasonOf(rule);
  const texts = await textsOf(findings, (name) => resolve(cwd, name));
  const newTables = new Map<string, readonly string[]>();
  const effectsOf = new Map(
    migrations.map((migration) => {
      const { sql, batch, transaction, file } = migration;
      const known = newTables.get(batch) ?? [];
      const options = { ...target, transaction, newTables: known };
      const script = readScript(sql, targetOf(options), { newTables: newTableKeys(known) });
      newTables.set(batch, newTablesAfter(script, known));
      return [file, statementEffects(sql, options)];
    }),
  );
  const views = shown.map(async (migration): Promise<MigrationView> => {
    const { file, sql, path } = migration;
    const tables = await tablesOf(migration);
    const about = findings.filter((finding) => finding.file === file);
    return {
      heading: shown.length > 1 ? file : undefined,
      bars: barsOf(effectsOf.get(file) ?? []),
      tables: tables ?? [],
      tablesNote: tables
        ? 'No table is changed.'
        : 'Not known from the SQL alone. A rehearsal shows them: tableplan rehearse --html FILE',
      findings: findingViews(about, (name) => texts.get(name), why),
      allowed: allowed
        .filter((finding) => finding.file === file)
        .map(({ rule, allowed: reason, message }) => ({ rule, reason, message })),
      up: sql.trim(),
      down: await downScript(path),
      downNote: path.endsWith('.sql')
        ? 'No rollback script was found.'
        : 'A review reads only the SQL up. A rehearsal shows both: tableplan rehearse --html FILE',
    };
  });
  const [only] = migrations;
  return {
    title: migrations.length === 1 ? `Review of ${only!.file}` : `Review of ${migrations.length} migrations`,
    verdict: verdictOf(findings, stopping),
    facts:
      migrations.length > shown.length
        ? [{ label: 'Not shown', value: `${migrations.length - shown.length} more migrations` }]
        : [],
    warnings: [],
    findings: findingViews(
      findings.filter(({ file }) => !shown.some((each) => each.file === file)),
      (name) => texts.get(name),
      why,
    ),
    migrations: await Promise.all(views),
  };
}

/** Undefined where one of the schemas is not known. */
async function tablesOf({
  schemaBefore,
  schemaAfter,
  sql,
}: MigrationFile): Promise<TableChange[] | undefined> {
  const [before, after] = await Promise.all([schemaIn(schemaBefore), schemaIn(schemaAfter)]);
  return before && after && tableChanges(before, after, operationsOf(sql));
}

async function schemaIn(kept: KeptSchema | undefined): Promise<DatabaseSchema | undefined> {
  const text = kept && (await readTextIfThere(kept.path));
  return text === undefined ? undefined : kept?.read(text).catch(() => undefined);
}

/** The rollback script of a Drizzle project. */
async function downScript(path: string): Promise<string | undefined> {
  return path.endsWith('.sql')
    ? (await readRollback(dirname(path), basename(path, '.sql')))?.sql.trim()
    : undefined;
}
