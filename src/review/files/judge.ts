import { readTextIfThere } from '../../read-regular-file.ts';
import type { Finding } from '../finding.ts';
import type { AllowedFinding } from '../review.ts';
import type { Judged, JudgeOptions, RuleInfos } from './judged.ts';
import { reviewCache, keyOf } from './review-cache.ts';
import type { MigrationFile } from './migration-file.ts';

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  readonly rules: RuleInfos;
}

export interface JudgeFilesOptions extends JudgeOptions {
  /** Where findings are kept; undefined keeps none. */
  readonly cacheFolder: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reviews files, batch by batch in their order. What an earlier run has seen unchanged is not judged again; where that is
 * all of it, neither parser nor rules are loaded.
 */
export async function judgeFiles(
  files: readonly MigrationFile[],
  { cacheFolder, signal, ...options }: JudgeFilesOptions,
): Promise<Verdict> {
  const kept = cacheFolder === undefined ? undefined : await reviewCache(cacheFolder);
  let judge: ReturnType<typeof loadJudge> | undefined;
  const newTables = new Map<string, readonly string[]>();
  const lastOf = new Map(files.map(({ batch }, index) => [batch, index]));
  const verdicts: (readonly [migration: MigrationFile, judged: Judged])[] = [];
  for (const [index, migration] of files.entries()) {
    const { sql, batch, schemaBefore, transaction } = migration;
    signal?.throwIfAborted();
    const circumstances = {
      ...options,
      newTables: newTables.get(batch) ?? [],
      isFollowed: lastOf.get(batch) !== index,
      ...(transaction !== undefined && { transaction }),
    };
    const schema = schemaBefore && (await readTextIfThere(schemaBefore.path));
    const key = kept && keyOf([...Object.values(circumstances), schema], sql);
    const known = key === undefined ? undefined : kept?.get(key);
    const judged =
      known ??
      (await (judge ??= loadJudge()))(sql, {
        ...circumstances,
        // One that cannot be read leaves the SQL to be judged by itself.
        schema: schema === undefined ? undefined : await schemaBefore?.read(schema).catch(() => undefined),
      });
    if (key !== undefined && !known) kept?.set(key, judged);
    newTables.set(batch, judged.newTables);
    verdicts.push([migration, judged]);
  }
  await kept?.save();
  return {
    findings: verdicts.flatMap(([migration, { findings }]) =>
      findings.map((finding) => placed(finding, migration)),
    ),
    allowed: verdicts.flatMap(([migration, { allowed }]) =>
      allowed.map((finding) => placed(finding, migration)),
    ),
    rules: Object.assign({}, ...verdicts.map(([, { rules }]) => rules)) as RuleInfos,
  };
}

/** What is kept depends on the text alone; where it lies is said anew. */
function placed<Found extends Finding>(finding: Found, { file, inFile }: MigrationFile): Found {
  return { ...finding, ...inFile?.(finding), file };
}

/** The parser and the rules, loaded when the first file needs them. */
async function loadJudge() {
  const { judgeText, loadSqlParser } = await import('./judge-text.ts');
  await loadSqlParser();
  return judgeText;
}
