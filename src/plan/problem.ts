import type { PlanPath } from './plan.ts';

export interface ProblemDetails {
  readonly code?: 'plan-invalid' | 'plan-not-supported' | undefined;
  /** UTF-16 offset into the text at `path`. */
  readonly offset?: number | undefined;
  /** The problem is the key itself, not what stands behind it. */
  readonly key?: string | undefined;
  readonly hint?: string | undefined;
}

/** What is wrong with a plan, by its place in the plan's data; `parse.ts` turns it into file, line and column. */
export class PlanProblem extends Error {
  override readonly name = 'PlanProblem';
  readonly path: PlanPath;
  readonly details: ProblemDetails;

  constructor(path: PlanPath, message: string, details: ProblemDetails = {}) {
    super(message);
    this.path = path;
    this.details = details;
  }
}
