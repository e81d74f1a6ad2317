import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Script, scriptedAsker } from '../../src/ask/scripted.ts';
import { makeInterview } from '../../src/ask/session.ts';
import { type MigrationOptions, runMigrationCommand } from '../../src/commands/migration.ts';
import { TableplanError } from '../../src/errors.ts';
import { makeProject } from '../round-trip/project.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan session-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

const RUN = {
  words: [],
  dryRun: false,
  typecheck: false,
  tests: false,
  rehearse: true,
  enforce: false,
  say: () => undefined,
};

/** A whole run that is asked; where an answer is a function, the person presses Ctrl-C. */
async function talk(cwd: string, script: Script, more: Partial<MigrationOptions> = {}) {
  const asker = scriptedAsker(script);
  const interview = makeInterview({ command: 'migration', interactive: true, color: false, asker });
  const outcome = await runMigrationCommand({ ...RUN, cwd, interview, ...more });
  expect(asker.left()).toEqual([]);
  return { outcome, heard: asker.heard, shown: asker.shown };
}

const ADD: Script = [
  ['What do you want to change?', 'Change a table'],
  ['Table', 'people'],
  ['Which change?', 'Add a check'],
];
const CHECK = 'Must be true for every row (SQL)';
const FREE = 'Write these files?';

function draftsOf(root: string): string[] {
  try {
    return readdirSync(join(root, '.tableplan/drafts'));
  } catch {
    return [];
  }
}

