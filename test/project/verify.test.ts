import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateProject, type ProjectLocation } from '../../src/project/locate.ts';
import { runTests, typecheck } from '../../src/project/verify.ts';
import { CONFIG, makeProject } from './project-tree.ts';

function project(files: Record<string, string | object>): Promise<ProjectLocation> {
  const root = makeProject({ 'package.json': {}, 'drizzle.config.ts': CONFIG, ...files });
  for (const name of ['typescript', '@typescript']) {
    const real = join(import.meta.dirname, '../../node_modules', name);
    if (existsSync(real)) symlinkSync(real, join(root, 'node_modules', name));
  }
  return locateProject(root);
}

const options = { strict: true, types: [], lib: ['ES2023'] };

it('passes what compiles and leaves nothing behind, incremental or not', async () => {
  const found = await project({
    'tsconfig.json': {
      compilerOptions: { ...options, composite: true, incremental: true },
      include: ['src'],
    },
    'src/a.ts': 'export const a: number = 1;\n',
  });
  expect(await typecheck(found)).toEqual({
    ran: true,
    ok: true,
    output: '',
    command: 'tsc --noEmit -p tsconfig.json',
  });
  expect(existsSync(join(found.root, 'tsconfig.tsbuildinfo'))).toBe(false);
});

it("shows the compiler's words about what does not", async () => {
  const found = await project({
    'tsconfig.json': { compilerOptions: options, include: ['src'] },
    'src/a.ts': "export const a: number = 'x';\n",
  });
  expect(await typecheck(found)).toMatchObject({
    ran: true,
    ok: false,
    output: expect.stringContaining('src/a.ts'),
  });
});

it('checks the programs that a tsconfig without files refers to', async () => {
  const found = await project({
    'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
    'tsconfig.app.json': { compilerOptions: { ...options, composite: true }, include: ['src'] },
    'src/a.ts': "export const a: number = 'x';\n",
  });
  expect(await typecheck(found)).toMatchObject({
    ok: false,
    command: 'tsc --noEmit -p tsconfig.app.json',
    output: expect.stringContaining('src/a.ts'),
  });
});

it('does not run without a tsconfig', async () => {
  expect(await typecheck(await project({}))).toMatchObject({ ran: false });
});

it("runs the project's tests without a terminal, as in CI", async () => {
  const script =
    'node -e "console.log(\'CI=\' + process.env.CI, process.stdin.isTTY === true); process.stdin.resume()"';
  const found = await project({ 'package.json': { scripts: { test: script } } });
  expect(await runTests(found)).toMatchObject({
    ran: true,
    ok: true,
    command: 'npm run test',
    output: expect.stringContaining('CI=true false'),
  });
});

it('says that they fail', async () => {
  expect(
    await runTests(await project({ 'package.json': { scripts: { test: 'node -e "process.exit(3)"' } } })),
  ).toMatchObject({ ran: true, ok: false });
});

it('takes a package manager that is not installed for a failed step', async () => {
  const found = await project({ 'package.json': { scripts: { test: 'true' } } });
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    expect(await runTests({ ...found, packageManager: 'pnpm' })).toMatchObject({
      ran: true,
      ok: false,
      output: expect.stringContaining('pnpm'),
    });
  } finally {
    process.env.PATH = path;
  }
});
