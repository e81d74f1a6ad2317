import type { Finding } from '../finding.ts';
import type { RuleInfo } from './judged.ts';

/** What a history says of itself, without regard to its SQL. `file` is absolute. */
export const HISTORY_RULES = {
  'edited-or-missing-applied': {
    id: 'ORM-03',
    reason:
      'Databases that have run a migration never run it again: what is edited in it reaches new databases only, and the two drift apart.',
  },
  'journal-when-not-increasing': {
    id: 'ORM-01',
    reason:
      "Drizzle's migrator compares dates, not names: it skips whatever is not dated after the last migration that it has run.",
  },
  'journal-empty': {
    reason: "Drizzle's migrator runs what the journal names, and says nothing of other files.",
  },
  'snapshot-chain': {
    id: 'ORM-02',
    reason:
      'drizzle-kit compares the schema with the newest snapshot: where that is not the newest migration, the next generate repeats or undoes changes.',
  },
  'schema-without-migration': {
    reason: 'The code will run on a database that nobody has changed for it.',
  },
  'forbidden-tx-override': {
    id: 'ORM-05',
    reason:
      'In one transaction for all there is none for one: TypeORM refuses to run any pending migration then.',
  },
  'migration-out-of-order': {
    reason:
      'TypeORM runs what is pending in the order of the stamps: a database that has the later one already runs this one after it, a new one before it.',
  },
  'migration-stamp': {
    reason: 'TypeORM orders migrations by the last thirteen characters of their names, and by nothing else.',
  },
  'migration-never-runs': {
    reason: 'TypeORM runs what its data source has, and says nothing of other files.',
  },
  synchronize: {
    reason: 'What the application has changed by itself no migration can be sure of.',
  },
} as const satisfies Record<string, RuleInfo>;

type HistoryRule = keyof typeof HISTORY_RULES;

/** A finding about a file as a whole, or about a place in it. */
export function historyFinding(
  rule: HistoryRule,
  about: Pick<Finding, 'message'> & Partial<Finding> & { readonly file: string },
): Finding {
  return {
    rule,
    severity: 'error',
    statement: '',
    objects: [],
    line: 1,
    column: 1,
    observed: false,
    ...about,
  };
}
