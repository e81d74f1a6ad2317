import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { reviewSarif } from '../../src/report/review-sarif.ts';
import type { Finding } from '../../src/review/finding.ts';

const FINDING: Finding = {
  rule: 'create-index-blocking',
  severity: 'warning',
  message: 'Writes wait.',
  fix: 'CREATE INDEX CONCURRENTLY i ON t (c);',
  statement: 'CREATE INDEX i ON t (c)',
  objects: ['t', 'i'],
  file: 'my drizzle/0001_ä.sql',
  line: 3,
  column: 5,
  observed: false,
};
const RULES = { 'create-index-blocking': { id: 'IDX-01', reason: 'The build holds a lock.' } };

interface Log {
  runs: {
    tool: { driver: { rules: { id: string; help: { text: string } }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string; markdown: string };
      locations?: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
      suppressions?: { kind: string; justification: string }[];
    }[];
  }[];
}

function sarif(findings: Finding[], allowed: (Finding & { allowed: string })[] = []): Log {
  return JSON.parse(reviewSarif({ findings, allowed, rules: RULES, version: '0.1.0' })) as Log;
}

/** The schema as it is published (draft 4, of which ajv 8 needs to know nothing: it uses no keyword that changed). */
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(new URL('../fixtures/sarif/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

function expectValid(log: Log): void {
  validate(log);
  expect(validate.errors).toBeNull();
}

it('is valid SARIF 2.1.0 for every kind of finding, and for none', () => {
  const { file: _, fix: __, ...bare } = FINDING;
  expectValid(sarif([]));
  expectValid(
    sarif(
      [
        FINDING,
        { ...bare, severity: 'error', rule: 'other' },
        { ...FINDING, severity: 'info', statement: '' },
      ],
      [{ ...FINDING, allowed: 'small table' }],
    ),
  );
});

it('the schema that it is tested with refuses what is none', () => {
  expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
});

it('a result points to its rule, its place and its fix', () => {
  const [run] = sarif([FINDING]).runs;
  const [result] = run!.results;
  expect(run!.tool.driver.rules[result!.ruleIndex]).toMatchObject({
    id: 'create-index-blocking',
    help: { text: 'The build holds a lock.' },
    properties: { catalogue: 'IDX-01' },
  });
  expect(result!.level).toBe('warning');
  expect(result!.message.markdown).toContain('```sql\nCREATE INDEX CONCURRENTLY i ON t (c);\n```');
  expect(result!.locations?.[0]?.physicalLocation).toMatchObject({
    artifactLocation: { uri: 'my%20drizzle/0001_%C3%A4.sql' },
    region: { startLine: 3, startColumn: 5 },
  });
});

it('what is allowed is there, suppressed with its reason', () => {
  const [run] = sarif([], [{ ...FINDING, allowed: 'small table' }]).runs;
  expect(run!.results[0]!.suppressions).toEqual([{ kind: 'inSource', justification: 'small table' }]);
});

it('a fix that holds a fence stays inside its own', () => {
  const [run] = sarif([{ ...FINDING, fix: 'SELECT $$```$$;' }]).runs;
  expect(run!.results[0]!.message.markdown).toContain('````sql\nSELECT $$```$$;\n````');
});
