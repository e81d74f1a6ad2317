import { scanOf } from '../observed.ts';
import { shortName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

export const exclusionConstraint: Rule = {
  name: 'exclusion-constraint',
  id: 'CON-08',
  severity: 'warning',
  reason:
    'An exclusion constraint builds its index while nobody can use the table, and has no form that does not.',
  bad: [
    'ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&);',
    'ALTER TABLE app."Bookings" ADD COLUMN a int, ADD EXCLUDE (a WITH =) WHERE (a > 0);',
  ],
  good: [
    'CREATE TABLE bookings (room int); ALTER TABLE bookings ADD EXCLUDE (room WITH =);',
    'CREATE TABLE bookings (room int, EXCLUDE (room WITH =));',
  ],
  check: eachOperation('add-constraint', ({ table, constraint }, statement) => {
    if (constraint.type !== 'exclude') return undefined;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    return {
      message: `Blocks reads and writes on ${shortName(table)} while the index of the constraint is built: no NOT VALID, no CONCURRENTLY.`,
      fix: `-- in a quiet window, or on a new table that takes the place of this one:\n${withLockTimeout(statement)}`,
      observed: scan === 'seen',
    };
  }),
};
