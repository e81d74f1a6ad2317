import { describe, expect, it } from 'vitest';
import { LimitExceeded, parseDuration, parseSize } from '../src/limits.ts';
import { reportError } from '../src/report/json.ts';

const limits = { timeoutMs: 90_000, memoryBytes: 512 * 1024 * 1024 };

describe('a limit', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['5 min', 300_000],
    ['1h', 3_600_000],
    ['250ms', 250],
  ])('is a time: %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '0s', '5', '-5s', '1.5m', '5 days', 'for ever'])('is no time: "%s"', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it.each([
    ['512MB', 512 * 1024 ** 2],
    ['2 GB', 2 * 1024 ** 3],
  ])('is a size: %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', '0MB', '2', '2TB'])('is no size: "%s"', (text) => expect(parseSize(text)).toBeUndefined());

  it('that is reached says what was going on, at which statement, and how to raise it', () => {
    const error = new LimitExceeded({ limit: 'time', limits, statement: 'SELECT\n  pg_sleep(1e9)' }).during(
      'The migration 0007_slow',
      { file: 'drizzle/0007_slow.sql' },
    );
    expect(error.message).toBe(
      'The migration 0007_slow did not end within 90 seconds and was stopped, at: SELECT pg_sleep(1e9)',
    );
    expect(error.hint).toContain('--timeout 450s');
    expect(error).toMatchObject({
      code: 'limit-exceeded',
      exitCode: 1,
      at: { file: 'drizzle/0007_slow.sql' },
    });
    expect(reportError(error)).toMatchObject({ status: 'limit_exceeded', error: { code: 'limit-exceeded' } });
    // Whoever knew first knows best.
    expect(error.during('Something').message).toBe(error.message);
    expect(error.withoutStatement().message).not.toContain('pg_sleep');
  });

  it('of memory names the setting', () => {
    const error = new LimitExceeded({ limit: 'memory', limits });
    expect(error.message).toContain('more than 512 MB of memory');
    expect(error.hint).toContain('"memory": "1GB"');
  });
});
