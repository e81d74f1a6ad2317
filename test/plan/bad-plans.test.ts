import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { decodePlan, parsePlan } from '../../src/plan/parse.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

/**
 * Each file under fixtures/bad-plans says on its first line (or, where it cannot, in the .expect file beside it)
 * what must come of it: `# expect: code line:column part of the message | part of the hint`.
 */
const folder = new URL('../fixtures/bad-plans/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

function expectation(file: string) {
  const beside = new URL(file.replace(/\.yaml$/, '.expect'), folder);
  const [line = ''] = readFileSync(existsSync(beside) ? beside : new URL(file, folder), 'utf8').split('\n');
  const [, code, row, column, message = ''] = /^# expect: (\S+) (\d+):(\d+) (.*)$/.exec(line) ?? [];
  const [text = '', hint = ''] = message.split(' | ');
  return { code, line: Number(row), column: Number(column), text, hint };
}

async function refusalOf(file: string): Promise<TableplanError> {
  try {
    await parsePlan(decodePlan(readFileSync(new URL(file, folder)), file), { file });
  } catch (error) {
    if (error instanceof TableplanError) return error;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}

beforeAll(() => loadSqlParser());

describe('a bad plan is refused where it is wrong', () => {
  // One that unfolds without end would take minutes.
  it.each(files)('%s', { timeout: 30_000 }, async (file) => {
    const expected = expectation(file);
    const refused = await refusalOf(file);
    expect({ code: refused.code, ...refused.at, message: refused.message, hint: refused.hint ?? '' }).toEqual(
      {
        code: expected.code,
        file,
        line: expected.line,
        column: expected.column,
        message: expect.stringContaining(expected.text),
        hint: expect.stringContaining(expected.hint),
      },
    );
  });

  it('and what comes of it can be shown on a terminal', async () => {
    for (const file of files) {
      const { message, hint = '', frame = '' } = await refusalOf(file);
      expect(`${message}${hint}${frame}`).not.toMatch(
        /[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b]/,
      );
    }
  });

  it('a plan of more than a megabyte is refused at once', async () => {
    const huge = `migration_type: drop_table\ntable_name: a\ndescription: ${'x'.repeat(2_000_000)}\n`;
    await expect(parsePlan(huge, { file: 'huge.yaml' })).rejects.toMatchObject({
      code: 'plan-invalid',
      message: 'the plan is larger than 1 MB',
    });
  });

  it('a plan of a hundred thousand brackets is refused', async () => {
    await expect(parsePlan(`a: ${'['.repeat(100_000)}`, { file: 'deep.yaml' })).rejects.toMatchObject({
      code: 'plan-invalid',
    });
    await expect(parsePlan(`${'- '.repeat(100_000)}a`, { file: 'deep.yaml' })).rejects.toMatchObject({
      code: 'plan-invalid',
    });
    await expect(parsePlan(`a: &a ${'{b: '.repeat(10_000)}`, { file: 'deep.yaml' })).rejects.toMatchObject({
      code: 'plan-invalid',
    });
  });

  it('many keys do not make it slow', async () => {
    const timeOf = async (keys: number): Promise<number> => {
      const many = Array.from({ length: keys }, (_, index) => `key${index}: 1`).join('\n');
      const { user } = process.cpuUsage();
      await expect(parsePlan(many, { file: 'many.yaml' })).rejects.toMatchObject({ code: 'plan-invalid' });
      return process.cpuUsage().user - user;
    };
    await timeOf(10_000);
    // Each key compared with each would be sixteen times the work.
    expect((await timeOf(40_000)) / (await timeOf(10_000))).toBeLessThan(10);
  });
});
