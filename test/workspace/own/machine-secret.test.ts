import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { makeFolder } from '../../../src/workspace/own/make-folder.ts';
import { machineSecret } from '../../../src/workspace/own/machine-secret.ts';
import { makeTree, treeOf } from '../tree.ts';

afterEach(() => vi.unstubAllEnvs());

it('is made once in XDG_STATE_HOME, for this user alone', async () => {
  const state = join(makeTree({}), 'deep/state');
  vi.stubEnv('XDG_STATE_HOME', state);
  const beside = makeTree({});
  const made = await machineSecret(beside, { create: true });
  expect(await machineSecret(beside, { create: false })).toEqual(made);
  expect(treeOf(state)).toMatch(/^tableplan\/\ntableplan\/secret 600 /);
});

it.runIf(process.platform === 'linux')(
  'a state folder in which nothing can be made is passed over, without end',
  async () => {
    vi.stubEnv('XDG_STATE_HOME', '/proc/nothing/here');
    vi.stubEnv('XDG_RUNTIME_DIR', makeTree({}));
    expect(await machineSecret(makeTree({}), { create: true })).toHaveLength(32);
    await expect(makeFolder('/proc/nothing/here', 0o700)).rejects.toThrow('ENOENT');
  },
);
