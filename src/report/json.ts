import { relative } from 'node:path';
import { displayName } from '../plan/database-schema.ts';
import { changedObject, describeChange } from '../plan/describe.ts';
import type { TableplanError } from '../errors.ts';
import type { RehearseOutcome } from '../commands/rehearse.ts';
import type { Notice } from '../plan/change.ts';
import type { CodeDraft } from '../crud/code.ts';
import type { CodeOutcome, RunOutcome } from '../pipeline/types.ts';
import { ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Finding } from '../review/finding.ts';
import type { OverriddenFinding } from '../rehearse/gate.ts';
import { summarise } from '../workspace/diff.ts';
import { type FailedCheck, findingsOf, stops } from './findings.ts';
import { fixJson } from './shown-fix.ts';

/** The one object that `--json` prints; keys as in the design, §3. */
export interface JsonReport {
  readonly status:
    'ok' | 'no_changes' | 'findings' | 'written_anyway' | 'limit_exceeded' | 'needs_answer' | 'error';
  readonly [key: string]: unknown;
}

/** A finished run as the `--json` object. Paths are relative to the project. */
export function reportOutcome(outcome: RunOutcome): JsonReport {
  if (outcome.status === 'no_changes') {
    const { repairs, project, notices } = outcome;
    return {
      status: repairs.length > 0 ? 'ok' : 'no_changes',
      changes: [],
      edits: summarise(repairs, project.root),
      findings: notices.map(toFinding),
    };
  }
  if (outcome.status === 'code') return reportCode(outcome);
  const { draft } = outcome;
  const path = (file: string): string => relative(draft.project.root, file).replaceAll('\\', '/');
  const findings = findingsOf(outcome);
  return {
    status: stops(outcome) ? 'findings' : draft.proof.writtenAnyway === undefined ? 'ok' : 'written_anyway',
    ...(outcome.status === 'dry-run' ? { dryRun: true } : {}),
    written: outcome.status === 'done',
    ...(outcome.status === 'stopped' && 'id' in outcome.kept && { draft: outcome.kept.id }),
    changes: draft.changes.map((change) => ({
      kind: change.kind,
      table: displayName(changedObject(change)),
      summary: describeChange(change),
    })),
    edits: summarise(draft.edits, draft.project.root),
    migration: {
      name: draft.migration.tag,
      files: draft.migration.edits.map((edit) => path(edit.path)),
      up: draft.migration.statements,
      down: draft.migration.down,
    },
    findings: findings.map(toFinding),
    ...(draft.rulesOff.length > 0 && { rulesOff: draft.rulesOff }),
    ...(draft.proof.overridden.length > 0 ? { overridden: draft.proof.overridden.map(toFinding) } : {}),
    rehearsal: reportRehearsal(draft.proof),
    record: path(draft.record),
    ...(draft.code && { code: codeReport(draft.code) }),
  };
}

function reportCode(outcome: CodeOutcome): JsonReport {
  return {
    status: stops(outcome) ? 'findings' : 'ok',
    ...(outcome.state === 'dry-run' ? { dryRun: true } : {}),
    written: outcome.state === 'done',
    changes: [],
    edits: summarise(outcome.code.edits, outcome.project.root),
    findings: findingsOf(outcome).map(toFinding),
    code: codeReport(outcome.code),
  };
}

function codeReport({ stack, domains, byHand, install }: CodeDraft): object {
  return { stack, domains: domains.map(displayName), byHand, install };
}

/** A rehearsed migration as the `--json` object. */
export function reportRehearsed(outcome: RehearseOutcome): JsonReport {
  return {
    status: outcome.stopping.length > 0 ? 'findings' : 'ok',
    migration: { name: outcome.migration, files: [outcome.file] },
    findings: outcome.findings.map(toFinding),
    ...(outcome.rulesOff.length > 0 && { rulesOff: outcome.rulesOff }),
    rehearsal: reportRehearsal(outcome),
  };
}

/** A failed run as the `--json` object. */
export function reportError(error: TableplanError): JsonReport {
  return {
    status: statusOf(error),
    ...(error.missing.length > 0 ? { missing: error.missing } : {}),
    error: {
      code: error.code,
      ...(error.rule === undefined ? {} : { rule: error.rule, severity: 'error' }),
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.at === undefined ? {} : { at: error.at }),
      ...(error.frame === undefined ? {} : { frame: error.frame }),
    },
  };
}

function statusOf({ code, exitCode }: TableplanError): JsonReport['status'] {
  if (code === 'limit-exceeded') return 'limit_exceeded';
  return exitCode === 3 ? 'needs_answer' : exitCode === 1 ? 'findings' : 'error';
}

/** Keys as in the design, §3. */
function reportRehearsal({
  rehearsal,
  notRehearsed,
  notCompared,
}: Pick<RehearseOutcome, 'rehearsal' | 'notRehearsed' | 'notCompared'>): object {
  if (!rehearsal) return { state: 'not-rehearsed', ...notRehearsed };
  const {
    engine,
    version,
    up,
    down,
    again,
    rollback,
    lost,
    drift,
    rows,
    gone,
    indexes,
    seeded,
    refused,
    notTested,
  } = rehearsal;
  return {
    state: 'rehearsed',
    ...(rehearsal.comparedWith !== undefined && {
      comparison: { state: 'compared', with: rehearsal.comparedWith },
    }),
    ...(notCompared && {
      comparison: { state: 'not-compared', reason: notCompared.reason, how: notCompared.how },
    }),
    engine,
    version,
    statements: rehearsal.statements.map(({ sql, locks, rewrites, scans, ms, failure }) => ({
      sql,
      locks,
      rewrites,
      scans,
      ms: Math.round(ms * 10) / 10,
      ...(failure && { failure }),
    })),
    up,
    down,
    again,
    rollback,
    ...(rollback !== 'irreversible' && { rollbackHoldsFor: ROLLBACK_HOLDS_FOR }),
    ...(rehearsal.compared && { compared: rehearsal.compared }),
    ...(rehearsal.limits.length > 0 && { rollbackLimits: rehearsal.limits }),
    lost,
    drift,
    rows,
    gone,
    indexes,
    ...(seeded.length > 0 && { seeded }),
    refused,
    notTested,
  };
}

function toFinding(finding: Notice | Finding | FailedCheck | OverriddenFinding): object {
  const isJudged = 'observed' in finding;
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    file: finding.file,
    line: finding.line,
    ...(isJudged && {
      statement: finding.statement,
      objects: finding.objects,
      ...fixJson(finding),
      ...('reason' in finding && { reason: finding.reason }),
    }),
    observed: isJudged && finding.observed,
  };
}
