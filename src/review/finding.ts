export type Severity = 'error' | 'warning' | 'info';

/** What a rule says of one statement. Rule names are the slugs of the safety catalogue. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, and what it does to a live database. */
  readonly message: string;
  /** SQL (or the step) that does the same without the hazard, for this very statement. */
  readonly fix?: string;
  /**
   * Where other findings of the statement have fixes too: those before this one (`rules`) and its own in one; without
   * `fix` where they do not go together.
   */
  readonly together?: { readonly fix: string | undefined; readonly rules: readonly string[] };
  /** The statement as it stands in the file, without what is before and after it. */
  readonly statement: string;
  /** What the statement is about, for `safety.allow`: `products`, `products.old_field`, an index or type by its name. */
  readonly objects: readonly string[];
  readonly file?: string;
  /** Line and column of the statement, from 1. */
  readonly line: number;
  readonly column: number;
  /** True where the rehearsal saw it happen; false where the statement alone was judged. */
  readonly observed: boolean;
}

/** What a finding is named by beside its rule, as `safety.allow` has it: a column before its table. */
export function objectOf({ objects }: Pick<Finding, 'objects'>): string | undefined {
  return objects.find((name) => name.includes('.')) ?? objects[0];
}

/** Errors and warnings, errors first: what a person has to decide about. */
export function errorsAndWarnings(findings: readonly Finding[]): readonly Finding[] {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity);
  return [...of('error'), ...of('warning')];
}
