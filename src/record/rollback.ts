import type { Change } from '../plan/change.ts';
import { describeCompared, ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { lossesOf } from './impact.ts';

/** How far a rollback leads back: its label with the limit of it, and what the label rests on. */
export interface Rollback {
  readonly label: string;
  readonly explanation: string;
}

/** As the rehearsal proved it; without one the statements say only what is lost. */
export function rollbackOf(changes: readonly Change[], rehearsal: Rehearsal | undefined): Rollback {
  return rehearsal ? rehearsed(rehearsal) : notRehearsed(changes);
}

function rehearsed({ rollback, lost, down, compared, limits }: Rehearsal): Rollback {
  const basis = compared ? `${describeCompared(compared)} compared.` : '';
  const later = limits.map((limit) => ` ${limit.charAt(0).toUpperCase()}${limit.slice(1)}.`).join('');
  if (rollback === 'exact')
    return { label: `exact for ${ROLLBACK_HOLDS_FOR}`, explanation: `${basis}${later}` };
  const what = lost.map((line) => line.replace(/\.$/, '')).join('; ');
  if (rollback === 'schema-only')
    return {
      label: rollback,
      explanation: `Rows do not come back: ${what}. ${basis}${later}`,
    };
  return { label: rollback, explanation: `${down === 'not run' ? 'Not run' : 'Rehearsed'}: ${what}.` };
}

function notRehearsed(changes: readonly Change[]): Rollback {
  const lost = lossesOf(changes);
  return {
    label: 'not rehearsed',
    explanation:
      lost.length > 0
        ? `By its statements the rows do not come back: ${lost.join('; ')}.`
        : 'No statement of this migration drops or converts stored values.',
  };
}
