import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FormatterFailed } from '../../../src/project/formatters/formatter.ts';
import { runTool } from '../../../src/project/formatters/run-tool.ts';
import { makeTree } from '../../workspace/tree.ts';

function run(script: string, timeoutMs?: number) {
  const folder = makeTree({ 'tool.mjs': script });
  return runTool({ script: join(folder, 'tool.mjs'), folder }, [], 'text', timeoutMs);
}

it('gives what a tool says and how it ended', async () => {
  expect(await run("console.log('out'); console.error('err'); process.exitCode = 3")).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

it('a tool that never ends, and one whose output does not, are stopped', async () => {
  await expect(run('setInterval(() => {}, 1000)', 200)).rejects.toThrow(FormatterFailed);
  const endless = "const more = () => process.stdout.write('x'.repeat(1e6), more); more()";
  await expect(run(endless)).rejects.toThrow('its output has no end');
});
