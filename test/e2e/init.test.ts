import { expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { consumerProject } from './consumer.ts';

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
