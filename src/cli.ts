#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { COMMANDS } from './cli/commands.ts';
import { failureOf } from './cli/failure.ts';
import { programOf } from './cli/program.ts';
import { TableplanError } from './errors.ts';
import { PACKAGE_FOLDER } from './package-folder.ts';
import { outputOn } from './report/output.ts';
import { jsonText, mayColor } from './report/terminal-text.ts';

// From Node 22.1 on the compiled form of ts-morph is kept between runs; Node 20 has no such thing.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

const { version } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as {
  version: string;
};
const { argv } = process;
const wantsJson =
  argv.includes('--json') ||
  argv.includes('--format=json') ||
  argv.some((flag, index) => flag === '--format' && argv[index + 1] === 'json');
const color = mayColor();
const [out, err] = [outputOn(process.stdout), outputOn(process.stderr)];
const say = (line: string): void => err.line(line);
const print = (text: string): void => out.line(text);
const interrupt = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const name of SIGNALS)
  process.on(name, () => interrupt.abort(new TableplanError('interrupted', 'Interrupted.')));

/** The folder of `--cwd`. */
let folder = process.cwd();
let code = 0;

/** Prints what stopped the run and returns its exit code. */
async function fail(cause: unknown): Promise<number> {
  // A signal to all processes may end those that this one waits for before it is heard here.
  if (!interrupt.signal.aborted) await new Promise((done) => setTimeout(done, 10));
  const error = await failureOf(cause, { isInterrupted: interrupt.signal.aborted, folder });
  if (error === undefined) return 0;
  if (wantsJson) {
    const { reportError } = await import('./report/json.ts');
    print(jsonText(reportError(error)));
  } else if (!(cause instanceof CommanderError)) {
    const { renderError } = await import('./report/error.ts');
    say(renderError(error, { color: process.stderr.isTTY === true && color }));
    if (error.code === 'internal' && cause instanceof Error) say(cause.stack ?? '');
  }
  return error.exitCode;
}

/**
 * Resolves when everything that was printed has been read, when nobody is there to read it, or at a signal. What is left
 * behind by then (a warm drizzle-kit, a cache) is not waited for: a command ends with its last line.
 */
async function drained(): Promise<void> {
  const interrupted = new Promise<void>((done) => {
    for (const name of SIGNALS) process.once(name, () => ((code = 130), done()));
  });
  await Promise.race([Promise.all([out.drained(), err.drained()]), interrupted]);
  const lost = out.failure();
  if (lost === undefined) return;
  code = 2;
  say(`✖ The output could not be written: ${lost.message}`);
  await err.drained();
}

try {
  const shell = { color, version, signal: interrupt.signal, commands: COMMANDS, print, say };
  await programOf(
    shell,
    { out: print, err: (text) => wantsJson || say(text) },
    { start: (cwd) => (folder = resolve(cwd)), end: (ended) => (code = ended) },
  ).parseAsync(argv);
} catch (error) {
  code = await fail(error);
}
await drained();
process.exit(code);
