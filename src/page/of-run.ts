import type { MigrationDraft, RunOutcome } from '../pipeline/types.ts';
import { findingsOf } from '../report/findings.ts';
import { operationsOf } from '../rehearse/transaction-state.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { barsOf } from './bars.ts';
import { rehearsalFacts, verdictOf, warningsOf } from './facts.ts';
import { findingViews } from './findings.ts';
import { reasonOf } from './reasons.ts';
import { tableChanges } from './tables.ts';
import type { PageView } from './view.ts';

/** The page of a migration that was written, shown or stopped; undefined for a run without one. Needs `loadSqlParser`. */
export function pageOfRun(outcome: RunOutcome): PageView | undefined {
  if (!('draft' in outcome)) return undefined;
  const { draft, status } = outcome;
  const { proof, migration, project } = draft;
  const file = (path: string): string => posixRelative(project.root, path);
  const texts = new Map(draft.edits.map(({ path, after }) => [file(path), after ?? undefined]));
  const findings = findingsOf(outcome);
  return {
    title: `Migration ${migration.tag}`,
    verdict: verdictOf(findings, proof.stopping),
    facts: [
      { label: 'File', value: file(migration.sqlPath) },
      { label: 'State', value: STATES[status] },
      ...rehearsalFacts(proof.rehearsal),
      { label: 'Record', value: file(draft.record) },
    ],
    warnings: warningsOf(proof),
    findings: [],
    migrations: [
      {
        heading: undefined,
        bars: barsOf(proof.effects),
        tables: tablesOf(draft),
        tablesNote: undefined,
        findings: findingViews(findings, (name) => texts.get(name), reasonOf),
        allowed: proof.overridden.map(({ rule, reason, message }) => ({ rule, reason, message })),
        up: migration.sql.trim(),
        down: downOf(draft),
        downNote: 'There is no rollback SQL.',
      },
    ],
  };
}

const STATES = {
  done: 'written',
  'dry-run': 'dry run: nothing was written',
  stopped: 'not written: errors were found',
  declined: 'not written',
};

function tablesOf({ before, migration }: MigrationDraft) {
  return tableChanges(before, migration.after, operationsOf(migration.sql));
}

function downOf({ migration }: MigrationDraft): string | undefined {
  const down = migration.down.map((statement) => (/;\s*$/.test(statement) ? statement : `${statement};`));
  return down.length === 0 ? undefined : down.join('\n').trim();
}
