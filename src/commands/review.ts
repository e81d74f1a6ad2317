import { realpath } from 'node:fs/promises';
import { TableplanError } from '../errors.ts';
import { namedSubject } from '../orm/named-subject.ts';
import { locateProject } from '../orm/orms.ts';
import type { ReviewSubject } from '../orm/review-subject.ts';
import { cacheFolder } from '../project/cache-folder.ts';
import { findRepoRoot } from '../project/folders.ts';
import { readSettings } from '../project/settings.ts';
import type { Finding, Severity } from '../review/finding.ts';
import { rulesOff, withLevels } from '../review/rule-levels.ts';
import { HISTORY_RULES } from '../review/files/history-findings.ts';
import { judgeFiles, type Verdict } from '../review/files/judge.ts';
import type { JudgeOptions } from '../review/files/judged.ts';
import type { MigrationFile } from '../review/files/migration-file.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
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

async function subjectOf(options: ReviewCommandOptions): Promise<ReviewSubject> {
  const { cwd, files, since, all } = options;
  if (Number(files.length > 0) + Number(since !== undefined) + Number(all) > 1) {
    throw new TableplanError('usage', 'Files, --since and --all exclude each other.', {
      hint: 'Name files, or the ref since which migrations are new, or --all.',
    });
  }
  if (files.length > 0) return namedSubject(cwd, files, options);
  const located = await locateProject(cwd, options);
  return located.reviewSubject(options);
}
