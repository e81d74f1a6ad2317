import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TableplanError } from '../errors.ts';
import { outFolder } from '../orm/drizzle/out-folder.ts';
import { cacheFolder } from '../project/cache-folder.ts';
import { findRepoRoot, packageFolder } from '../project/folders.ts';
import type { ProjectLocation } from '../project/locate.ts';
import { locateAny } from '../project/locate-any.ts';
import type { TypeormLocation } from '../project/typeorm-locate.ts';
import { readSettings } from '../project/settings.ts';
import type { Finding, Severity } from '../review/finding.ts';
import { rulesOff, withLevels } from '../review/rule-levels.ts';
import { HISTORY_RULES, historyFinding, skippedEntries } from '../review/files/history-findings.ts';
import { judgeFiles, type Verdict } from '../review/files/judge.ts';
import type { JudgeOptions } from '../review/files/judged.ts';
import type { MigrationFile } from '../review/files/migration-file.ts';
import {
  codeAmong,
  everyMigration,
  type MigrationsFolder,
  namedFiles,
  oneBatch,
  readMigrationsFolder,
  unnamedFiles,
} from '../review/files/select.ts';
import { posixRelative } from '../workspace/diff.ts';
import { endCacheWrites } from '../workspace/own/cache.ts';

export interface ReviewCommandOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** SQL files, TypeORM's migrations, or folders of either; without them the project's migrations are looked for. */
  readonly files: readonly string[];
  /** Those that were added since a git ref. */
  readonly since?: string | undefined;
  /** Every migration of the project. */
  readonly all: boolean;
  /** Instead of the one in the settings. */
  readonly postgresVersion?: number | undefined;
  readonly failOn: Severity;
  /** False looks at every file anew and keeps nothing. */
  readonly cache: boolean;
  /** How long migrations that have to be run may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReviewOutcome extends Verdict {
  /** Those of `findings` that end the command with exit code 1. */
  readonly stopping: readonly Finding[];
  /** Rules that the settings turn off. */
  readonly rulesOff: readonly string[];
  /** The ref that was asked for. */
  readonly since: string | undefined;
  /** How many files were reviewed. */
  readonly files: number;
  readonly migrations: readonly MigrationFile[];
  /** What the SQL was judged against. */
  readonly target: Pick<JudgeOptions, 'postgresVersion' | 'assumeTimeouts'>;
  /** The folder to which files in findings are relative, and the top of its repository; absolute. */
  readonly cwd: string;
  readonly repoRoot: string;
}

/** What is to be reviewed, and what its history says already. */
interface Subject {
  readonly root: string;
  readonly files: readonly MigrationFile[];
  /** `file` is absolute. */
  readonly findings: readonly Finding[];
}

/**
 * `tableplan review [files…] [--since REF] [--all]`: findings for existing migrations, the newest unless said otherwise.
 * Needs no database (but for TypeORM's migrations that have to be run to know their SQL: a disposable one); runs the
 * project's config only where its text does not say where the migrations are. Throws TableplanError.
 */
export function runReviewCommand(options: ReviewCommandOptions): Promise<ReviewOutcome> {
  return reviewed(options).finally(endCacheWrites);
}

async function reviewed(options: ReviewCommandOptions): Promise<ReviewOutcome> {
  const cwd = await realpath(options.cwd).catch(() => options.cwd);
  const subject = await subjectOf({ ...options, cwd });
  const { root, files } = subject;
  const [settings, repoRoot] = await Promise.all([readSettings(root), findRepoRoot(root)]);
  const target = {
    postgresVersion: options.postgresVersion ?? settings.postgresVersion,
    assumeTimeouts: settings.assumeTimeouts ?? settings.lockTimeout !== undefined,
  };
  const verdict = await judgeFiles(files, {
    ...target,
    optIn: settings.optIn ?? [],
    rules: settings.rules,
    cacheFolder: options.cache ? await cacheFolder({ root, repoRoot }) : undefined,
    signal: options.signal,
  });
  const history = withLevels(subject.findings, settings.rules).map((finding) => ({
    ...finding,
    ...(finding.file !== undefined && { file: posixRelative(cwd, finding.file) }),
  }));
  const findings = [...history, ...verdict.findings];
  return {
    ...verdict,
    findings,
    rules: { ...HISTORY_RULES, ...verdict.rules },
    stopping: findings.filter(({ severity }) => RANK[severity] <= RANK[options.failOn]),
    rulesOff: rulesOff(settings.rules),
    since: options.since,
    files: files.length,
    migrations: files,
    target,
    cwd,
    repoRoot,
  };
}

const RANK = { error: 0, warning: 1, info: 2 };

async function subjectOf(options: ReviewCommandOptions): Promise<Subject> {
  const { cwd, files, since, all } = options;
  if (Number(files.length > 0) + Number(since !== undefined) + Number(all) > 1) {
    throw new TableplanError('usage', 'Files, --since and --all exclude each other.', {
      hint: 'Name files, or the ref since which migrations are new, or --all.',
    });
  }
  if (files.length > 0) return named(cwd, files, options);
  const { orm, project } = await locateAny(cwd, options);
  return orm === 'drizzle' ? drizzleSubject(project, options) : ofTypeorm(project, options);
}

