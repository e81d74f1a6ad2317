import { expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { consumerProject } from './consumer.ts';
import { converse } from './terminal.ts';

it('sets a project up, so that npx plop migration works, and changes nothing the second time', () => {
  const project = consumerProject();
  rmSync(join(project.root, 'plopfile.mjs'));
  expect(project.run('npx', 'tableplan', 'init', '--yes').code).toBe(0);
  expect(project.read('plopfile.mjs')).toBe("export { default } from 'tableplan/plop';\n");
  expect(JSON.parse(project.read('package.json')).scripts).toMatchObject({
    migration: 'plop migration',
    'migration:docs': 'plop docs',
  });
  const written = project.fingerprint();
  expect(project.run('npx', 'tableplan', 'init', '--yes').stdout).toContain('Nothing to do');
  expect(project.fingerprint()).toBe(written);
  expect(project.run('npm', 'run', 'migration', '--', 'users age:int').code).toBe(0);
  expect(project.read('src/external/drizzle/users/user.schema.ts')).toContain("age: integer('age')");
});

it('loads as a pack by its package name', () => {
  const project = consumerProject();
  project.write(
    'plopfile.mjs',
    "export default async (plop) => { await plop.load('tableplan', {}, { generators: true, actionTypes: true }); };\n",
  );
  const run = project.run('npx', 'plop', 'migration', 'users age:int');
  expect(run).toMatchObject({ code: 0 });
  expect(project.read('src/external/drizzle/users/user.schema.ts')).toContain("age: integer('age')");
});

const INIT = ['npx', 'tableplan', 'init'];
const questions = [
  ['Add a GitHub Actions workflow', 'y'],
  ['lock_timeout for migrations', 'soon'],
  ['It is a time such as 2s', '\u0008\u0008\u0008\u00082s'],
  ['Version of the production Postgres', '16'],
  ['Do warnings stop a migration', ''],
  ['Write the documents now', 'y'],
] as const;

it('asks at a terminal for CI, settings and documents, shows the diff, and one undo takes all of it back', async () => {
  const project = consumerProject();
  rmSync(join(project.root, 'plopfile.mjs'));
  const before = project.fingerprint();
  const { code, screen } = await converse(project.root, INIT, [...questions, ['Write these files?', '']]);
  expect(code).toBe(0);
  expect(screen).toContain('+    "lockTimeout": "2s"');
  expect(JSON.parse(project.read('package.json')).tableplan).toEqual({
    lockTimeout: '2s',
    postgresVersion: 16,
  });
  expect(project.read('.github/workflows/tableplan.yml')).toContain('tableplan review');
  expect(project.read('docs/migrations/README.md')).toContain('0000');
  const again = await converse(project.root, INIT, [
    ['Do warnings stop a migration', ''],
    ['Write the documents now', ''],
  ]);
  expect(again.screen).toContain('Nothing to do');
  const undo = ['npx', 'tableplan', 'undo'];
  const undone = await converse(project.root, undo, [['Undo these files?', 'y']]);
  expect(undone.code).toBe(0);
  expect(project.fingerprint()).toBe(before);
});

it.each([
  ['no to the diff', [...questions, ['Write these files?', 'n']], 0],
  ['Ctrl-C', [...questions.slice(0, 3), ['Version of the production Postgres', '\u0003']], 130],
] as const)('leaves everything as it was by %s', async (_, answers, expected) => {
  const project = consumerProject();
  rmSync(join(project.root, 'plopfile.mjs'));
  const before = project.fingerprint();
  const { code } = await converse(project.root, INIT, answers);
  expect(code).toBe(expected);
  expect(project.fingerprint()).toBe(before);
});
