import { type ErrorCode, TableplanError } from '../../errors.ts';
import type { Change, Notice } from '../change.ts';
import type { DatabaseSchema, ObjectName } from '../database-schema.ts';
import type { Dependant } from '../dependants.ts';
import type { Naming } from '../naming.ts';
import type { ParsedPlan } from '../parse.ts';
import type { PlanPath } from '../plan.ts';
import type { TableNames } from '../table-names.ts';
import type { Capabilities } from './capabilities.ts';
import { applyChange } from './evolve.ts';

/** Something that an earlier state of the schema may have had. */
export type HistoricName =
  | { readonly kind: 'table' | 'enum'; readonly name: ObjectName }
  | {
      readonly kind: 'column' | 'index' | 'unique' | 'foreign-key' | 'check';
      readonly table: ObjectName;
      readonly name: string;
    }
  | { readonly kind: 'enum-value'; readonly enum: ObjectName; readonly name: string };

/** What resolving must ask the outside about. */
export interface ResolveContext {
  readonly naming: Naming;
  readonly capabilities: Capabilities;
  /** What of the database stands on tables and columns, and has no words in a plan. */
  readonly dependants?: (() => Promise<readonly Dependant[]>) | undefined;
  /** What every table's name has, so that plans may leave it out. */
  readonly tableNames?: TableNames | undefined;
  /** Whether an earlier state of the schema had this name: a drop or rename of it counts as done. */
  readonly hadName: (wanted: HistoricName) => Promise<boolean> | boolean;
  /** Whether an earlier migration has this statement (`raw: true`), which no schema shows. */
  readonly hasStatement?: ((sql: string) => Promise<boolean> | boolean) | undefined;
}

/** A plan on its way to becoming changes; `schema` is the one after all `changes` so far. */
export interface Resolving {
  readonly initial: DatabaseSchema;
  schema: DatabaseSchema;
  readonly changes: Change[];
  readonly notices: Notice[];
  /** Those that the plan asks for, done now or earlier, in order. */
  readonly tableRenames: { readonly from: ObjectName; readonly to: ObjectName }[];
  readonly context: ResolveContext;
  readonly at: ParsedPlan['at'];
  readonly frame: ParsedPlan['frame'];
}

/** Adds a change and moves the schema on. */
export function emit(resolving: Resolving, change: Change): void {
  resolving.changes.push(change);
  resolving.schema = applyChange(resolving.schema, change, resolving.context.naming);
}

/** Adds a notice about a place in the plan. */
export function tell(
  resolving: Resolving,
  rule: string,
  message: string,
  path: PlanPath,
  severity: Notice['severity'] = 'info',
): void {
  const { file, line, field } = resolving.at(path);
  resolving.notices.push(
    field === undefined
      ? { severity, rule, message, file, line }
      : { severity, rule, message: `${field}: ${message}` },
  );
}

/** Says that a part of the plan is in the schema already. */
export function tellDone(resolving: Resolving, what: string, path: PlanPath): void {
  tell(resolving, 'already-done', `${what}: done already`, path);
}

export interface ConflictDetails {
  readonly hint?: string | undefined;
  readonly code?: ErrorCode | undefined;
}

/** The error that a place in the plan does not fit the schema: `plan-conflict` unless said. */
export function conflict(
  resolving: Resolving,
  path: PlanPath,
  message: string,
  details: ConflictDetails = {},
): TableplanError {
  const { code = 'plan-conflict', hint } = details;
  const at = resolving.at(path);
  return new TableplanError(code, message, { hint, at, frame: resolving.frame(at) });
}