async function drizzleSubject(
  project: ProjectLocation,
  { cwd, since, all, timeoutMs }: ReviewCommandOptions,
): Promise<Subject> {
  const found = await readMigrationsFolder(await outFolder(project, timeoutMs));
  const { root } = project;
  const { brokenChain, missingFiles } = await import('../review/files/chain-findings.ts');
  const { folder, findings: missing } = missingFiles(found);
  const broken = await brokenChain(folder);
  const chain = [...missing, ...broken.filter(({ file }) => !missing.some((each) => each.file === file))];
  const unnamed = since === undefined ? await unnamedFiles(folder) : [];
  if (unnamed.length > 0) {
    const subject = await withoutJournal(cwd, root, unnamed, all);
    return { ...subject, findings: [...missing, ...subject.findings] };
  }
  if (all) return { root, files: everyMigration(cwd, folder), findings: chain };
  if (since !== undefined) {
    const { files: added, findings } = await changedSince(folder, {
      cwd,
      project,
      ref: since,
      timeoutMs,
      journal: found,
    });
    // Who has deleted a file is told with the commit.
    const others = chain.filter(({ file }) => !findings.some((each) => each.file === file));
    return { root, files: added, findings: [...others, ...findings] };
  }
  const newest = folder.entries.slice(-1);
  return {
    root,
    files: oneBatch(cwd, folder, newest),
    findings: [...chain, ...skippedEntries(folder, newest)],
  };
}

/** Migrations that no journal names: they are reviewed all the same, and it is said that no migrator runs them. */
async function withoutJournal(
  cwd: string,
  root: string,
  unnamed: readonly string[],
  all: boolean,
): Promise<Subject> {
  const [first = ''] = unnamed;
  const count = unnamed.length === 1 ? 'a SQL file lies' : `${unnamed.length} SQL files lie`;
  return {
    root,
    files: await namedFiles(cwd, all ? unnamed : unnamed.slice(-1)),
    findings: [
      historyFinding('journal-empty', {
        file: first,
        message: `The journal (meta/_journal.json) names no migration that is there, but ${count} in its folder: drizzle-kit migrate runs none of them.`,
        fix: 'Restore meta/ from version control. If the files are run by hand, keep them in another folder than `out`.',
      }),
    ],
  };
}

/** Loaded only where it is the project's. */
async function ofTypeorm(project: TypeormLocation, options: ReviewCommandOptions): Promise<Subject> {
  const [{ lazyTypeorm }, { typeormSubject }] = await Promise.all([
    import('../orm/typeorm/review/lazy.ts'),
    import('../orm/typeorm/review/subject.ts'),
  ]);
  const lazy = lazyTypeorm(project, options);
  options.signal?.addEventListener('abort', () => void lazy.stop());
  try {
    return { root: project.root, ...(await typeormSubject(lazy, options)) };
  } finally {
    await lazy.stop();
  }
}

/** The settings are those of the package that the first file lies in. */
async function named(
  cwd: string,
  names: readonly string[],
  options: Pick<ReviewCommandOptions, 'config' | 'cache'>,
): Promise<Subject> {
  const { code, other } = await codeAmong(cwd, names);
  const sql = other.length > 0 ? await namedFiles(cwd, other) : [];
  const typeorm =
    code.length > 0
      ? await (await import('../orm/typeorm/review/named-files.ts')).namedTypeormFiles(cwd, code, options)
      : { files: [], findings: [] };
  const files = [...sql, ...typeorm.files];
  return { root: await packageFolder(dirname(files[0]?.path ?? cwd)), files, findings: typeorm.findings };
}

/** The migrations that a branch adds, and what it does to those before it and to the schema. */
async function changedSince(
  folder: MigrationsFolder,
  {
    cwd,
    project,
    ref,
    timeoutMs,
    journal,
  }: Pick<ReviewCommandOptions, 'cwd' | 'timeoutMs'> & {
    readonly project: ProjectLocation;
    readonly ref: string;
    /** With the migrations whose files are missing. */
    readonly journal: MigrationsFolder;
  },
): Promise<Pick<Subject, 'files' | 'findings'>> {
  const [{ changesSince }, { editedSince, entriesBefore }, { schemaWithoutMigration }] = await Promise.all([
    import('../project/git.ts'),
    import('../review/files/history-findings.ts'),
    import('../review/files/schema-findings.ts'),
  ]);
  const changes = await changesSince(project.repoRoot, ref);
  const before = await entriesBefore(journal, changes);
  const tags = new Set(before.map(({ tag }) => tag));
  const added = folder.entries.filter(({ tag }) => !tags.has(tag));
  return {
    findings: [
      ...(await editedSince(journal, before, changes)),
      ...skippedEntries(folder, added),
      ...(await schemaWithoutMigration(project, folder.outDir, changes, timeoutMs)),
    ],
    files: oneBatch(cwd, folder, added),
  };
}
