import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listRuns, runUndoCommand } from '../../src/commands/undo.ts';
import { renderUndone, renderUndoQuestion } from '../../src/report/undo.ts';
import { type CrudFixture, crudFixture } from '../crud/project.ts';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { startTestServer } from '../postgres/engines/test-server.ts';
import { treeOf } from '../workspace/tree.ts';

const undo = ({ root }: CrudFixture, options: Partial<Parameters<typeof runUndoCommand>[0]> = {}) =>
  runUndoCommand({ cwd: root, dryRun: false, evenIfApplied: false, say: () => undefined, ...options });

describe('a run that is taken back', () => {
  let project: CrudFixture;
  let empty: string;
  let withBrands: string;
  beforeAll(async () => {
    project = crudFixture('hono');
    empty = treeOf(project.root);
    await project.crud('brands id:uuid=gen_random_uuid():pk name:text!:unique');
    withBrands = treeOf(project.root);
    await project.crud('labels id:uuid=gen_random_uuid():pk name:text!');
  });

  it('is listed, the newest first', async () => {
    const { runs } = await listRuns(project.root, undefined);
    expect(runs.map(({ id }) => id)).toEqual(['0002_create_labels_table', '0001_create_brands_table']);
  });

  it('is shown and nothing more in a dry run', async () => {
    const before = treeOf(project.root);
    const { edits } = await undo(project, { dryRun: true });
    expect(
      edits.map(({ path, after }) => [path.slice(project.root.length + 1), after === null]),
    ).toContainEqual(['src/routes/labels.ts', true]);
    expect(treeOf(project.root)).toBe(before);
  });

  it('is refused while a later run stands on it, which is named', async () => {
    await expect(undo(project, { id: '0001_create_brands_table' })).rejects.toMatchObject({
      code: 'undo-refused',
      exitCode: 1,
      hint: expect.stringContaining('0002_create_labels_table') as string,
    });
  });

  it('is refused where somebody has edited a file since, and the edit is shown', async () => {
    const path = join(project.root, 'src/routes/labels.ts');
    const own = readFileSync(path, 'utf8');
    appendFileSync(path, '// mine\n');
    const before = treeOf(project.root);
    await expect(undo(project)).rejects.toMatchObject({
      code: 'undo-refused',
      message: expect.stringContaining('src/routes/labels.ts') as string,
      frame: expect.stringContaining('+// mine') as string,
    });
    expect(treeOf(project.root)).toBe(before);
    writeFileSync(path, own);
  });

  it('is refused where a file of it was deleted', async () => {
    const path = join(project.root, 'src/routes/labels.ts');
    const own = readFileSync(path, 'utf8');
    rmSync(path);
    await expect(undo(project)).rejects.toMatchObject({ code: 'undo-refused' });
    writeFileSync(path, own);
  });

  it('says which runs there are when it is given a name that is none', async () => {
    await expect(undo(project, { id: '0002_create_label_table' })).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('0002_create_labels_table') as string,
    });
  });

  it('leaves every file as it was, one run after the other', async () => {
    await undo(project);
    expect(withoutMemory(treeOf(project.root))).toBe(withoutMemory(withBrands));
    await undo(project);
    expect(treeOf(project.root)).toBe(empty);
    await expect(undo(project)).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no run to undo.',
    });
  });
});

describe('a run that is to be taken back', () => {
  it('is shown first, and stays where the answer is no', async () => {
    const project = crudFixture('hono');
    await project.crud('brands id:uuid=gen_random_uuid():pk name:text!');
    const before = treeOf(project.root);
    const asked: string[] = [];
    const outcome = await undo(project, {
      async confirm(shown) {
        asked.push(renderUndoQuestion(shown, { color: false }));
        return false;
      },
    });
    expect(outcome.isDeclined).toBe(true);
    expect(renderUndone(outcome, { color: false })).toBe('Nothing was changed.');
    expect(asked.join()).toContain('Undo 0001_create_brands_table\n  restore src/db/schema.ts\n  delete ');
    expect(treeOf(project.root)).toBe(before);
  });

  it('is refused once git has committed it, in whatever commit', async () => {
    const project = crudFixture('hono');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: project.root,
      });
    git('init', '-q');
    git('add', '-A', '--', '.', ':!node_modules');
    git('commit', '-qm', 'start');
    await project.crud('brands id:uuid=gen_random_uuid():pk name:text!');
    git('add', '-A', '--', '.', ':!node_modules');
    git('commit', '-qm', 'brands');
    const before = treeOf(project.root);
    await expect(undo(project)).rejects.toMatchObject({
      code: 'undo-refused',
      message: expect.stringContaining('0001_create_brands_table is committed: ') as string,
      hint: expect.stringContaining('--even-if-committed') as string,
    });
    expect(treeOf(project.root)).toBe(before);
    await undo(project, { evenIfCommitted: true });
    expect(existsSync(join(project.root, 'src/routes/brands.ts'))).toBe(false);
  });
});

it('leaves what a later domain uses too', async () => {
  const project = crudFixture('hono');
  // Nothing to be mounted in: the two runs edit no file in common.
  for (const file of ['src/app.ts', 'src/server.ts', 'src/routes/health.ts'])
    rmSync(join(project.root, file));
  await project.crud('users');
  await project.crud('brands id:uuid=gen_random_uuid():pk name:text!');
  await undo(project, { id: 'crud-users' });
  expect(existsSync(join(project.root, 'src/users'))).toBe(false);
  expect(existsSync(join(project.root, 'src/lib/crud/errors.ts'))).toBe(true);
});

/** What is remembered of a run goes with it. */
function withoutMemory(tree: string): string {
  return tree.replaceAll(/^\.tableplan.*\n?/gm, '');
}

describe("a migration that the project's own database has run", () => {
  it('is not taken back, unless that is said', async () => {
    const project = crudFixture('hono');
    const server = await startTestServer();
    try {
      const admin = await server.admin();
      await admin.exec('create database shop');
      await admin.end();
      const config = join(project.root, 'drizzle.config.ts');
      const url = server.url('shop');
      writeFileSync(
        config,
        readFileSync(config, 'utf8').replace('});', `, dbCredentials: { url: '${url}' } });`),
      );
      const before = treeOf(project.root);
      await project.crud('brands id:uuid=gen_random_uuid():pk name:text!');
      expect(await undo(project, { dryRun: true })).toMatchObject({ applied: { state: 'pending' } });
      execFileSync(process.execPath, [resolve('node_modules/drizzle-kit/bin.cjs'), 'migrate'], {
        cwd: project.root,
        env: consumerEnv(),
      });
      await expect(undo(project)).rejects.toMatchObject({
        code: 'undo-refused',
        message: expect.stringContaining('has run 0001_create_brands_table') as string,
      });
      expect(existsSync(join(project.root, 'src/routes/brands.ts'))).toBe(true);
      expect(await undo(project, { evenIfApplied: true })).toMatchObject({ applied: { state: 'applied' } });
      expect(treeOf(project.root)).toBe(before);
    } finally {
      await server.stop();
    }
  });
});
