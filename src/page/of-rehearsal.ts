import { resolve } from 'node:path';
import type { RehearseOutcome } from '../commands/rehearse.ts';
import { operationsOf } from '../rehearse/transaction-state.ts';
import { barsOf } from './bars.ts';
import { rehearsalFacts, verdictOf, warningsOf } from './facts.ts';
import { textsOf } from './file-texts.ts';
import { findingViews } from './findings.ts';
import { reasonOf } from './reasons.ts';
import { tableChanges } from './tables.ts';
import type { PageView } from './view.ts';

/** The page of a rehearsed migration. Needs `loadSqlParser`. */
export async function pageOfRehearsal(outcome: RehearseOutcome): Promise<PageView> {
  const { rehearsal, tables, findings, stopping, file, root } = outcome;
  const texts = await textsOf(findings, (name) => resolve(root, name));
  const changes = tables ? tableChanges(tables.before, tables.after, operationsOf(outcome.up)) : [];
  return {
    title: `Rehearsal of ${outcome.migration}`,
    verdict: verdictOf(findings, stopping),
    facts: [{ label: 'File', value: file }, ...rehearsalFacts(rehearsal)],
    warnings: warningsOf(outcome),
    findings: [],
    migrations: [
      {
        heading: undefined,
        bars: barsOf(outcome.effects),
        tables: changes,
        tablesNote: changes.length > 0 ? undefined : noteOf(outcome),
        findings: findingViews(findings, (name) => texts.get(name), reasonOf),
        allowed: [
          ...outcome.allowed.map(({ rule, allowed, message }) => ({ rule, reason: allowed, message })),
          ...outcome.overridden.map(({ rule, reason, message }) => ({ rule, reason, message })),
        ],
        up: outcome.up.trim(),
        down: outcome.down?.trim(),
        downNote: 'There is no rollback: no script, and no `down`.',
      },
    ],
  };
}

function noteOf({ rehearsal }: RehearseOutcome): string {
  if (rehearsal === undefined) return 'Not known: the migration was not rehearsed.';
  return rehearsal.up === 'ok' ? 'No table is changed.' : 'The migration fails: no table is changed.';
}
