import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { FileEdit } from '../../src/workspace/file-edit.ts';
import { killedRun, nextRun } from './killed-run.ts';
import { makeTree, treeOf } from './tree.ts';

afterEach(() => vi.unstubAllEnvs());

const BEFORE = { 'src/a.ts': 'a before', 'src/b.ts': 'b before', 'src/gone.ts': 'to be deleted' };

/** A project whose run was killed after three of its four files. */
function killed(files: Readonly<Record<string, string>> = BEFORE): { root: string; before: string } {
  const root = makeTree(files);
  chmodSync(join(root, 'src/a.ts'), 0o640);
  const before = treeOf(root);
  killedRun({ root, edits: editsOf(root), written: 3 });
  return { root, before };
}

function editsOf(root: string): FileEdit[] {
  return [
    { path: join(root, 'src/a.ts'), before: 'a before', after: 'a after' },
    { path: join(root, 'src/new/c.ts'), before: null, after: 'c after' },
    { path: join(root, 'src/gone.ts'), before: 'to be deleted', after: null },
    { path: join(root, 'src/b.ts'), before: 'b before', after: 'b after' },
  ];
}

function journalOf(root: string): string {
  const [id = ''] = readdirSync(join(root, '.tableplan/journal'));
  return join(root, '.tableplan/journal', id);
}

it('puts every file back, also where the project has another path by now', async () => {
  const { root, before } = killed();
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('a after');
  const elsewhere = join(makeTree({}), 'project');
  renameSync(root, elsewhere);
  expect(await nextRun(elsewhere)).toEqual([
    'A run was killed before it was done; put back as it was: src/new/c.ts, src/a.ts, src/gone.ts',
  ]);
  expect(treeOf(elsewhere)).toBe(before);
});

it('puts a file of the repository back that lies beside the project', async () => {
  const top = makeTree({ 'apps/api/package.json': '{}', 'packages/db/schema.ts': 'before' });
  const root = join(top, 'apps/api');
  const before = treeOf(top);
  const edits = [
    { path: join(top, 'packages/db/schema.ts'), before: 'before', after: 'after' },
    { path: join(root, 'new.ts'), before: null, after: 'new' },
  ];
  killedRun({ root, repoRoot: top, edits, written: 1 });
  await nextRun(root, top);
  expect(treeOf(top)).toBe(before);
});

it('takes away what a run left that was killed before it wrote anything', async () => {
  const { root, before } = killed();
  rmSync(join(journalOf(root), 'manifest'));
  writeFileSync(join(root, 'src/a.ts'), 'a before');
  expect(await nextRun(root)).toEqual([]);
  expect(treeOf(root)).not.toContain('.tableplan');
  expect(before).not.toContain('.tableplan');
});

it('does not overwrite what somebody has edited since', async () => {
  const { root } = killed();
  writeFileSync(join(root, 'src/a.ts'), 'edited since');
  await expect(nextRun(root)).rejects.toMatchObject({
    code: 'file-changed',
    message: expect.stringContaining('src/a.ts') as string,
    hint: expect.stringContaining(join(root, '.tableplan/journal')) as string,
  });
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('edited since');
});

it('leaves the copies of files alone that are not what was written down', async () => {
  const { root } = killed();
  const journal = journalOf(root);
  for (const name of readdirSync(journal).filter((each) => each !== 'manifest'))
    writeFileSync(join(journal, name), 'something else');
  await expect(nextRun(root)).rejects.toMatchObject({
    code: 'file-changed',
    message: expect.stringContaining('is gone') as string,
  });
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('a after');
});

it('goes through no link that was put on the way since', async () => {
  const { root } = killed();
  const victim = makeTree({ 'a.ts': 'a after', 'new/c.ts': 'c after' });
  const before = treeOf(victim);
  renameSync(join(root, 'src'), join(root, 'was'));
  symlinkSync(victim, join(root, 'src'));
  await expect(nextRun(root)).rejects.toMatchObject({
    code: 'file-changed',
    message: expect.stringContaining('is a symbolic link by now') as string,
  });
  expect(treeOf(victim)).toBe(before);
});

