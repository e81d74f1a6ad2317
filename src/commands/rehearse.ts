import { startProject } from '../orm/orms.ts';
import { requireEngine } from '../postgres/engines/open.ts';
import { preparePglite } from '../postgres/engines/pglite.ts';
import type { ExistingMigration } from '../orm/existing.ts';
import { readSettings, type Settings } from '../project/settings.ts';
import { shownPaths } from '../project/shown-paths.ts';
import type { Proof } from '../rehearse/prove.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import type { SeedDump } from '../rehearse/seed-dump.ts';
import type { Unproven } from '../rehearse/unproven.ts';
import { gate, type GateResult } from '../rehearse/gate.ts';
import { rulesOff, withLevels } from '../review/rule-levels.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { endCacheWrites } from '../workspace/own/cache.ts';

export interface RehearseOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Tag or name, number or stamp, or path of a migration; the newest one when absent. */
  readonly migration?: string | undefined;
  /** `pglite` (unless said), `embedded`, or the URL of an empty database. */
  readonly engine?: string | undefined;
  /** Also the whole history on an empty database, as a new environment runs it. */
  readonly fresh?: boolean | undefined;
  /** A plain SQL dump whose rows are rehearsed with, instead of invented ones. */
  readonly seedDump?: string | undefined;
  /** Stop at warnings too, whatever the settings say. */
  readonly enforce: boolean;
  /** How long it may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  /** Read the tables before and after, to show them. */
  readonly readTables?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RehearseOutcome extends GateResult {
  readonly migration: string;
  /** Relative to the project. */
  readonly file: string;
  readonly rollbackFile: string | undefined;
  readonly rehearsal: Rehearsal | undefined;
  readonly notRehearsed: Unproven | undefined;
  readonly notCompared: Unproven | undefined;
  /** Rules that the settings turn off. */
  readonly rulesOff: readonly string[];
  /** The folder of the project; absolute. */
  readonly root: string;
  readonly up: string;
  readonly down: string | undefined;
  /** What each statement does to what was there before. */
  readonly effects: Proof['effects'];
  /** Where they were asked for. */
  readonly tables: Proof['tables'];
  /** Findings that a comment in the file allows. */
  readonly allowed: Proof['allowed'];
}

/**
 * `tableplan rehearse [migration]`: an existing migration, generated or written by hand, up, down (its rollback script, or
 * its `down`) and up again on a disposable Postgres, after the history that comes before it. Writes nothing but its own
 * cache. Throws TableplanError.
 */
export async function runRehearseCommand(options: RehearseOptions): Promise<RehearseOutcome> {
  const { engine = 'pglite', config, timeoutMs } = options;
  requireEngine(engine);
  if (engine === 'pglite') preparePglite();
  const seed =
    options.seedDump === undefined
      ? undefined
      : await (await import('../rehearse/seed-dump.ts')).readSeedDump(options.cwd, options.seedDump);
  const started = await startProject(options.cwd, { config, keep: true, purpose: 'rehearse', timeoutMs });
  options.signal?.addEventListener('abort', () => void started.stop());
  try {
    const settings = await readSettings(started.project.root);
    const { migration, signal, fresh = false } = options;
    const existing = await started.openExisting({ migration, settings, engine, fresh, signal });
    const { root } = started.project;
    const file = posixRelative(root, existing.path);
    const proof = await proofOf(existing, { file, settings, seed, fresh, readTables: options.readTables });
    return {
      migration: existing.name,
      file,
      rollbackFile:
        existing.rollbackPath === undefined ? undefined : posixRelative(root, existing.rollbackPath),
      rehearsal: proof.rehearsal,
      notRehearsed: proof.notRehearsed,
      notCompared: proof.notCompared,
      rulesOff: rulesOff(settings.rules),
      root,
      up: existing.up,
      down: existing.down,
      effects: proof.effects,
      tables: proof.tables,
      allowed: shownPaths(started.project)(existing.inFile(proof.allowed) as typeof proof.allowed),
      ...gate(
        shownPaths(started.project)([
          ...withLevels(existing.findings, settings.rules),
          ...existing.inFile(proof.findings),
        ]),
        {
          safety: undefined,
          enforce: options.enforce || settings.safety === 'enforce',
          mustBeProven: true,
        },
      ),
    };
  } finally {
    await started.stop();
    await endCacheWrites();
  }
}

async function proofOf(
  existing: ExistingMigration,
  options: {
    readonly file: string;
    readonly settings: Settings;
    readonly seed: SeedDump | undefined;
    readonly fresh: boolean;
    readonly readTables: boolean | undefined;
  },
): Promise<Proof> {
  const { settings } = options;
  const { prove } = await import('../rehearse/prove.ts');
  return prove({
    up: existing.up,
    down: existing.down,
    planned: undefined,
    source: existing.source,
    noSource: existing.noSource,
    leftOut: {
      reason: 'The migration fails before any of its SQL runs.',
      how: 'Fix what the findings say.',
    },
    schema: existing.schema,
    review: {
      transaction: existing.transaction,
      file: options.file,
      postgresVersion: settings.postgresVersion,
      optIn: settings.optIn,
      rules: settings.rules,
      assumeTimeouts: settings.assumeTimeouts ?? settings.lockTimeout !== undefined,
    },
    migratorTables: existing.migratorTables,
    history: existing.isRunnable ? existing.replay() : undefined,
    fresh: options.fresh ? () => existing.fresh() : undefined,
    seed: options.seed,
    isManual: false,
    readTables: options.readTables,
  });
}
