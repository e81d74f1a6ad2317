import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runInit, type InitOptions } from '../../src/commands/init.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runUndoCommand } from '../../src/commands/undo.ts';
import { commitAll, git } from '../commands/review-project.ts';
import { makeTree, treeOf } from '../workspace/tree.ts';

const say = (): void => undefined;
const init = (cwd: string, more: Partial<InitOptions> = {}) => runInit({ cwd, dryRun: false, say, ...more });

function shop(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan init-'));
  cpSync('examples/drizzle-shop', root, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  writeFileSync(join(root, '.gitignore'), 'node_modules\n.tableplan\n');
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

const ALL = { ci: true, lockTimeout: '2s', postgresVersion: 16, enforce: true };
const WORKFLOW = '.github/workflows/tableplan.yml';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly 'working-directory'?: string;
}

function stepsOf(root: string): readonly Step[] {
  const workflow = parse(readFileSync(join(root, WORKFLOW), 'utf8')) as {
    jobs: { migrations: { steps: readonly Step[] } };
  };
  return workflow.jobs.migrations.steps;
}

/** Runs a step as the runner does, with this checkout's tableplan. */
function runStep(root: string, { run = '' }: Step): { status: number | null; output: string } {
  const cli = `'${process.execPath}' --import tsx '${resolve('src/cli.ts')}'`;
  const script = `npx() { shift; ${cli} "$@"; }\n${run}`;
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, BASE: 'main', CI: '1', NODE_OPTIONS: '' },
    },
  );
  return { status, output: `${stdout}${stderr}` };
}

describe('init', () => {
  it('writes what was asked for, nothing the second time, and undo takes all of it back', async () => {
    const root = shop();
    const before = treeOf(root);
    expect(await init(root, { choices: ALL })).toMatchObject({
      written: ['plopfile.mjs', 'package.json', WORKFLOW],
      next: 'npx plop migration',
    });
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
      scripts: { migration: 'plop migration' },
      tableplan: { safety: 'enforce', lockTimeout: '2s', postgresVersion: 16 },
    });
    expect((await init(root, { choices: ALL })).written).toEqual([]);
    await runUndoCommand({ cwd: root, dryRun: false, evenIfApplied: false, say });
    expect(treeOf(root)).toBe(before);
  });

  it('writes the documents where they are asked for, and the same undo takes them back', async () => {
    const root = shop();
    rmSync(join(root, 'docs'), { recursive: true });
    const before = treeOf(root);
    const { written, docs } = await init(root, { choices: { docs: true } });
    expect(written).toEqual(['plopfile.mjs', 'package.json']);
    expect(docs?.status).toBe('done');
    expect(readFileSync(join(root, 'docs/migrations/README.md'), 'utf8')).toContain('0000');
    await runUndoCommand({ cwd: root, dryRun: false, evenIfApplied: false, say });
    expect(treeOf(root)).toBe(before);
  });

  it('writes no workflow and no setting that nobody asked for, and overwrites no workflow', async () => {
    const root = shop();
    expect((await init(root)).written).toEqual(['plopfile.mjs', 'package.json']);
    expect(readFileSync(join(root, 'package.json'), 'utf8')).not.toContain('"tableplan"');
    await init(root, { choices: { ci: true } });
    writeFileSync(join(root, WORKFLOW), 'ours: true\n');
    const said: string[] = [];
    expect((await init(root, { choices: { ci: true }, say: (line) => said.push(line) })).written).toEqual([]);
    expect(readFileSync(join(root, WORKFLOW), 'utf8')).toBe('ours: true\n');
    expect(said.join()).toContain('is there already');
  });

  it.each([
    [
      'pnpm-lock.yaml',
      'pnpm install --frozen-lockfile',
      'pnpm exec tableplan review',
      'pnpm exec plop migration',
    ],
    ['yarn.lock', 'yarn install --frozen-lockfile', 'yarn tableplan review', 'yarn plop migration'],
    ['bun.lock', 'bun install --frozen-lockfile', 'bunx tableplan review', 'bunx plop migration'],
    ['package-lock.json', 'npm ci', 'npx tableplan review', 'npx plop migration'],
  ])('speaks the package manager of %s', async (lock, install, review, next) => {
    const root = shop();
    writeFileSync(join(root, lock), '');
    expect((await init(root, { choices: { ci: true } })).next).toBe(next);
    const runs = stepsOf(root).map(({ run }) => run ?? '');
    expect(runs).toContain(install);
    expect(runs.some((run) => run.startsWith(`${review} --since "origin/$BASE"`))).toBe(true);
    if (lock === 'yarn.lock') {
      const modern = shop();
      writeFileSync(join(modern, lock), '');
      writeFileSync(join(modern, '.yarnrc.yml'), '');
      await init(modern, { choices: { ci: true } });
      expect(stepsOf(modern).map(({ run }) => run)).toContain('yarn install --immutable');
    }
  });
});

