import { relative } from 'node:path';
import { displayName } from '../plan/database-schema.ts';
import { changedObject, describeChange } from '../plan/describe.ts';
import type { TableplanError } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import type { MigrationOutcome } from '../pipeline.ts';
import { summarise } from '../workspace/diff.ts';
import { findingsOf } from './findings.ts';

/** The one object that `--json` prints; keys as in the design, §3. */
export interface JsonReport {
  readonly status: 'ok' | 'no_changes' | 'findings' | 'needs_answer' | 'error';
  readonly [key: string]: unknown;
}

/** A finished run as the `--json` object. Paths are relative to the project. */
export function reportOutcome(outcome: MigrationOutcome): JsonReport {
  if (outcome.status === 'no_changes') {
    return { status: 'no_changes', changes: [], edits: [], findings: outcome.notices.map(toFinding) };
  }
  const { draft } = outcome;
  const path = (file: string): string => relative(draft.project.root, file).replaceAll('\\', '/');
  const findings = findingsOf(outcome);
  return {
    status: outcome.verification && !outcome.verification.ok ? 'findings' : 'ok',
    ...(outcome.status === 'dry-run' ? { dryRun: true } : {}),
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
      down: draft.down,
    },
    findings: findings.map(toFinding),
    record: path(draft.record),
  };
}

/** A failed run as the `--json` object. */
export function reportError(error: TableplanError): JsonReport {
  return {
    status: error.exitCode === 3 ? 'needs_answer' : error.exitCode === 1 ? 'findings' : 'error',
    ...(error.missing.length > 0 ? { missing: error.missing } : {}),
    error: {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.at === undefined ? {} : { at: error.at }),
    },
  };
}

function toFinding(notice: Notice): object {
  return {
    rule: notice.rule,
    severity: notice.severity,
    message: notice.message,
    file: notice.file,
    line: notice.line,
    observed: false,
  };
}