it('neither believes nor touches what another user or machine wrote, and says so', async () => {
  const { root } = killed();
  const before = treeOf(join(root, 'src'));
  const folder = journalOf(root);
  vi.stubEnv('XDG_STATE_HOME', makeTree({}));
  vi.stubEnv('HOME', makeTree({}));
  vi.stubEnv('XDG_RUNTIME_DIR', makeTree({}));
  vi.stubEnv('TMPDIR', makeTree({}));
  expect(await nextRun(root)).toEqual([expect.stringContaining(`rm -r "${folder}"`)]);
  expect(treeOf(join(root, 'src'))).toBe(before);
  vi.unstubAllEnvs();
  expect(await nextRun(root)).toEqual([expect.stringContaining('put back as it was')]);
});

it('believes nothing that was changed in a journal since', async () => {
  const { root } = killed();
  const manifest = join(journalOf(root), 'manifest');
  const before = treeOf(join(root, 'src'));
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('src/a.ts', 'src/b.ts'));
  expect(await nextRun(root)).toEqual([expect.stringContaining('Ignored a journal')]);
  expect(treeOf(join(root, 'src'))).toBe(before);
});

it('acts on no journal that git tracks', async () => {
  const { root } = killed();
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args]);
  git('init', '-q');
  git('add', '-f', '.tableplan/journal');
  const before = treeOf(join(root, 'src'));
  expect(await nextRun(root)).toEqual([expect.stringContaining('git rm -r --cached')]);
  expect(treeOf(join(root, 'src'))).toBe(before);
});

it('writes on beside a journal that is not its own', async () => {
  const { root } = killed();
  vi.stubEnv('XDG_STATE_HOME', makeTree({}));
  vi.stubEnv('TMPDIR', makeTree({}));
  const foreign = treeOf(journalOf(root));
  const folder = journalOf(root);
  const { inWorkspace } = await import('../../src/workspace/session.ts');
  await inWorkspace({ root, repoRoot: root, dryRun: false, say: () => undefined }, (flush) =>
    flush([{ path: join(root, 'src/b.ts'), before: 'b before', after: 'b after' }]),
  );
  expect(readFileSync(join(root, 'src/b.ts'), 'utf8')).toBe('b after');
  expect(treeOf(folder)).toBe(foreign);
});

it('says before it writes that it could not be put right, where nothing outside the project can be written', async () => {
  const root = makeTree(BEFORE);
  const nowhere = { XDG_STATE_HOME: '/dev/null/x', XDG_RUNTIME_DIR: '/dev/null/x', TMPDIR: root };
  expect(killedRun({ root, edits: editsOf(root), written: 3, env: nowhere })).toContain('XDG_STATE_HOME');
  expect(await nextRun(root)).toEqual([expect.stringContaining(journalOf(root))]);
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('a after');
});

it('keeps a secret that lies in the repository for none', async () => {
  const root = makeTree({ ...BEFORE, '.git/HEAD': '' });
  mkdirSync(join(root, 'home'));
  const state = join(root, 'home/state');
  const env = { XDG_STATE_HOME: state, HOME: join(root, 'home') };
  killedRun({ root, edits: editsOf(root), written: 3, env });
  expect(readdirSync(join(root, 'home'))).toEqual([]);
});

it('keeps its secret for itself', () => {
  const state = makeTree({});
  const root = makeTree(BEFORE);
  killedRun({ root, edits: editsOf(root), written: 3, env: { XDG_STATE_HOME: state } });
  expect(statSync(join(state, 'tableplan/secret'))).toMatchObject({ size: 32 });
  expect(statSync(join(state, 'tableplan/secret')).mode & 0o777).toBe(0o600);
  expect(statSync(join(state, 'tableplan')).mode & 0o777).toBe(0o700);
});
