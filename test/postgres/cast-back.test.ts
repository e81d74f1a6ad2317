import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { castBack, refusingCast } from '../../src/postgres/cast-back.ts';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { startPglite } from '../../src/postgres/engines/pglite.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

let engine: Engine;
beforeAll(async () => {
  await loadSqlParser();
  engine = await startPglite({ extensions: [] });
}, 600_000);
afterAll(() => engine.close());

const STAMP = '2026-03-01 12:34:56.789';

describe('the way back of a type change', () => {
  it.each<[string, string, string, string, string]>([
    ['timestamp', 'timestamptz', "at AT TIME ZONE 'UTC'", `"at" AT TIME ZONE 'UTC'`, STAMP],
    [
      'timestamp without time zone',
      'timestamp with time zone',
      `"at" at time zone 'Asia/Tokyo'`,
      `"at" AT TIME ZONE 'Asia/Tokyo'`,
      STAMP,
    ],
    [
      'timestamptz',
      'timestamp',
      "timezone('Asia/Tokyo', at)",
      `"at" AT TIME ZONE 'Asia/Tokyo'`,
      `${STAMP}+00`,
    ],
    [
      'timestamp',
      'timestamptz(3)',
      "(at AT TIME ZONE 'UTC')::timestamptz(3)",
      `("at"::timestamptz) AT TIME ZONE 'UTC'`,
      STAMP,
    ],
    [
      'timestamp(3)',
      'timestamptz(3)',
      "at AT TIME ZONE 'UTC'",
      `("at" AT TIME ZONE 'UTC')::timestamp(3)`,
      STAMP,
    ],
    ['text', 'timestamptz', "at::timestamp AT TIME ZONE 'UTC'", `("at" AT TIME ZONE 'UTC')::text`, STAMP],
    [
      'date',
      'timestamptz',
      "at::timestamp AT TIME ZONE 'Asia/Tokyo'",
      `("at" AT TIME ZONE 'Asia/Tokyo')::date`,
      '2026-03-01',
    ],
    [
      'timestamptz',
      'text',
      "(at AT TIME ZONE 'UTC')::text",
      `("at"::timestamp) AT TIME ZONE 'UTC'`,
      `${STAMP}+00`,
    ],
    ['bigint', 'timestamptz', 'to_timestamp(at)', '(extract(epoch from "at"))::bigint', '1767225600'],
    [
      'timestamptz',
      'bigint',
      'extract(epoch from at)::bigint',
      'to_timestamp("at"::numeric)',
      '2026-03-01 12:34:56+00',
    ],
    ['timestamp', 'timestamptz', `events.at AT TIME ZONE 'it''s'`, `"at" AT TIME ZONE 'it''s'`, ''],
  ])(
    'from %s to %s by %s is %s, which brings the value back in every time zone',
    async (from, to, using, back, value) => {
      expect(castBack({ column: 'at', from, to, using })).toBe(back);
      if (value === '') return;
      for (const zone of ['UTC', 'Asia/Kolkata', 'America/St_Johns']) {
        await engine.exec(
          `drop table if exists events; create table events (at ${from}); insert into events values ('${value}')`,
        );
        await engine.exec(`set timezone = 'UTC'; alter table events alter at type ${to} using ${using}`);
        await engine.exec(`set timezone = '${zone}'; alter table events alter at type ${from} using ${back}`);
        await engine.exec("set timezone = 'UTC'");
        const [row] = await engine.query<{ same: boolean }>(
          `select at = '${value}'::${from} as same from events`,
        );
        expect([zone, row?.same]).toEqual([zone, true]);
      }
    },
  );

  it.each<[string, string, string | undefined]>([
    ['integer', 'bigint', undefined],
    ['integer', 'bigint', 'at::bigint'],
    ['text', 'text', 'upper(at)'],
    ['timestamp', 'timestamptz', 'at AT TIME ZONE zone'],
    ['date', 'timestamptz', "at AT TIME ZONE 'UTC'"],
    ['timestamp', 'timestamptz', "now() AT TIME ZONE 'UTC'"],
    ['integer', 'text', 'at || at'],
    ['integer', 'text', 'not an expression'],
  ])('from %s to %s by %s has no expression of its own', (from, to, using) => {
    expect(castBack({ column: 'at', from, to, using })).toBeUndefined();
  });
});

describe('the way back to a type with a limit', () => {
  it.each<[from: string, to: string, expression: string, fits: string, tooLong: string]>([
    ['text', 'varchar(5)', '"c"', "'abcde'", "'abcdef'"],
    ['character varying', 'character varying(5)', '"c"', "'abcde'", "'abcdef'"],
    ['varchar(9)', 'char(3)', '"c"', "'abc'", "'abcd'"],
    ['integer', 'varchar(5)', '"c"::text', '12345', '123456'],
    ['jsonb', 'varchar(5)', '"c"::text', `'[1]'`, `'[1, 2]'`],
    ['text[]', 'varchar(3)[]', '"c"', `'{abc}'`, `'{abcd}'`],
    ['integer[]', 'varchar(3)[]', '"c"::text[]', `'{123}'`, `'{1234}'`],
  ])('from %s to %s cuts nothing: Postgres refuses it', async (from, to, expression, fits, tooLong) => {
    expect(refusingCast('"c"', { from, to })).toBe(expression);
    const back = `alter table limited alter c type ${to} using ${expression}`;
    const withValue = (value: string) =>
      engine.exec(
        `drop table if exists limited; create table limited (c ${from}); insert into limited values (${value})`,
      );
    await withValue(fits);
    await engine.exec(back);
    await withValue(tooLong);
    await expect(engine.exec(back)).rejects.toMatchObject({ sqlstate: '22001' });
  });

  it.each([
    ['bigint', 'integer'],
    ['text', 'varchar'],
    ['text', 'order status'],
    ['varchar(20)', 'text'],
  ])('from %s to %s there is nothing to cut', (from, to) => {
    expect(refusingCast('"c"', { from, to })).toBe(`"c"::${to}`);
  });
});
