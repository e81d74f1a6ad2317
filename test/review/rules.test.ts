import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import type { Example, Target } from '../../src/review/rule.ts';
import { rules } from '../../src/review/rules/index.ts';
import { readScript } from '../../src/review/script.ts';

const DEFAULT: Target = { postgresVersion: 18, transaction: 'none', assumeTimeouts: false };

function hits(rule: (typeof rules)[number], example: Example): number {
  const { sql, target } = typeof example === 'string' ? { sql: example, target: {} } : example;
  return [...rule.check(readScript(sql, { ...DEFAULT, ...target }, { newTables: new Set() }))].length;
}

beforeAll(loadSqlParser);

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) => {
  it.each(rule.bad.map((example) => [typeof example === 'string' ? example : example.sql, example] as const))(
    'speaks up for %s',
    (_sql, example) => {
      expect(hits(rule, example)).toBeGreaterThan(0);
    },
  );

  it.each(
    rule.good.map((example) => [typeof example === 'string' ? example : example.sql, example] as const),
  )('is silent for %s', (_sql, example) => {
    expect(hits(rule, example)).toBe(0);
  });

  it('has an example of each kind', () => {
    expect(rule.bad.length * rule.good.length).toBeGreaterThan(0);
  });
});

it('names every rule once, as the file that it is in', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { name } of rules) {
    expect(readFileSync(`src/review/rules/${name}.ts`, 'utf8')).toContain(`name: '${name}'`);
  }
});
