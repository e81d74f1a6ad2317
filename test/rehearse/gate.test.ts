import { describe, expect, it } from 'vitest';
import { gate } from '../../src/rehearse/gate.ts';
import { unprovenFinding } from '../../src/rehearse/unproven.ts';

const place = { file: 'drizzle/0001_next.sql', severity: 'warning' } as const;
const why = { reason: 'This engine does not have the extension x.', how: 'Name another one.' };

describe.each(['not-rehearsed', 'not-compared'] as const)('a proof that is missing (%s)', (rule) => {
  const missing = unprovenFinding(rule, why, place);
  const stopping = (options: { enforce: boolean; mustBeProven: boolean }) =>
    gate([missing], { safety: undefined, ...options }).stopping.length;

  it('stops whoever asks for one, and whoever stops at warnings', () => {
    expect(stopping({ enforce: false, mustBeProven: true })).toBe(1);
    expect(stopping({ enforce: true, mustBeProven: false })).toBe(1);
    expect(stopping({ enforce: false, mustBeProven: false })).toBe(0);
  });

  it('stops nobody where the plan gives a reason for it', () => {
    const safety = { allow: [{ rule, reason: 'The server of the staging environment proves it.' }] };
    const { stopping: left, overridden } = gate([missing], { safety, enforce: true, mustBeProven: true });
    expect(left).toEqual([]);
    expect(overridden.map(({ reason }) => reason)).toEqual([
      'The server of the staging environment proves it.',
    ]);
  });

  it('is only told where it is in the nature of the migration', () => {
    const expected = unprovenFinding(rule, why, { ...place, severity: 'info' });
    expect(gate([expected], { safety: undefined, enforce: true, mustBeProven: true }).stopping).toEqual([]);
  });
});
