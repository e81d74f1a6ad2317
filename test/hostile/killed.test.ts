import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { through } from './every-command.ts';
import { hostileRepository, ORMS } from './repository.ts';
import { noProcessLeft, processesOf } from './unharmed.ts';

/** The real command as a process of its own, which adds a column to the table of the example. */
function start(root: string, table: string, column: string): ChildProcess {
  const words = ['migration', table, column, '--no-rehearse', '--no-typecheck', '--cwd', root];
  return spawn(process.execPath, ['--import', 'tsx', resolve('src/cli.ts'), ...words], { stdio: 'ignore' });
}

/** The project without packages, caches and git. */
function projectOf(root: string): string {
  return treeOf(root)
    .split('\n')
    .filter((line) => !/^(node_modules|\.git|\.tableplan)\//.test(line))
    .join('\n');
}

/** Parts of a run's time at which it is killed. */
const MOMENTS = [0.6, 0.9];

describe.each(ORMS)('a run with %s', (orm) => {
  const [table, source, migrations] =
    orm === 'drizzle'
      ? ['users', 'src/external/drizzle/users/user.schema.ts', 'src/external/drizzle/migrations']
      : ['products', 'src/entities/product.entity.ts', 'src/migrations'];

  it(
    'that is killed leaves no process, and the project as before or as after once the next one has run',
    { timeout: 600_000 },
    async () => {
      const hostile = await hostileRepository(orm, () => undefined);
      const { root } = hostile;
      const before = projectOf(root);
      const began = performance.now();
      expect(await once(start(root, table, 'height:int'), 'exit')).toEqual([0, null]);
      const length = performance.now() - began;
      expect((await through(hostile, 'undo')).code).toBe('ok');
      expect(projectOf(root)).toBe(before);
      for (const moment of MOMENTS) {
        const child = start(root, table, 'age:int');
        await sleep(length * moment);
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        await noProcessLeft(root);
        expect((await through(hostile, 'init --dry-run')).code).toBe('ok');
        if (projectOf(root) === before) continue;
        // It was done by then.
        expect(readFileSync(join(root, source), 'utf8')).toContain('age');
        expect((await through(hostile, 'undo')).code).toBe('ok');
        expect(projectOf(root)).toBe(before);
      }
    },
  );

  it('that is killed while the config loops leaves no process', async () => {
    const { root } = await hostileRepository(orm, ({ root: folder }) => {
      const config = join(folder, orm === 'drizzle' ? 'drizzle.config.ts' : 'src/data-source.ts');
      writeFileSync(config, `${readFileSync(config, 'utf8')}\nwhile (true);\n`);
    });
    const child = start(root, table, 'age:int');
    const others = (): string[] => processesOf(root).filter((line) => !line.startsWith(`${child.pid} `));
    while (others().length === 0) await sleep(50);
    child.kill('SIGKILL');
    await noProcessLeft(root);
  });

  it('waits for another one, and both are done', async () => {
    const { root } = await hostileRepository(orm, () => undefined);
    const count = (): number =>
      readdirSync(join(root, migrations)).filter((name) => /\.(ts|sql)$/.test(name)).length;
    const first = count();
    const runs = ['age:int', 'height:int'].map((column) => start(root, table, column));
    const codes = await Promise.all(runs.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);
    const text = readFileSync(join(root, source), 'utf8');
    expect(text).toContain('age');
    expect(text).toContain('height');
    expect(count() - first).toBe(2);
    await noProcessLeft(root);
  });
});
