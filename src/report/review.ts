import { resolve } from 'node:path';
import type { ReviewOutcome } from '../commands/review.ts';
import type { Finding } from '../review/finding.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { jsonText } from './terminal-text.ts';

export type ReviewFormat = 'text' | 'json' | 'github' | 'sarif';

/** A review in one of its formats; only that one's module is loaded. */
export async function renderReviewAs(
  format: ReviewFormat,
  outcome: ReviewOutcome,
  options: { readonly color: boolean; readonly version: string },
): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('./review-text.ts')).renderReview(outcome, options);
    case 'json':
      return jsonText((await import('./review-json.ts')).reviewJson(outcome));
    case 'github':
      return (await import('./review-github.ts')).reviewGithub(inRepository(outcome, outcome.findings));
    case 'sarif':
      return (await import('./review-sarif.ts')).reviewSarif({
        findings: inRepository(outcome, outcome.findings),
        allowed: inRepository(outcome, outcome.allowed),
        rules: outcome.rules,
        version: options.version,
      });
  }
}

/** Code hosts know files by their path from the top of the repository. */
function inRepository<Found extends Finding>(
  { cwd, repoRoot }: ReviewOutcome,
  findings: readonly Found[],
): Found[] {
  return findings.map((finding) =>
    finding.file === undefined
      ? finding
      : { ...finding, file: posixRelative(repoRoot, resolve(cwd, finding.file)) },
  );
}
