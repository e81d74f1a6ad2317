import type { StartedProject } from '../orm/orm.ts';
import { startProject } from '../orm/orms.ts';
import { basename, join } from 'node:path';
import { indexMigrations } from '../docs/migrations-index.ts';
import { pageEdit, type PageEdit, type Staleness } from '../docs/pages.ts';
import { isRecordName, readRecord, type RecordFacts } from '../docs/record-facts.ts';
import type { Notice } from '../plan/change.ts';
import { filesIn, textOrNull } from '../project/doc-files.ts';
import type { ProjectBase } from '../project/project.ts';
import { readSettings } from '../project/settings.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { endCacheWrites } from '../workspace/own/cache.ts';
import { requireInside } from '../workspace/inside.ts';
import { inWorkspace } from '../workspace/session.ts';
import { backfill } from './docs-backfill.ts';
import { readFacts } from './docs-facts.ts';
import { type DocsContext, RECORDS } from './docs-context.ts';
import { allPages } from './docs-pages.ts';
import { shownPaths } from '../project/shown-paths.ts';

export interface DocsOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Write nothing; the outcome says what is not up to date. */
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Write records for migrations that have none. */
  readonly backfill: boolean;
  /** How long the project's config may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface DocsOutcome {
  readonly status: 'no_changes' | 'done' | 'dry-run' | 'stale';
  readonly project: ProjectBase;
  readonly edits: readonly FileEdit[];
  /** Why each of `edits` is to be, in the same order. */
  readonly why: readonly Staleness[];
  readonly notices: readonly Notice[];
}

/**
 * `tableplan docs`: the index of migrations, the diagram of the schema, the guide, the skill, and the histories in the
 * READMEs of modules, in one flush. What people wrote outside the marked parts stays byte for byte. Needs no database.
 * Throws TableplanError (`docs-damaged` for markers that do not match); nothing was written then.
 */
export async function runDocsCommand(options: DocsOptions): Promise<DocsOutcome> {
  const isDry = options.dryRun || options.check;
  const started = await startProject(options.cwd, {
    config: options.config,
    keep: !isDry,
    timeoutMs: options.timeoutMs,
  });
  options.signal?.addEventListener('abort', () => void started.stop());
  const { project } = started;
  const { say, signal } = options;
  const workspace = { root: project.root, repoRoot: project.repoRoot, dryRun: isDry, say, signal };
  try {
    return await inWorkspace(workspace, async (flush) => {
      const { changes, notices } = await draftDocs(started, options);
      const all = shownPaths(project)([...notices, ...changes.flatMap((change) => change.notices)]);
      const outcome = {
        project,
        edits: changes.map(({ edit }) => edit),
        why: changes.map(({ why }) => why),
        notices: all,
      };
      if (changes.length === 0) return { ...outcome, status: 'no_changes' };
      await requireInside(outcome.edits, project.repoRoot);
      if (options.check) return { ...outcome, status: 'stale' };
      if (options.dryRun) return { ...outcome, status: 'dry-run' };
      signal?.throwIfAborted();
      await flush(outcome.edits);
      return { ...outcome, status: 'done' };
    });
  } finally {
    await started.stop();
    await endCacheWrites();
  }
}

async function draftDocs(
  started: StartedProject,
  options: DocsOptions,
): Promise<{ changes: PageEdit[]; notices: readonly Notice[] }> {
  const { project } = started;
  const { root } = project;
  const settings = await readSettings(root);
  const keep = !options.dryRun && !options.check;
  const orm = await started.open({
    settings,
    rehearse: false,
    readOnly: true,
    keep,
    engine: 'pglite',
    signal: options.signal,
  });
  try {
    const documented = await orm.documented();
    const opened: DocsContext = {
      project,
      settings,
      orm,
      documented,
      shown: (path: string) => posixRelative(root, path),
    };
    const existing = await readRecords(root);
    const backfilled = options.backfill
      ? await backfill(opened, indexMigrations(documented.migrations, existing))
      : { edits: [], notices: [] };
    const written = backfilled.edits.map(({ path, after }) => readRecord(basename(path), after));
    const index = indexMigrations(documented.migrations, [...existing, ...written]);
    const facts = await readFacts(started, opened, options);
    const pages = await allPages(opened, facts, index);
    const changes = await Promise.all(
      pages.map(async (page) => pageEdit(page, await textOrNull(page.path), opened.shown(page.path))),
    );
    return {
      changes: [
        ...backfilled.edits.map((edit) => ({ edit, why: 'missing' as const, notices: [] })),
        ...changes.filter((change) => change !== undefined),
      ],
      notices: [...orm.notices, ...backfilled.notices],
    };
  } finally {
    await orm.close();
  }
}

async function readRecords(root: string): Promise<RecordFacts[]> {
  const names = (await filesIn(join(root, RECORDS))).filter(isRecordName);
  return Promise.all(
    names.map(async (name) => readRecord(name, (await textOrNull(join(root, RECORDS, name))) ?? '')),
  );
}
