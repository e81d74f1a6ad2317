import { blockedBy, effectWords, type StatementEffects } from '../review/statement-effects.ts';
import type { BarsView, BarView } from './view.ts';

/** Statements of a page: more of them than anybody looks through. */
const MOST = 200;

/**
 * A bar for each statement, coloured by what it blocks: it begins where the statement runs and ends where its locks are
 * given back, at the end of the transaction.
 */
export function barsOf(effects: readonly StatementEffects[]): BarsView {
  const shown = effects.slice(0, MOST);
  const isRehearsed = effects.some(({ observed }) => observed);
  return {
    heading: isRehearsed
      ? 'What each statement blocked in the rehearsal'
      : 'What each statement is expected to block',
    rows: shown.map((each, index) =>
      barOf(each, index, {
        count: shown.length,
        isRehearsed,
        isHeld: shown.slice(0, index).some(({ locks, heldTo }) => locks.length > 0 && heldTo >= index),
      }),
    ),
    more: effects.length - shown.length,
    isHeld: shown.some(({ locks, heldTo }, index) => locks.length > 0 && heldTo > index),
  };
}

function barOf(
  effects: StatementEffects,
  index: number,
  {
    count,
    isRehearsed,
    isHeld,
  }: { readonly count: number; readonly isRehearsed: boolean; readonly isHeld: boolean },
): BarView {
  const words = effectWords(effects);
  const isExpected = isRehearsed && !effects.observed && !effects.unknown && words.length > 0;
  const end = effects.locks.length > 0 ? Math.min(effects.heldTo, count - 1) : index;
  return {
    number: index + 1,
    sql: effects.sql,
    kind: kindOf(effects),
    left: percent(index / count),
    width: percent((end - index + 1) / count),
    words: [
      ...words.map((word) => (isExpected ? `expected: ${word}` : word)),
      ...(effects.locks.length > 0 || effects.unknown
        ? []
        : [isHeld ? 'no new lock: those above are still held' : 'blocks nothing that was there before']),
    ],
  };
}

function kindOf({ locks, rewrites, scans, unknown }: StatementEffects): BarView['kind'] {
  if (unknown) return 'unknown';
  const blocked = new Set(locks.map(({ mode }) => blockedBy(mode)));
  if (blocked.has('reads and writes')) return 'all';
  if (blocked.has('writes')) return 'writes';
  if (blocked.has('other schema changes')) return 'schema';
  return rewrites.length + scans.length > 0 ? 'work' : 'none';
}

function percent(part: number): string {
  return (part * 100).toFixed(2);
}
