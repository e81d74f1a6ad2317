import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { askAboutDraft } from '../../src/ask/preview.ts';
import { type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { makeProject } from '../round-trip/project.ts';

const DROP = 'migration_type: modify_existing\ntable_name: people\nchanges:\n  drop_columns: [nick]\n';
const DROP_TABLE =
  'migration_type: drop_table\ntable_name: seats\nsafety:\n  allow:\n    - { rule: drop-table, reason: moved to the CRM }\n';
const ADD =
  'migration_type: modify_existing\ntable_name: people\nchanges:\n  add_columns: [{ name: phone, type: text }]\n';

const STOPPED = 'How do you want to handle this?';
const FREE = 'Write these files?';

let base: string;
beforeAll(() => {
  base = makeProject();
});

/** The conversation of one run at a terminal, after the interview. */
async function talk(plan: string, script: Script) {
  const root = mkdtempSync(join(tmpdir(), 'tableplan ask-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  const asker = scriptedAsker(script);
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
        const answer = await askAboutDraft(asker, draft, { color: false });
        return answer === 'again' ? 'leave' : answer;
      },
    },
  });
  expect(asker.left()).toEqual([]);
  if (outcome.status === 'no_changes') throw new Error(outcome.status);
  const { draft, status } = outcome;
  return { root, status, draft, heard: asker.heard };
}

function migrationsOf(root: string): string[] {
  return readdirSync(join(root, 'drizzle')).filter((name) => name.endsWith('.sql'));
}

describe('a draft that loses nothing', () => {
  it('is written by Enter, after its files, SQL and findings were shown on a screen', async () => {
    const { status, draft, heard } = await talk(ADD, []);
    expect(status).toBe('done');
    expect(existsSync(draft.migration.sqlPath)).toBe(true);
    const [preview = ''] = heard;
    expect(preview).toContain('people: add column phone text');
    expect(preview).toMatch(/modify src\/schema\.ts \+\d+ −\d+/);
    expect(preview).toContain('ALTER TABLE "people" ADD COLUMN "phone" text');
    expect(preview).toMatch(/Rehearsed on pglite.*up ✔, down ✔, up again ✔/);
    expect(preview).toMatch(/^▲ warning missing-lock-timeout/m);
    expect(preview.split('\n').length).toBeLessThan(40);
    expect(heard[1]).toBe(FREE);
  });

  it('shows the whole diff and the findings with their fixes where that is asked for, and asks again', async () => {
    const { heard } = await talk(ADD, [
      [FREE, 'Show the full diff'],
      [FREE, 'Explain the findings'],
      [FREE, 'Cancel: write nothing, keep the plan as a draft'],
    ]);
    expect(heard.join('\n')).toContain('+++ b/src/schema.ts');
    expect(heard.join('\n')).toContain("fix: SET LOCAL lock_timeout = '2s';");
  });
});

describe('a draft that loses rows', () => {
  it('is not written by Enter; its plan is kept', async () => {
    const { status, root, heard } = await talk(DROP, []);
    expect(status).toBe('declined');
    expect(migrationsOf(root)).toEqual(['0000_init.sql']);
    expect(readdirSync(join(root, '.tableplan/drafts'))).toHaveLength(1);
    expect(heard.filter((text) => text === STOPPED)).toHaveLength(1);
  });

  it('cannot be written before its error is allowed with a reason, which goes into the plan and the record', async () => {
    const { status, draft } = await talk(DROP, [
      [STOPPED, 'Allow drop-column on people.nick, with a reason for the record'],
      ['Why is drop-column on people.nick safe here?', 'unused since 41'],
      [FREE, 'Write 6 files'],
    ]);
    expect(status).toBe('done');
    expect(draft.proof.stopping).toEqual([]);
    expect(draft.plan.plan.documents[0]?.safety?.allow).toEqual([
      { rule: 'drop-column', object: 'people.nick', reason: 'unused since 41' },
    ]);
    expect(readFileSync(draft.record, 'utf8')).toContain('`drop-column` on `people.nick`: unused since 41');
  });

  it('is not written by Enter after that either', async () => {
    const { status, root } = await talk(DROP, [
      [STOPPED, 'Allow drop-column on people.nick, with a reason for the record'],
      ['Why is drop-column on people.nick safe here?', 'unused since 41'],
    ]);
    expect(status).toBe('declined');
    expect(migrationsOf(root)).toEqual(['0000_init.sql']);
  });

  it('asks for the name of a table that goes with it', async () => {
    const question = 'Type seats to drop the table and its rows (empty to go back)';
    const refused = await talk(DROP_TABLE, [[FREE, 'Write 6 files']]);
    expect(refused.heard).toContain(question);
    expect(refused.status).toBe('declined');
    const { status } = await talk(DROP_TABLE, [
      [FREE, 'Write 6 files'],
      [question, 'seats'],
    ]);
    expect(status).toBe('done');
  });
});

it('a fix that is taken takes the place of the statement, and is rehearsed', async () => {
  const { draft } = await talk(ADD, [
    [FREE, 'Fix missing-lock-timeout on people.phone'],
    [FREE, 'Write 6 files'],
  ]);
  const sql = `SET LOCAL lock_timeout = '2s';\nALTER TABLE "people" ADD COLUMN "phone" text`;
  expect(readFileSync(draft.migration.sqlPath, 'utf8')).toContain(sql);
  expect(draft.proof.rehearsal).toMatchObject({ up: 'ok', down: 'ok', drift: [] });
  expect(draft.proof.findings.map(({ rule }) => rule)).not.toContain('missing-lock-timeout');
  expect(readFileSync(draft.record, 'utf8')).toContain(
    'the fix of missing-lock-timeout, taken at the terminal',
  );
});
