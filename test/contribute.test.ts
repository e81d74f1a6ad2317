import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const copies: string[] = [];
afterEach(() => copies.splice(0).forEach((copy) => rmSync(copy, { recursive: true, force: true })));

/** This repository as git has it, with what is not committed yet. */
function copy(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tableplan contribute-')));
  copies.push(root);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((path) => path !== '' && existsSync(path)))
    cpSync(file, join(root, file));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

function run(root: string, command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(`node_modules/.bin/${command}`, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--import=tsx' },
  });
  return { status, said: stdout + stderr };
}

/** The files in which the compiler finds something to be written. */
function toBeWritten(root: string): string[] {
  const { said } = run(root, 'tsc', '-p', '.');
  return [
    ...new Set([...said.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file)),
  ].toSorted();
}

const RULE = ['rule', 'drop-view', 'TBL-90', 'warning', "The running version's queries of it fail."];

describe('npx plop', () => {
  it('rule makes a rule that compiles, and whose tests name what is to be written', () => {
    const root = copy();
    expect(run(root, 'plop', ...RULE).said).toContain('/src/review/rules/drop-view.ts');
    expect(toBeWritten(root)).toEqual([]);
    const rule = readFileSync(join(root, 'src/review/rules/drop-view.ts'), 'utf8');
    expect(rule).toContain(`reason: "The running version's queries of it fail."`);
    expect(run(root, 'prettier', '--check', 'src/review').status).toBe(0);
    const tested = run(
      root,
      'vitest',
      'run',
      '--project',
      'unit',
      'test/review/rules.test.ts',
      '-t',
      'drop-view',
    );
    expect(tested.status).toBe(1);
    expect(tested.said).toContain('speaks up for -- to be written');
    // The same name again is refused, and nothing is written twice.
    expect(run(root, 'plop', ...RULE).said).toContain('File already exists');
  });

  it('stack makes a stack that compiles, with a test', () => {
    const root = copy();
    run(root, 'plop', 'stack', 'koa', 'Koa', 'koa');
    expect(toBeWritten(root)).toEqual([]);
    expect(run(root, 'prettier', '--check', 'src/crud/stacks').status).toBe(0);
    const tested = run(root, 'vitest', 'run', '--project', 'unit', 'test/crud/stacks/koa.test.ts');
    expect(tested.said).toContain('1 passed');
    expect(tested.said).toContain('1 todo');
  });

  it('change makes a kind of change, and the compiler names each place that has to know it', () => {
    const root = copy();
    run(root, 'plop', 'change', 'rename-index');
    expect(toBeWritten(root)).toEqual([
      'src/orm/drizzle/generate.ts',
      'src/orm/drizzle/snapshot-diff.ts',
      'src/orm/typeorm/pre-applied/tell.ts',
      'src/plan/ddl.ts',
      'src/plan/describe.ts',
      'src/plan/given-types.ts',
      'src/plan/resolve/evolve.ts',
      'src/plan/resolve/inherited-names.ts',
      'src/plan/resolve/new-enum-values.ts',
      'src/plan/resolve/refuse-dependants.ts',
      'src/record/impact.ts',
      'src/schema/drizzle/edit.ts',
      'src/schema/typeorm/apply-change.ts',
    ]);
  });

  it('orm makes an ORM in which no project is found yet, and the compiler names its words', () => {
    const root = copy();
    run(root, 'plop', 'orm', 'kysely', 'Kysely');
    expect(toBeWritten(root)).toEqual(['src/docs/orm-words.ts', 'src/pipeline/draft.ts']);
    const tested = run(root, 'vitest', 'run', '--project', 'unit', 'test/orm/kysely/orm.test.ts');
    expect(tested.said).toContain('1 passed');
  });
});
