import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { addedBy, userName } from '../../src/workspace/git.ts';

afterEach(() => vi.unstubAllEnvs());

function repository(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan git-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  git('init', '-q');
  git('config', 'user.name', 'Kim Lee');
  git('config', 'user.email', 'kim@example.com');
  writeFileSync(join(root, '-a.sql'), 'SELECT 1;');
  git('add', '-A');
  git('commit', '-q', '--date=2026-02-14T12:00:00Z', '-m', 'a');
  writeFileSync(join(root, '-a.sql'), 'SELECT 2;');
  git('-c', 'user.name=Sam', 'commit', '-qam', 'b');
  return root;
}

it('knows who works in a repository, and who brought a file into it', async () => {
  const root = repository();
  expect(await userName(root)).toBe('Kim Lee');
  expect(await addedBy(join(root, '-a.sql'))).toEqual({ name: 'Kim Lee', date: '2026-02-14' });
  expect(await addedBy(join(root, 'b.sql'))).toBeUndefined();
});

it('knows nobody outside a repository, and without git', async () => {
  const [root, known] = [mkdtempSync(join(tmpdir(), 'tableplan git-')), repository()];
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  expect(await userName(root)).toBeUndefined();
  expect(await addedBy(join(root, 'a.sql'))).toBeUndefined();
  vi.stubEnv('PATH', root);
  expect(await userName(known)).toBeUndefined();
  expect(await addedBy(join(known, '-a.sql'))).toBeUndefined();
});
