import { runCrudCommand } from '../../src/commands/crud.ts';
import { runDocsCommand } from '../../src/commands/docs.ts';
import { runInit } from '../../src/commands/init.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { runReviewCommand } from '../../src/commands/review.ts';
import { listRuns, runUndoCommand } from '../../src/commands/undo.ts';
import type { Hostile, Orm } from './repository.ts';

/** What a command came to, and all that it said. */
export interface Came {
  readonly command: string;
  /** The code of the TableplanError; `ok` where there was none, `crash` where it was another error. */
  readonly code: string;
  readonly said: string;
}

type Run = (hostile: Hostile, say: (line: string) => void) => Promise<unknown>;

const checks = { typecheck: false, tests: false, enforce: false };
const unrehearsed = { ...checks, rehearse: false };
const words = { drizzle: ['users', 'age:int'], typeorm: ['products', 'age:int'] };
const plan = { drizzle: ['plans/products.yaml'], typeorm: ['plans/brands.yaml'] };
const table: Readonly<Record<Orm, { readonly words: readonly string[]; readonly stack: string }>> = {
  drizzle: { words: ['users'], stack: 'hono' },
  typeorm: { words: ['products'], stack: 'nestjs' },
};
const undo = { evenIfApplied: true };
const docs = { check: false, dryRun: false, backfill: false };

/** Every command that tableplan has, by a plan of each form, those that write last; by what a person types. */
export const COMMANDS = {
  'init --dry-run': ({ root: cwd }, say) => runInit({ cwd, dryRun: true, say }),
  'undo --list': ({ root: cwd }, say) => listRuns(cwd, undefined, say),
  'undo --dry-run': ({ root: cwd }, say) => runUndoCommand({ cwd, dryRun: true, ...undo, say }),
  'review --all': ({ root: cwd }) =>
    runReviewCommand({ cwd, files: [], all: true, failOn: 'error', cache: true }),
  'docs --check': ({ root: cwd }, say) => runDocsCommand({ cwd, ...docs, check: true, say }),
  rehearse: ({ root: cwd }) => runRehearseCommand({ cwd, enforce: false }),
  'rehearse --fresh': ({ root: cwd }) => runRehearseCommand({ cwd, enforce: false, fresh: true }),
  'migration words --dry-run': ({ root: cwd, orm }, say) =>
    runMigrationCommand({ cwd, ...unrehearsed, words: words[orm], dryRun: true, say }),
  'migration plan.yaml --dry-run': ({ root: cwd, orm }, say) =>
    runMigrationCommand({ cwd, ...checks, rehearse: true, words: plan[orm], dryRun: true, say }),
  'crud table --dry-run': ({ root: cwd, orm }, say) =>
    runCrudCommand({ cwd, ...unrehearsed, ...table[orm], dryRun: true, force: false, say }),
  init: ({ root: cwd }, say) => runInit({ cwd, dryRun: false, say }),
  'migration words': ({ root: cwd, orm }, say) =>
    runMigrationCommand({ cwd, ...unrehearsed, words: words[orm], dryRun: false, say }),
  undo: ({ root: cwd }, say) => runUndoCommand({ cwd, dryRun: false, ...undo, say }),
  'migration plan.yaml': ({ root: cwd, orm }, say) =>
    runMigrationCommand({ cwd, ...unrehearsed, words: plan[orm], dryRun: false, say }),
  'crud table': ({ root: cwd, orm }, say) =>
    runCrudCommand({ cwd, ...unrehearsed, ...table[orm], dryRun: false, force: false, say }),
  docs: ({ root: cwd }, say) => runDocsCommand({ cwd, ...docs, say }),
  'rehearse --engine embedded': ({ root: cwd }) =>
    runRehearseCommand({ cwd, enforce: false, engine: 'embedded' }),
  'migration plan.yaml --engine embedded': ({ root: cwd, orm }, say) =>
    runMigrationCommand({
      cwd,
      ...checks,
      rehearse: true,
      words: plan[orm],
      engine: 'embedded',
      dryRun: true,
      say,
    }),
} satisfies Readonly<Record<string, Run>>;

export type CommandName = keyof typeof COMMANDS;
/** On PGlite; what a real server could reach besides is asked where it matters. */
export const EVERY_COMMAND = (Object.keys(COMMANDS) as CommandName[]).filter(
  (command) => !command.endsWith('embedded'),
);

/** Sends a command through a repository. */
export async function through(hostile: Hostile, command: CommandName): Promise<Came> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const run: Run = COMMANDS[command];
  const code = await run(hostile, say).then(
    (outcome) => (say(JSON.stringify(outcome, plain)), 'ok'),
    (error: Error & { code?: string; hint?: string; frame?: string; at?: unknown }) => {
      say([error.message, error.hint, error.frame, JSON.stringify(error.at)].join('\n'));
      return error.name === 'TableplanError' ? (error.code ?? '') : `crash: ${error.stack ?? ''}`;
    },
  );
  return { command, code, said: said.join('\n') };
}

/** The codes of what commands came to, by command. */
export function codesOf(came: Readonly<Record<string, Came>>): Record<string, string> {
  return Object.fromEntries(Object.values(came).map(({ command, code }) => [command, code]));
}

/** What all of these commands are to come to. */
export function all(code: string, ...commands: readonly CommandName[]): Record<string, string> {
  return Object.fromEntries(commands.map((command) => [command, code]));
}

/** A text of an outcome without what would make it endless. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'function' ? undefined : value;
}
