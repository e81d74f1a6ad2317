import { symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { doubleDefinitions } from '../../../src/orm/drizzle/double-definitions.ts';
import { readSources } from '../../../src/project/sources.ts';
import { drizzleKit } from '../../round-trip/project.ts';
import { makeTree } from '../../workspace/tree.ts';

const notes = (column: string, table = 'pgTable'): string =>
  `import { pgTable, pgSchema, text } from 'drizzle-orm/pg-core';\nconst app = pgSchema('app');\nexport const notes = ${table}('notes', { ${column}: text() });\n`;

async function told(files: Readonly<Record<string, string>>, schema: string | string[]) {
  const root = makeTree(files);
  const found = await doubleDefinitions(await readSources(root, schema));
  return found.map(({ rule, message }) => `${rule}: ${message.replaceAll(`${root}/`, '')}`);
}

it('is told of a table that two loaded files define, with the one that counts', async () => {
  const files = { 'db/notes-in.ts': notes('a'), 'db/notes_x.ts': notes('b'), 'db/other.ts': 'export {};' };
  expect(await told(files, './db/*.ts')).toEqual([
    expect.stringMatching(
      /^table-defined-twice: The table notes is defined in db\/notes_x\.ts and in db\/notes-in\.ts: drizzle-kit takes the one of db\/notes-in\.ts/,
    ),
  ]);
  expect(await told(files, ['./db/notes-in.ts', './db/notes_x.ts'])).toEqual([
    expect.stringContaining('takes the one of db/notes_x.ts'),
  ]);
});

it('is not told of tables in two schemas, of one that a barrel exports, or of a file that is not loaded', async () => {
  expect(await told({ 'db/a.ts': notes('a'), 'db/b.ts': notes('b', 'app.table') }, './db')).toEqual([]);
  expect(await told({ 'db/a.ts': notes('a'), 'db/index.ts': "export * from './a';\n" }, './db')).toEqual([]);
  expect(await told({ 'db/a.ts': notes('a'), 'old/a.ts': notes('b') }, join('.', 'db', '*.ts'))).toEqual([]);
});

it('is judged by the order in which drizzle-kit loads what a glob matches', async () => {
  const names = ['notes-in', 'notes_x', 'Notes', 'a', 'B', 'notes.v2', 'notes'];
  const root = makeTree({
    'package.json': '{"type":"module"}',
    'drizzle.config.ts': "export default { dialect: 'postgresql', schema: './db/**/*.ts', out: './out' };",
    ...Object.fromEntries(
      [...names, 'z/c', 'z-z/d', 'Z/e'].map((name) => [
        `db/${name}.ts`,
        `console.log('loaded db/${name}.ts');`,
      ]),
    ),
  });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  const { entries } = await readSources(root, './db/**/*.ts');
  const loaded = [...drizzleKit(root, 'generate').matchAll(/loaded (\S+)/g)].map(([, file]) => file);
  expect(entries.map((path) => relative(root, path))).toEqual(loaded);
});
