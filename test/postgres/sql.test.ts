import { beforeAll, describe, expect, it } from 'vitest';
import {
  classifyExpression,
  columnsOf,
  loadSqlParser,
  parseType,
  quoteIdentifier,
  quoteLiteral,
  sameExpression,
  sameType,
  SqlFragmentError,
} from '../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

describe('a type', () => {
  it.each([
    ['VARCHAR(100)', 'varchar(100)'],
    ['character varying', 'varchar'],
    ['INT', 'integer'],
    ['int4', 'integer'],
    ['int8', 'bigint'],
    ['bool', 'boolean'],
    ['DECIMAL(10,2)', 'numeric(10, 2)'],
    ['numeric(10)', 'numeric(10)'],
    ['TIMESTAMP', 'timestamp'],
    ['timestamp(3) without time zone', 'timestamp(3)'],
    ['timestamptz', 'timestamp with time zone'],
    ['timestamp(3) with time zone', 'timestamp(3) with time zone'],
    ['timetz', 'time with time zone'],
    ['double precision', 'double precision'],
    ['float', 'double precision'],
    ['real', 'real'],
    ['UUID[]', 'uuid[]'],
    ['int[3][]', 'integer[][]'],
    ['int array', 'integer[]'],
    ['char', 'char'],
    ['char(2)', 'char(2)'],
    ['"char"', '"char"'],
    ['bit varying(3)', 'bit varying(3)'],
    ['interval', 'interval'],
    ['interval(3)', 'interval(3)'],
    ['interval year', 'interval year'],
    ['interval year to month', 'interval year to month'],
    ['interval day to second(3)', 'interval day to second(3)'],
    ['bigserial', 'bigserial'],
    ['serial4', 'serial'],
    ['order_status', 'order_status'],
    ['public.order_status', 'public.order_status'],
    ['"OrderStatus"', '"OrderStatus"'],
    ['geometry(Point, 4326)', 'geometry(point,4326)'],
    ['vector(3)', 'vector(3)'],
    ['pg_catalog.int4', 'integer'],
  ])('%s reads as %s', (written, canonical) => {
    expect(parseType(written).text).toBe(canonical);
  });

  it('keeps its parts', () => {
    expect(parseType('auth."Kind"[]')).toEqual({
      schema: 'auth',
      name: 'Kind',
      modifiers: [],
      arrayDims: 1,
      text: 'auth."Kind"[]',
    });
    expect(parseType('interval day to second(3)')).toMatchObject({
      intervalFields: 'day to second',
      modifiers: [3],
    });
  });

  it.each([
    ['VARCHAR(100)', 'character varying(100)', true],
    ['timestamp', 'timestamp without time zone', true],
    ['timestamp (3)', 'timestamp(3)', true],
    ['numeric(10,2)', 'numeric(10, 2)', true],
    ['numeric(10)', 'numeric(10,0)', true],
    ['char', 'character(1)', true],
    ['order_status', 'public.order_status', true],
    ['serial', 'integer', false],
    ['numeric', 'numeric(10)', false],
    ['text', 'varchar', false],
    ['uuid', 'uuid[]', false],
    ['bpchar', 'char', true],
    ['not a type', 'not a type', true],
    ['not a type', 'text', false],
  ])('%s and %s: the same is %s', (a, b, same) => {
    expect(sameType(a, b)).toBe(same);
  });
});

describe('a fragment that reaches out of its place is refused', () => {
  const refusal = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (error instanceof SqlFragmentError) return { message: error.message, offset: error.offset };
      throw error;
    }
    return undefined;
  };

  it.each([
    ['uuid, x int', /more than one column/, 4],
    ['int); DROP TABLE users; CREATE TABLE z (c int', /closing parenthesis/, 3],
    ['int) INHERITS (users', /closing parenthesis/, 3],
    ['int); DROP TABLE users; --', /syntax error at the end/, 26],
    ['int -- hidden', /comment/, 4],
    ['int /* hidden */', /comment/, 4],
    ['int /* hidden', /unterminated/, 4],
    ['int;', /syntax error/, 3],
    ['UUID NOT NULL', /under constraints/, 13],
    ['text COLLATE "C"', /under constraints/, 16],
    ['', /empty/, 0],
    ['  ', /empty/, 0],
    ['int\0', /no Postgres text/, 3],
    ['\ud800', /no Postgres text/, 0],
    ['setof int', /not a type/, 0],
    ['varchar(', /syntax error at the end/, 8],
    ['"unterminated', /unterminated/, 0],
    ['😀 int', /syntax error at or near "int"/, 3],
  ])('as a type: %s', (text, message, offset) => {
    const refused = refusal(() => parseType(text));
    expect(refused?.message).toMatch(message);
    expect(refused?.offset).toBe(offset);
  });

  it.each([
    ['1), CHECK (2', /closing parenthesis/],
    ['1) + (2', /syntax error at or near "\+"/],
    ['select 1', /syntax error at or near "select"/],
    ['a b', /syntax error at or near "b"/],
    ["'it's'", /syntax error|unterminated/],
    ['a, b', /syntax error at or near ","/],
  ])('as an expression: %s', (text, message) => {
    expect(refusal(() => classifyExpression(text))?.message).toMatch(message);
  });

  it('when it is too long or too deep, and the parser works on afterwards', () => {
    expect(refusal(() => parseType('x'.repeat(9000)))).toMatchObject({
      message: 'longer than 8000 characters',
    });
    expect(refusal(() => classifyExpression(`1${'+1'.repeat(3990)}`))?.message).toMatch(/more than 2000/);
    expect(refusal(() => classifyExpression('('.repeat(7000)))?.message).toMatch(/syntax error at the end/);
    expect(refusal(() => classifyExpression(`${'('.repeat(300)}1${')'.repeat(300)}`))?.message).toBe(
      'nested too deeply',
    );
    expect(parseType('int').text).toBe('integer');
  });
});

