import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { runDocsCommand } from '../../src/commands/docs.ts';
import { runInit } from '../../src/commands/init.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { runReviewCommand } from '../../src/commands/review.ts';
import { listRuns, runUndoCommand } from '../../src/commands/undo.ts';

/** A repository of somebody else's, with a folder outside that it aims at. */
export interface Hostile {
  readonly root: string;
  /** Writes files of the repository, text by path. */
  put(files: Readonly<Record<string, string>>): void;
  /** A symbolic link in the repository; `to` is absolute. */
  link(path: string, to: string): void;
  /** The path of a file outside as seen from the project, with `/`. */
  from(path: string): string;
}

/** A copy of the example in git, to which `forge` adds what is hostile. */
export function hostileRepository(forge: (hostile: Hostile) => void): Hostile {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tableplan hostile-')));
  cpSync(resolve('examples/drizzle-shop'), root, { recursive: true });
  // Packages are there as after `npm ci`; what lies beside them may come with the repository.
  mkdirSync(join(root, 'node_modules'));
  for (const name of ['drizzle-kit', 'drizzle-orm', 'typescript', 'prettier', 'esbuild'])
    symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
  const hostile: Hostile = {
    root,
    put(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    link(path, to) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(to, join(root, path));
    },
    from: (path) => relative(root, path).replaceAll('\\', '/'),
  };
  forge(hostile);
  execFileSync('git', ['init', '-q'], { cwd: root });
  return hostile;
}

/** What a command came to, and all that it said. */
export interface Came {
  readonly command: string;
  /** The code of the TableplanError; `ok` where there was none, `crash` where it was another error. */
  readonly code: string;
  readonly said: string;
}

/** Sends every command through a project, those that write last. */
export async function everyCommand(root: string, options: { readonly rehearse: boolean }): Promise<Came[]> {
  const came: Came[] = [];
  for (const [command, run] of Object.entries(COMMANDS)) {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const code = await run(root, say, options.rehearse).then(
      (outcome) => (say(JSON.stringify(outcome, plain)), 'ok'),
      (error: Error & { code?: string; exitCode?: number; hint?: string; frame?: string }) => {
        say([error.message, error.hint, error.frame].join('\n'));
        return error.name === 'TableplanError' ? (error.code ?? '') : `crash: ${error.stack ?? ''}`;
      },
    );
    came.push({ command, code, said: said.join('\n') });
  }
  return came;
}

type Run = (root: string, say: (line: string) => void, rehearse: boolean) => Promise<unknown>;

const plan = { typecheck: false, tests: false, enforce: false, words: ['users', 'age:int'] };
const undo = { evenIfApplied: true };

const COMMANDS: Readonly<Record<string, Run>> = {
  'init --dry-run': (cwd, say) => runInit({ cwd, dryRun: true, say }),
  'docs --check': (cwd, say) => runDocsCommand({ cwd, check: true, dryRun: false, backfill: false, say }),
  'undo --list': (cwd, say) => listRuns(cwd, undefined, say),
  'undo --dry-run': (cwd, say) => runUndoCommand({ cwd, dryRun: true, ...undo, say }),
  review: (cwd) =>
    runReviewCommand({
      cwd,
      files: [],
      since: undefined,
      all: true,
      postgresVersion: undefined,
      failOn: 'error',
      cache: true,
    }),
  rehearse: (cwd, _, rehearse) =>
    rehearse ? runRehearseCommand({ cwd, enforce: false }) : Promise.resolve(undefined),
  'migration --dry-run': (cwd, say, rehearse) =>
    runMigrationCommand({ cwd, ...plan, dryRun: true, rehearse, say }),
  undo: (cwd, say) => runUndoCommand({ cwd, dryRun: false, ...undo, say }),
  migration: (cwd, say) => runMigrationCommand({ cwd, ...plan, dryRun: false, rehearse: false, say }),
};

/** A text of an outcome without what would make it endless. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'function' ? undefined : value;
}