describe('the workflow', () => {
  it('reviews and rehearses the new migrations of a branch, and fails where one fails', async () => {
    const root = shop();
    await init(root, { choices: { ci: true, lockTimeout: '2s' } });
    commitAll(root);
    git(root, 'remote', 'add', 'origin', root);
    git(root, 'fetch', '-q', 'origin');
    git(root, 'checkout', '-q', '-b', 'change');
    const [review, rehearse] = stepsOf(root).slice(-2) as [Step, Step];
    expect(runStep(root, rehearse)).toEqual({ status: 0, output: '' });
    await runMigrationCommand({
      cwd: root,
      words: ['users', 'fax:text'],
      dryRun: false,
      typecheck: false,
      tests: false,
      rehearse: false,
      enforce: false,
      say,
    });
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'fax');
    expect(runStep(root, review)).toMatchObject({ status: 0 });
    const passed = runStep(root, rehearse);
    expect(passed).toMatchObject({ status: 0, output: expect.stringContaining('0002_add_fax_to_users') });
    expect(passed.output).not.toContain('0001_');
    const sql = join(root, 'src/external/drizzle/migrations/0002_add_fax_to_users.sql');
    writeFileSync(sql, 'ALTER TABLE "users" ADD COLUMN "nick" text;');
    git(root, 'commit', '-qam', 'wrong');
    expect(runStep(root, rehearse).status).toBe(1);
  }, 600_000);
});

describe('in an empty folder', () => {
  const blocks = async (): Promise<Record<string, string[]>> => {
    const error = await init(makeTree({})).catch((each: unknown) => each as { frame: string; code: string });
    expect(error).toMatchObject({ code: 'project-not-found' });
    const parts = (error as { frame: string }).frame.split(/\n\n/).slice(1);
    return Object.fromEntries(
      parts.map((part) => {
        const [name = '', ...lines] = part.split('\n');
        return [name.replace(':', ''), lines.map((line) => line.trim())];
      }),
    );
  };

  it.each(['Drizzle', 'TypeORM'])(
    'the commands for %s lead to a first migration',
    async (orm) => {
      const commands = (await blocks())[orm]!;
      const root = makeTree({});
      symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
      const own = commands.filter((line) => !/^npm i |^npx tableplan /.test(line));
      expect(own.length).toBe(commands.length - 3);
      execFileSync('bash', ['-ec', own.join('\n')], { cwd: root, stdio: 'pipe' });
      expect((await init(root)).written).toContain('plopfile.mjs');
      const outcome = await runMigrationCommand({
        cwd: root,
        words: ['CreateNotesTable', 'title:text!'],
        dryRun: true,
        typecheck: false,
        tests: false,
        rehearse: true,
        enforce: false,
        say,
      });
      expect(outcome).toMatchObject({ status: 'dry-run', draft: { proof: { stopping: [] } } });
    },
    600_000,
  );
});
