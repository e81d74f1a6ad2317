import { describe, expect, it } from 'vitest';
import { explainRule } from '../../src/commands/explain.ts';
import { renderExplanation } from '../../src/report/explain.ts';
import { FIXED_RULES, RULE_NAMES } from '../../src/review/rule-names.ts';
import { rules } from '../../src/review/rules/index.ts';

const explained = async (name: string): Promise<string> =>
  renderExplanation(await explainRule(name), { color: false });

describe('tableplan explain', () => {
  it('shows why, SQL that is reported with its fix, SQL that is not, and how to allow it', async () => {
    expect(await explained('create-index-blocking')).toMatch(
      /^create-index-blocking \(warning\)\nThe build holds a SHARE lock.*\n\nReported\n {2}CREATE.* INDEX.*\n {2}→ Blocks writes to .*\n\nFix\n.*CONCURRENTLY[^]*Not reported\n[^]*-- tableplan:allow create-index-blocking <reason>/,
    );
  });

  it.each(rules.map(({ name }) => name))('explains %s by what it says itself', async (name) => {
    const { bad, good, message, reason } = await explainRule(name);
    expect([bad, good, message, reason]).not.toContain(undefined);
  });

  it('knows every name that a finding or a notice has', async () => {
    for (const name of [...RULE_NAMES, ...FIXED_RULES]) expect((await explainRule(name)).rule).toBe(name);
  });

  it('says of a rule that cannot be turned off that it cannot', async () => {
    const text = await explained('journal-empty');
    expect(text).toContain("Drizzle's migrator runs what the journal names");
    expect(text).toContain('It cannot be turned off');
    expect(text).not.toContain('tableplan:allow');
  });

  it('names the near ones for a name that is none', async () => {
    await expect(explainRule('create-index-bloking')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/^Did you mean create-index-blocking\b/) as string,
    });
    await expect(explainRule('\u001B[31m')).rejects.toMatchObject({
      message: 'There is no rule "\\u001b[31m".',
    });
  });
});
