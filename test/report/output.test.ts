import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumerEnv } from '../e2e/consumer-env.ts';
import { makeTree } from '../workspace/tree.ts';

const TSX = ['--import', resolve('node_modules/tsx/dist/esm/index.mjs')];
const CLI = [...TSX, resolve('src/cli.ts'), 'review', 'big.sql', '--no-cache'];
const STATEMENTS = 6000;
/** Something is said of each of them: several megabytes, letters of more than one byte included. */
const BIG = Array.from(
  { length: STATEMENTS },
  (_, index) => `CREATE INDEX größe_${index}_idx ON t${index} (größe) WHERE name <> 'ä${index}';\n`,
).join('');
let root = '';

beforeAll(() => {
  root = makeTree({ 'big.sql': BIG });
});

const start = (...flags: string[]): ChildProcess =>
  spawn(process.execPath, [...CLI, ...flags], {
    cwd: root,
    env: consumerEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Reads a little, then nothing for a while, then the rest. */
async function readSlowly({ stdout }: ChildProcess): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdout!) {
    parts.push(part as Buffer);
    if (parts.length < 4) await sleep(200);
  }
  return Buffer.concat(parts).toString('utf8');
}

describe.each([
  { format: 'json', read: (text: string) => (JSON.parse(text) as { findings: unknown[] }).findings },
  {
    format: 'sarif',
    read: (text: string) => (JSON.parse(text) as { runs: [{ results: unknown[] }] }).runs[0].results,
  },
])('megabytes of $format through a pipe', ({ format, read }) => {
  it('arrive whole at a slow reader, and the exit code is the same', async () => {
    const child = start('--format', format);
    const exit = once(child, 'exit');
    const text = await readSlowly(child);
    expect(text.length).toBeGreaterThan(2_000_000);
    expect(read(text).length).toBeGreaterThanOrEqual(STATEMENTS);
    expect(await exit).toEqual([1, null]);
  });
});

describe('a reader that goes away', () => {
  it('ends the command at once, and nothing is said of it', async () => {
    const child = start('--format', 'json');
    let said = '';
    child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
    const exit = once(child, 'exit');
    await once(child.stdout!, 'readable');
    child.stdout!.destroy();
    expect(await exit).toEqual([1, null]);
    expect(said).toBe('');
  });
});

describe.runIf(process.platform !== 'win32')('a reader that waits for ever', () => {
  it('does not keep Ctrl-C from ending the command', async () => {
    const child = start('--format', 'json');
    const exit = once(child, 'exit');
    await once(child.stdout!, 'readable');
    await sleep(100);
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    child.stdout!.destroy();
  });
});

describe.runIf(process.platform === 'linux')('a full disk', () => {
  it('is an error, whatever the review came to', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"$0" "$@" >/dev/full`, process.execPath, ...CLI], {
      cwd: root,
      encoding: 'utf8',
      env: consumerEnv(),
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('could not be written')]);
  });
});

describe('a process that somebody else ends', () => {
  const script = (prepare: string): string =>
    `import { writeAtOnce } from ${JSON.stringify(resolve('src/report/output.ts'))};
    ${prepare}
    process.stderr.write('x'.repeat(2_000_000));
    process.exit(1);`;
  const bytes = async (prepare: string): Promise<number> => {
    const file = join(root, 'ends.mjs');
    writeFileSync(file, script(prepare));
    const child = spawn(process.execPath, [...TSX, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    await sleep(50);
    let length = 0;
    for await (const part of child.stderr) length += (part as Buffer).length;
    return length;
  };

  it('loses nothing of what was written before', async () => {
    expect(await bytes('writeAtOnce(process.stderr);')).toBe(2_000_000);
  });
});