describe('an expression', () => {
  it('is told by its kind', () => {
    expect(classifyExpression("'active'")).toEqual({ kind: 'string', value: 'active' });
    expect(classifyExpression("('it''s')")).toEqual({ kind: 'string', value: "it's" });
    expect(classifyExpression("'{}'::jsonb")).toMatchObject({
      kind: 'string',
      value: '{}',
      cast: { text: 'jsonb' },
    });
    expect(classifyExpression('-1.50')).toEqual({ kind: 'number', text: '-1.50' });
    expect(classifyExpression('0')).toEqual({ kind: 'number', text: '0' });
    expect(classifyExpression('false')).toEqual({ kind: 'boolean', value: false });
    expect(classifyExpression('NULL')).toEqual({ kind: 'null' });
    expect(classifyExpression('NOW()')).toEqual({ kind: 'call', name: 'now', args: 0 });
    expect(classifyExpression("nextval('s'::regclass)")).toEqual({ kind: 'call', name: 'nextval', args: 1 });
    expect(classifyExpression('auth.uid()')).toEqual({ kind: 'call', name: 'auth.uid', args: 0 });
    expect(classifyExpression('current_timestamp')).toEqual({ kind: 'keyword', name: 'CURRENT_TIMESTAMP' });
    expect(classifyExpression('CURRENT_TIMESTAMP(3)')).toEqual({
      kind: 'keyword',
      name: 'CURRENT_TIMESTAMP',
    });
    expect(classifyExpression('now()::date')).toEqual({ kind: 'other' });
    expect(classifyExpression('a + 1')).toEqual({ kind: 'other' });
    expect(classifyExpression('count(*)')).toEqual({ kind: 'other' });
  });

  it.each([
    ['now()', 'CURRENT_TIMESTAMP', true],
    ['NOW( )', 'pg_catalog.now()', true],
    ['0', "'0'::numeric", true],
    ['0', "'0'", true],
    ['-1', "'-1'::integer", true],
    ['true', "'true'::boolean", true],
    ["'active'::varchar", "'active'", true],
    ["'{}'::text[]", 'ARRAY[]::text[]', true],
    ['(price > 0)', 'price>0', true],
    ['"t"."c" > 0', 'c > 0', true],
    ['"public"."t"."c" > 0', 'c > 0', true],
    ['"other"."c" > 0', 'c > 0', false],
    ['CURRENT_TIMESTAMP(3)', 'CURRENT_TIMESTAMP', false],
    ['now()', 'clock_timestamp()', false],
    ['1', '1.0', false],
    ["'a'", "'A'", false],
    ['NULL', "'NULL'", false],
    ['a and b', 'b and a', false],
    ['a != 1', 'a <> 1', true],
    [
      "c IN ('a', 'b')",
      "((c)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
      true,
    ],
    ["c IN ('a', 'b')", "c = ANY (ARRAY['a'::text, 'c'::text])", false],
    ["c NOT IN ('a', 'b')", "c <> ALL (ARRAY['a'::text, 'b'::text])", true],
    ["c IN ('a')", "c NOT IN ('a')", false],
    ['c BETWEEN 1 AND 5', '((c >= 1) AND (c <= 5))', true],
    ['c NOT BETWEEN 1 AND 5', '((c >= 1) AND (c <= 5))', false],
    ["c LIKE 'a%'", "((c)::text ~~ 'a%'::text)", true],
    ["c LIKE 'a%'", "((c)::text ~~* 'a%'::text)", false],
    ["c NOT ILIKE 'a%'", "((c)::text !~~* 'a%'::text)", true],
    ['a AND (b AND c)', '((a AND b) AND c)', true],
    ['', '', true],
    ['((', 'x', false],
  ])('%s and %s: the same is %s', (a, b, same) => {
    expect(sameExpression(a, b, { table: 't' })).toBe(same);
  });

  it('names its columns', () => {
    expect(columnsOf("price > 0 AND lower(t.name) <> 'x' AND price < (a).b")).toEqual(['price', 'name', 'a']);
    expect(columnsOf('1')).toEqual([]);
  });
});

it('quotes names and texts', () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteLiteral("it's")).toBe("'it''s'");
});
