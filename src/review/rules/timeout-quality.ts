import { eachOperation, type Rule } from '../rule.ts';

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** `2s`, `500` (milliseconds), `1min` in seconds; undefined for what is no duration. */
function inSeconds(value: string): number | undefined {
  const [, amount, unit = 'ms'] = /^\s*([\d.]+)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}

export const timeoutQuality: Rule = {
  name: 'timeout-quality',
  id: 'TX-02',
  severity: 'info',
  reason: 'A limit of zero is none, and one of minutes lets everybody queue for minutes.',
  bad: ['SET lock_timeout = 0;', "SET lock_timeout = '10min';", "SET LOCAL lock_timeout = '120s';"],
  good: [
    "SET lock_timeout = '2s';",
    'SET lock_timeout = 500;',
    'RESET lock_timeout;',
    "SET statement_timeout = '10min';",
  ],
  check: eachOperation('set-variable', ({ name, value }) => {
    if (name !== 'lock_timeout' || value === undefined) return undefined;
    const seconds = inSeconds(value);
    if (seconds === undefined || (seconds > 0 && seconds <= 60)) return undefined;
    return {
      message:
        seconds === 0
          ? 'A lock_timeout of 0 waits for ever.'
          : `A lock_timeout of ${value} lets everybody wait that long.`,
      fix: "SET lock_timeout = '2s';",
    };
  }),
};
