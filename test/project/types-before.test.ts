import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateDrizzle, type DrizzleLocation } from '../../src/orm/drizzle/locate/locate.ts';
import { newTypeErrors, readTypeErrors } from '../../src/project/type-errors.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { typecheckEdits } from '../../src/project/verify.ts';
import { CONFIG, makeProject } from './project-tree.ts';

async function project(files: Record<string, string>): Promise<DrizzleLocation> {
  const root = makeProject({
    'package.json': {},
    'drizzle.config.ts': CONFIG,
    'tsconfig.json': { compilerOptions: { strict: true, types: [], lib: ['ES2023'] }, include: ['src'] },
    ...files,
  });
  for (const name of ['typescript', '@typescript']) {
    const real = join(import.meta.dirname, '../../node_modules', name);
    if (existsSync(real)) symlinkSync(real, join(root, 'node_modules', name));
  }
  return locateDrizzle(root);
}

const OLD = "export const old: number = 'x';\n";

describe('the types after a run', () => {
  it('fail only on what the run has broken, with the place to change', async () => {
    const found = await project({
      'src/old.ts': `\n\n${OLD}`,
      'src/table.ts': 'export const row = { name: 1 };\n',
      'src/use.ts': "import { row } from './table';\nexport const title = row.title;\n",
      'src/use2.ts': "import { row } from './table';\nexport const name = row.name;\n",
    });
    const edits = [
      { path: join(found.root, 'src/table.ts'), before: 'export const row = { title: 1 };\n', after: '' },
    ];
    const { ok, output, existing } = await typecheckEdits(found, edits, DEFAULT_LIMITS);
    expect({ ok, existing }).toEqual({ ok: false, existing: 1 });
    expect(output).toMatch(/^src\/use\.ts:2:26 TS2339 .*'title'/);
    expect(output).not.toContain('old.ts');
    // Nothing is left of the copy.
    expect(readdirSync(join(found.root, '.tableplan')).filter((name) => name !== '.gitignore')).toEqual([]);
  });

  it('pass where all that fails failed before, in a file that moved its lines too', async () => {
    const found = await project({ 'src/old.ts': `\n\n${OLD}` });
    const edits = [
      { path: join(found.root, 'src/old.ts'), before: OLD, after: `\n\n${OLD}` },
      { path: join(found.root, 'src/new.ts'), before: null, after: 'export {};\n' },
    ];
    writeFileSync(join(found.root, 'src/new.ts'), 'export {};\n');
    expect(await typecheckEdits(found, edits, DEFAULT_LIMITS)).toMatchObject({ ok: true, existing: 1 });
  });
});

it('passes over what failed before in a package beside it, which the copy sees through a link', async () => {
  const top = makeProject({
    'package.json': { workspaces: ['packages/*'] },
    'packages/shared/package.json': { name: '@acme/shared' },
    'packages/shared/src/index.ts': OLD,
    'packages/db/package.json': {},
    'packages/db/drizzle.config.ts': CONFIG,
    'packages/db/tsconfig.json': {
      compilerOptions: {
        strict: true,
        types: [],
        lib: ['ES2023'],
        moduleResolution: 'bundler',
        module: 'esnext',
      },
      include: ['src'],
    },
    'packages/db/src/use.ts': "export * from '@acme/shared/src';\n",
    'node_modules/@acme/.keep': '',
    '.git/HEAD': 'ref: refs/heads/main\n',
  });
  symlinkSync('../../packages/shared', join(top, 'node_modules/@acme/shared'));
  for (const name of ['typescript', '@typescript']) {
    const real = join(import.meta.dirname, '../../node_modules', name);
    if (existsSync(real)) symlinkSync(real, join(top, 'node_modules', name));
  }
  const found = await locateDrizzle(join(top, 'packages/db'));
  const edits = [{ path: join(found.root, 'src/new.ts'), before: null, after: 'export {};\n' }];
  expect(await typecheckEdits(found, edits, DEFAULT_LIMITS)).toMatchObject({
    ok: true,
    existing: 1,
    output: expect.stringMatching(/^\.\.\/shared\/src\/index\.ts:1:14 TS2322/),
  });
});

it('the files behind a link are left alone by the copy', async () => {
  const found = await project({
    'src/old.ts': OLD,
    'shared/x.md': 'new',
    'lib/b.ts': 'export const b = 1;\n',
  });
  symlinkSync('shared', join(found.root, 'docs'));
  symlinkSync('../lib', join(found.root, 'src/lib'));
  const record = { path: join(found.root, 'docs/x.md'), before: null, after: 'new' };
  expect(await typecheckEdits(found, [record], DEFAULT_LIMITS)).toMatchObject({ ok: true, existing: 1 });
  // No copy can be had: every error counts.
  const source = { path: join(found.root, 'src/lib/b.ts'), before: '', after: 'export const b = 1;\n' };
  expect(await typecheckEdits(found, [source], DEFAULT_LIMITS)).toMatchObject({ ok: false });
  expect(readFileSync(join(found.root, 'shared/x.md'), 'utf8')).toBe('new');
  expect(readFileSync(join(found.root, 'lib/b.ts'), 'utf8')).toBe('export const b = 1;\n');
});

describe('errors of the compiler', () => {
  const HEAD = 'src/a.ts(3,5): error TS2322: Type A.';
  it('are read with their explanations, and those about the config without a file', () => {
    expect(readTypeErrors(`${HEAD}\n  Because of B.\nerror TS18003: No inputs.\n`)).toMatchObject([
      { file: 'src/a.ts', line: 3, column: 5, code: 'TS2322', message: 'Type A.\n  Because of B.' },
      { file: undefined, code: 'TS18003' },
    ]);
  });

  it('are new where the same one is there once more', () => {
    const [one] = readTypeErrors(HEAD);
    const other = readTypeErrors(HEAD.replace('a.ts', 'b.ts'))[0]!;
    expect(newTypeErrors([one!, one!, other], [{ ...one!, line: 9 }])).toEqual([one, other]);
  });
});
