import { VECTOR_PACKAGE } from '../postgres/engines/pglite.ts';
import type { Finding } from '../review/finding.ts';
import type { Rehearsal } from './rehearse.ts';
import type { ReplayedHistory } from './replayed-history.ts';
import type { SourceCatalogs } from './source-drift.ts';

/** What was not done, and how it can be done. */
export interface Unproven {
  /** A sentence. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly how: string;
}

/** Rules of what is missing as a proof: whoever asks for one is stopped by them. */
export const UNPROVEN_RULES: ReadonlySet<string> = new Set(['not-rehearsed', 'not-compared']);

/** Nobody is stopped by what was left out on purpose. */
export const LEFT_OUT: Unproven = {
  reason: 'The rehearsal was left out on purpose (--no-rehearse).',
  how: 'Run the command without --no-rehearse.',
};

/** A history that cannot be replayed; `isFile` where its migrations are SQL files, whose lines can be named. */
export function notReplayed(failure: NonNullable<ReplayedHistory['failure']>, isFile: boolean): Unproven {
  const { migration, line, message, sqlstate, hint } = failure;
  const where = isFile && line !== undefined ? `line ${line} of ${migration}.sql` : migration;
  return {
    reason: `The history cannot be replayed: ${where} fails (${sqlstate}: ${message}).`,
    how:
      hint ??
      `Fix ${where}; where it needs something that this engine lacks, name one that has it: --engine embedded, or --engine and the URL of an empty database.`,
  };
}

/** Extensions that the migration makes and the engine does not have. */
export function withoutExtensions(names: readonly string[]): Unproven {
  const isVector = names.length === 1 && names[0] === 'vector';
  return {
    reason: `This engine does not have the extension ${names.join(', ')}.`,
    how: isVector
      ? `Run npm install --save-dev ${VECTOR_PACKAGE}.`
      : 'Name the URL of an empty database on a server that has it: --engine postgres://…',
  };
}

/** What the result of a rehearsal was not compared with; `expected` where that is in the nature of it. */
export interface NotCompared extends Unproven {
  readonly isExpected: boolean;
}

/** Whether the result was compared with a plan or a schema source; undefined where it was, or where there is none. */
export function notComparedOf(
  rehearsal: Rehearsal,
  source: SourceCatalogs | string | undefined,
  noSource: NotCompared | undefined,
): NotCompared | undefined {
  if (rehearsal.comparedWith !== undefined || rehearsal.up !== 'ok' || rehearsal.planFailure)
    return undefined;
  if (typeof source === 'string') {
    return {
      reason: source,
      how: 'Name an engine that has what is missing with --engine.',
      isExpected: false,
    };
  }
  return (
    noSource ?? {
      reason: 'The result was not compared with the plan, whose statements cannot run in one transaction.',
      how: 'Split the plan: one part for each statement that has to be committed first.',
      isExpected: false,
    }
  );
}

/** As a finding about the whole file. */
export function unprovenFinding(
  rule: 'not-rehearsed' | 'not-compared',
  { reason, how }: Pick<Unproven, 'reason'> & Partial<Unproven>,
  place: { readonly file: string | undefined; readonly severity: Finding['severity'] },
): Finding {
  return {
    rule,
    severity: place.severity,
    message: `${rule === 'not-rehearsed' ? 'Nothing was rehearsed' : 'The result was not compared'}: ${reason}`,
    ...(how !== undefined && { fix: how }),
    statement: '',
    objects: [],
    ...(place.file !== undefined && { file: place.file }),
    line: 1,
    column: 1,
    observed: true,
  };
}
