import { expect, it } from 'vitest';
import { openEngine, requireEngine } from '../../../src/postgres/engines/open.ts';

it.each(['pglite', 'embedded', 'postgres://a@b/c', 'postgresql://a@b/c'])('%s is an engine', (name) => {
  expect(() => requireEngine(name)).not.toThrow();
});

it.each([
  ['docker', 'There is no engine "docker".'],
  ['mysql://root:secret@host/db', 'That is no engine.'],
  ['root:secret@host/db', 'That is no engine.'],
  ['', 'That is no engine.'],
])('%s is none, and a password in it is not shown', async (name, message) => {
  expect(() => requireEngine(name)).toThrow(message);
  await expect(openEngine({ name, from: '.' })).rejects.toMatchObject({ code: 'usage', exitCode: 2 });
});
