import type { Finding } from '../finding.ts';
import type { AllowedFinding } from '../review.ts';
import type { RuleLevels } from '../rule-levels.ts';
import type { TransactionMode } from '../rule.ts';

/** What is known of a rule where its findings are shown. */
export interface RuleInfo {
  /** The catalogue's id, such as `IDX-01`, where it is in the catalogue. */
  readonly id?: string | undefined;
  readonly reason: string;
}

export type RuleInfos = Readonly<Record<string, RuleInfo>>;

/** What the review says of a file's text; nothing in it depends on where the file lies. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  /** Tables that are still new after it, for the files that are applied together with it; empty where none follows. */
  readonly newTables: readonly string[];
  /** About every rule that has found something. */
  readonly rules: RuleInfos;
}

export interface JudgeOptions {
  readonly postgresVersion: number | undefined;
  readonly assumeTimeouts: boolean;
  readonly optIn: readonly string[];
  readonly rules?: RuleLevels | undefined;
  /** `all` unless given. */
  readonly transaction?: TransactionMode | undefined;
}
