import type { OperationOf } from '../operation.ts';
import type { Hit, Rule, Script, Statement } from '../rule.ts';
import { strongLocks } from '../strong-locks.ts';

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** Longer than that, and users have gone. */
const MOST_SECONDS = 30;

/** `2s`, `500` (milliseconds), `1min` in seconds; undefined for what is no duration. */
function inSeconds(value: string): number | undefined {
  const [, amount, unit = 'ms'] = /^\s*([\d.]+)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}

function judge({ name, value, local }: OperationOf<'set-variable'>, { before }: Statement) {
  const set = local || before.inTransaction ? 'SET LOCAL' : 'SET';
  if (local && value !== undefined && !before.inTransaction && /^(?:lock|statement)_timeout$/.test(name)) {
    return {
      severity: 'warning' as const,
      message: `SET LOCAL outside a transaction changes nothing: ${name} stays what it was.`,
      fix: `SET ${name} = '${value}';`,
    };
  }
  if (name !== 'lock_timeout' || value === undefined) return undefined;
  const seconds = inSeconds(value);
  if (seconds === undefined || (seconds > 0 && seconds <= MOST_SECONDS)) return undefined;
  const message =
    seconds === 0
      ? 'A lock_timeout of 0 waits for ever.'
      : `With a lock_timeout of ${value} everybody may queue behind it for that long.`;
  return { message, fix: `${set} lock_timeout = '2s';` };
}

/** The first strong lock comes before the limit, or has no limit to the work itself. */
function* order(script: Script): Iterable<Hit> {
  if (script.target.assumeTimeouts) return;
  const first = script.statements.find((statement) => strongLocks(statement, script).length > 0);
  if (!first) return;
  const late = script.statements
    .slice(script.statements.indexOf(first) + 1)
    .find(({ operations }) =>
      operations.some(
        (operation) =>
          operation.kind === 'set-variable' && operation.name === 'lock_timeout' && operation.value,
      ),
    );
  const hasLimit = first.before.setting('lock_timeout') !== undefined;
  if (late && !hasLimit) {
    yield {
      statement: late,
      message: `It comes after the first statement that waits for a lock (line ${first.line}).`,
      fix: `${late.text};\n${first.text};`,
    };
  }
  if (hasLimit && first.before.setting('statement_timeout') === undefined) {
    const set = first.before.inTransaction ? 'SET LOCAL' : 'SET';
    yield {
      statement: first,
      message: 'lock_timeout limits how long it waits; nothing limits how long it holds the lock.',
      fix: `${set} statement_timeout = '30s';\n${first.text};`,
    };
  }
}

export const timeoutQuality: Rule = {
  name: 'timeout-quality',
  id: 'TX-02',
  severity: 'info',
  reason:
    'A limit of zero is none, one of minutes lets everybody queue for minutes, and one set too late protects nothing.',
  bad: [
    'SET lock_timeout = 0;',
    "SET lock_timeout = '10min';",
    "BEGIN; SET LOCAL lock_timeout = '120s'; COMMIT;",
    "SET LOCAL lock_timeout = '2s'; ALTER TABLE users ADD COLUMN a int;",
    "ALTER TABLE users ADD COLUMN a int; SET lock_timeout = '2s';",
    "SET lock_timeout = '2s'; ALTER TABLE users ADD COLUMN a int;",
  ],
  good: [
    "SET lock_timeout = '2s';",
    'SET lock_timeout = 500;',
    'RESET lock_timeout;',
    "SET statement_timeout = '10min';",
    "SET lock_timeout = '2s'; SET statement_timeout = '10s'; ALTER TABLE users ADD COLUMN a int;",
    { sql: "SET LOCAL lock_timeout = '2s';", target: { transaction: 'each' } },
    { sql: "SET lock_timeout = '2s'; ALTER TABLE users ADD a int;", target: { assumeTimeouts: true } },
  ],
  *check(script) {
    for (const statement of script.statements) {
      for (const operation of statement.operations) {
        const hit = operation.kind === 'set-variable' ? judge(operation, statement) : undefined;
        if (hit) yield { ...hit, statement };
      }
    }
    yield* order(script);
  },
};
