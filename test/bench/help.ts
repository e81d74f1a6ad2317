import { resolve } from 'node:path';
import { command, line, medians } from './measure.ts';

/** What the start of the bin costs. */
export async function benchHelp(): Promise<void> {
  console.log('start: tableplan --help against node -e 0 (aim ≤ 3)');
  const bin = resolve('dist/cli.js');
  const [ours, bare] = medians([
    () => command('.', [process.execPath, bin, '--help']),
    () => command('.', [process.execPath, '-e', '0']),
  ]);
  line('--help', ours, bare);
  console.log();
}
