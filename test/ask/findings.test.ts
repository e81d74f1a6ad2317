import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { askAboutFindings } from '../../src/ask/findings.ts';
import { type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { makeProject } from '../round-trip/project.ts';

const DROP = 'migration_type: modify_existing\ntable_name: people\nchanges:\n  drop_columns: [nick]\n';

let base: string;
beforeAll(() => {
  base = makeProject();
});

/** The conversation of one run at a terminal, after the interview. */
async function talk(plan: string, script: Script) {
  const root = mkdtempSync(join(tmpdir(), 'tableplan ask-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  const asker = scriptedAsker(script);
  const decided = new Set<string>();
  const outcome = await runMigrationCommand({
    cwd: root,
    words: [],
    dryRun: false,
    typecheck: false,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
    interview: {
      ask: () => parsePlan(plan, { file: '<interview>' }),
      async confirm(draft) {
        const decisions = await askAboutFindings(asker, draft, { color: false, decided });
        return decisions.some(({ kind }) => kind !== 'keep') ? decisions : 'write';
      },
    },
  });
  expect(asker.left()).toEqual([]);
  if (outcome.status !== 'done') throw new Error(outcome.status);
  return { draft: outcome.draft, heard: asker.heard, record: readFileSync(outcome.draft.record, 'utf8') };
}

describe('at a terminal each warning', () => {
  it('may be left as it is', async () => {
    const { draft, heard } = await talk(DROP, []);
    expect(heard.filter((text) => text.endsWith('what is to be done?'))).toEqual([
      'drop-column: what is to be done?',
      'missing-lock-timeout: what is to be done?',
      'irreversible: what is to be done?',
    ]);
    expect(draft.proof.stopping.map(({ rule }) => rule)).toEqual(['drop-column']);
  });

  it('may be let pass with a reason, which goes into the plan and the record', async () => {
    const { draft, record } = await talk(DROP, [
      ['drop-column: what is to be done?', 'allow it, with a reason for the record'],
      ['Why is it safe here?', 'unused since 41'],
    ]);
    expect(draft.proof.stopping).toEqual([]);
    expect(draft.plan.plan.documents[0]?.safety?.allow).toEqual([
      { rule: 'drop-column', object: 'people.nick', reason: 'unused since 41' },
    ]);
    expect(record).toContain('`drop-column` on `people.nick`: unused since 41');
  });

  it('may be mended: its fix takes the place of the statement, and is rehearsed', async () => {
    const { draft, heard, record } = await talk(DROP, [
      ['missing-lock-timeout: what is to be done?', 'take the fix'],
    ]);
    const sql = `SET LOCAL lock_timeout = '2s';\nALTER TABLE "people" DROP COLUMN "nick"`;
    expect(draft.migration.sql).toContain(sql);
    expect(readFileSync(draft.migration.sqlPath, 'utf8')).toContain(sql);
    expect(draft.proof.rehearsal).toMatchObject({ up: 'ok', down: 'ok', drift: [] });
    expect(draft.proof.findings.map(({ rule }) => rule)).not.toContain('missing-lock-timeout');
    // What was answered before is not asked again.
    expect(heard.filter((text) => text === 'drop-column: what is to be done?')).toHaveLength(1);
    expect(record).toContain('the fix of missing-lock-timeout, taken at the terminal');
  });
});