describe('an interview', () => {
  it('leads back to the question whose answer Postgres refuses, with all others kept', async () => {
    const root = project();
    const { outcome, heard, shown } = await talk(root, [
      ...ADD,
      [CHECK, 'height > 0'],
      [CHECK, 'length(nick) < 100'],
      [FREE, 'Write 6 files'],
    ]);
    expect(outcome.status).toBe('done');
    expect(shown).toContainEqual(expect.stringContaining('table people has no column "height"') as string);
    expect(heard.filter((text) => text === 'Table')).toHaveLength(1);
    expect(draftsOf(root)).toEqual([]);
  });

  it('leads back to the method of an index that Postgres refuses', async () => {
    const details = 'Options of the index';
    const { outcome, shown } = await talk(
      project(),
      [
        ...ADD.slice(0, 2),
        ['Which change?', 'Add an index'],
        ['Columns', ['nick']],
        ['Index on nick', ['more options: method, order, name …']],
        ['Method (choose, or type any)', 'gin'],
        [details, []],
        ['Method (choose, or type any)', 'hash'],
        [FREE, 'Write 6 files'],
      ],
      { dryRun: true },
    );
    expect(outcome.status).toBe('dry-run');
    expect(shown).toContainEqual(expect.stringContaining('for access method "gin"') as string);
  });

  it('has an answer changed before anything is written', async () => {
    const { outcome, heard } = await talk(project(), [
      ...ADD,
      [CHECK, 'length(nick) < 100'],
      [FREE, 'Change an answer'],
      ['Which answer?', `${CHECK}: length(nick) < 100`],
      [CHECK, 'length(nick) < 200'],
      [FREE, 'Write 6 files'],
    ]);
    if (outcome.status !== 'done') throw new Error(outcome.status);
    expect(readFileSync(outcome.draft.migration.sqlPath, 'utf8')).toContain('< 200');
    expect(heard.filter((text) => text === 'Which change?')).toHaveLength(1);
  });

  it('that was left is taken up where it was, and says how', async () => {
    const root = project();
    const left = talk(root, [...ADD, [CHECK, 'length(nick) < 100'], ['Another change?', 'Ctrl-C']]);
    await expect(left).rejects.toThrow('no choice Ctrl-C');
    expect(draftsOf(root)).toEqual(['interview.sealed']);
    await expect(talk(root, [], { interview: undefined, resume: true })).rejects.toMatchObject({
      code: 'answer-needed',
    });
    const { outcome, heard } = await talk(root, [[FREE, 'Write 6 files']], { resume: true });
    expect(outcome.status).toBe('done');
    expect(heard.filter((text) => !text.startsWith('Migration '))).toEqual(['Another change?', FREE]);
    expect(draftsOf(root)).toEqual([]);
  });

  it('that was left does not lose the one that was left before; which is taken up is asked', async () => {
    const root = project();
    const leave = async (check: string): Promise<void> => {
      const left = talk(root, [...ADD, [CHECK, check], ['Another change?', 'Ctrl-C']]);
      await expect(left).rejects.toThrow('no choice Ctrl-C');
    };
    await leave('length(nick) < 100');
    await leave('length(nick) < 200');
    expect(draftsOf(root)).toEqual(['interview-2.sealed', 'interview.sealed']);
    const asker = scriptedAsker([]);
    const choose = vi.spyOn(asker, 'select');
    const interview = makeInterview({ command: 'migration', interactive: true, color: false, asker });
    const outcome = await talk(root, [], { interview, resume: true, dryRun: true }).then(
      (run) => run.outcome,
    );
    const [[question] = []] = choose.mock.calls;
    expect(question?.choices.map(({ name }) => name.replace(/\d{4}-.* UTC/, 'then'))).toEqual([
      'interview-2 · then · left at: Change a table, people, 4 answers',
      'interview · then · left at: Change a table, people, 4 answers',
    ]);
    if (outcome.status !== 'dry-run') throw new Error(outcome.status);
    expect(outcome.draft.migration.sql).toContain('< 200');
  });

  it('that was declined is taken up with its plan, and its answers can still be changed', async () => {
    const root = project();
    const cancel = 'Cancel: write nothing, keep the plan as a draft';
    const first = await talk(root, [...ADD, [CHECK, 'length(nick) < 100'], [FREE, cancel]]);
    expect(first.outcome).toMatchObject({ status: 'declined', kept: { id: 'interview' } });
    const { outcome, heard } = await talk(
      root,
      [
        [FREE, 'Change an answer'],
        ['Which answer?', `${CHECK}: length(nick) < 100`],
        [CHECK, 'length(nick) < 200'],
        [FREE, 'Write 6 files'],
      ],
      { resume: true },
    );
    if (outcome.status !== 'done') throw new Error(outcome.status);
    expect(readFileSync(outcome.draft.migration.sqlPath, 'utf8')).toContain('< 200');
    expect(heard).not.toContain('Table');
  });

  it('asks its first question while the project is still being read, and takes it away where that fails', async () => {
    const root = project();
    writeFileSync(
      join(root, 'drizzle.config.ts'),
      'await new Promise((resolve) => setTimeout(resolve, 500));\n',
    );
    const asker = scriptedAsker([]);
    const asked = vi.fn<(reason: unknown) => void>();
    const interview = makeInterview({
      command: 'migration',
      interactive: true,
      color: false,
      asker: {
        ...asker,
        select: ({ signal }) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => (asked(signal.reason), reject(signal.reason as Error)));
          }),
      },
    });
    await expect(runMigrationCommand({ ...RUN, cwd: root, interview })).rejects.toMatchObject({
      code: 'config-invalid',
    });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('ends at once where it is left at its first question', async () => {
    const interrupted = new TableplanError('interrupted', 'Interrupted; nothing was written.');
    const interview = makeInterview({
      command: 'migration',
      interactive: true,
      color: false,
      asker: { ...scriptedAsker([]), select: () => Promise.reject(interrupted) },
    });
    await expect(runMigrationCommand({ ...RUN, cwd: project(), interview })).rejects.toBe(interrupted);
  });

  it('keeps nothing in a dry run', async () => {
    const root = project();
    const { outcome } = await talk(root, [...ADD, [CHECK, 'length(nick) < 100'], [FREE, 'Write 6 files']], {
      dryRun: true,
    });
    expect(outcome.status).toBe('dry-run');
    expect(draftsOf(root)).toEqual([]);
  });
});

it('a draft of somebody else is not taken up', async () => {
  const [mine, other] = [project(), project()];
  await talk(other, [
    ...ADD,
    [CHECK, 'length(nick) < 100'],
    [FREE, 'Cancel: write nothing, keep the plan as a draft'],
  ]);
  cpSync(join(other, '.tableplan'), join(mine, '.tableplan'), { recursive: true });
  const said: string[] = [];
  process.env['XDG_STATE_HOME'] = mkdtempSync(join(tmpdir(), 'tableplan elsewhere-'));
  try {
    await expect(
      talk(mine, [], { resume: true, say: (line) => void said.push(line) }),
    ).rejects.toBeInstanceOf(TableplanError);
  } finally {
    delete process.env['XDG_STATE_HOME'];
  }
  expect(said.join('\n')).toContain('Ignored a draft of a migration');
});
