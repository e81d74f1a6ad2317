import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateDrizzle, type DrizzleLocation } from '../../src/orm/drizzle/locate/locate.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { runTests, typecheck } from '../../src/project/verify.ts';
import { noProcessLeft } from '../hostile/unharmed.ts';
import { CONFIG, makeProject } from './project-tree.ts';

function project(files: Record<string, string | object>): Promise<DrizzleLocation> {
  const root = makeProject({ 'package.json': {}, 'drizzle.config.ts': CONFIG, ...files });
  for (const name of ['typescript', '@typescript']) {
    const real = join(import.meta.dirname, '../../node_modules', name);
    if (existsSync(real)) symlinkSync(real, join(root, 'node_modules', name));
  }
  return locateDrizzle(root);
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
  expect(await typecheck(found, DEFAULT_LIMITS)).toEqual({
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
  expect(await typecheck(found, DEFAULT_LIMITS)).toMatchObject({
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
  expect(await typecheck(found, DEFAULT_LIMITS)).toMatchObject({
    ok: false,
    command: 'tsc --noEmit -p tsconfig.app.json',
    output: expect.stringContaining('src/a.ts'),
  });
});

it('does not run without a tsconfig', async () => {
  expect(await typecheck(await project({}), DEFAULT_LIMITS)).toMatchObject({ ran: false });
});

it("runs the project's tests without a terminal, as in CI", async () => {
  const script =
    'node -e "console.log(\'CI=\' + process.env.CI, process.stdin.isTTY === true); process.stdin.resume()"';
  const found = await project({ 'package.json': { scripts: { test: script } } });
  expect(await runTests(found, DEFAULT_LIMITS)).toMatchObject({
    ran: true,
    ok: true,
    command: 'npm run test',
    output: expect.stringContaining('CI=true false'),
  });
});

it('says that they fail', async () => {
  expect(
    await runTests(
      await project({ 'package.json': { scripts: { test: 'node -e "process.exit(3)"' } } }),
      DEFAULT_LIMITS,
    ),
  ).toMatchObject({ ran: true, ok: false });
});

it('takes a package manager that is not installed for a failed step', async () => {
  const found = await project({ 'package.json': { scripts: { test: 'true' } } });
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    expect(await runTests({ ...found, packageManager: 'pnpm' }, DEFAULT_LIMITS)).toMatchObject({
      ran: true,
      ok: false,
      output: expect.stringContaining('pnpm'),
    });
  } finally {
    process.env.PATH = path;
  }
});

it('stops tests and a compiler that never end, with all that they have started, and says how to allow more', async () => {
  const script = 'node -e "process.stdout.write(\'begun\'); setInterval(() => {}, 1000)"';
  const found = await project({
    'package.json': { scripts: { test: script } },
    'tsconfig.json': { compilerOptions: options, include: ['src'] },
    'src/a.ts': 'export const a = 1;\n',
    'endless.mjs': 'setInterval(() => {}, 1000);',
  });
  const limits = { ...DEFAULT_LIMITS, timeoutMs: 3000 };
  const stopped = (command: string): string => `\`${command}\` did not end within 3 seconds and was stopped`;
  const tests = await runTests(found, limits);
  expect(tests).toMatchObject({ ran: true, ok: false });
  expect(tests.output).toContain('begun');
  expect(tests.output).toContain(stopped('npm run test'));
  expect(tests.output).toContain('--timeout 15s');
  const types = await typecheck(found, limits, join(found.root, 'endless.mjs'));
  expect(types).toMatchObject({ ran: true, ok: false });
  expect(types.output).toContain(stopped('tsc --noEmit -p tsconfig.json'));
  await noProcessLeft(found.root);
});

it('keeps the end of what a test run prints for ever', async () => {
  const script = `node -e "const more = () => process.stdout.write('x'.repeat(1e6), more); more()"`;
  const found = await project({ 'package.json': { scripts: { test: script } } });
  const { ok, output } = await runTests(found, { ...DEFAULT_LIMITS, timeoutMs: 2000 });
  expect(ok).toBe(false);
  expect(output.length).toBeLessThan(2 * 1024 * 1024);
  expect(output).toContain('did not end within 2 seconds');
});
