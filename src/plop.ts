import type { NodePlopAPI } from 'plop';
import { resolve } from 'node:path';
import { TableplanError } from './errors.ts';
import type { RunOutcome } from './pipeline/types.ts';
import { outputOn, writeAtOnce } from './report/output.ts';
import { terminalProgress } from './report/progress.ts';
import { mayColor, terminalText } from './report/terminal-text.ts';

export interface PackOptions {
  /** Folder of the project; where plop was started unless said. */
  readonly cwd?: string;
  /** The drizzle config, where there are several. */
  readonly config?: string;
}

const stderr = outputOn(process.stderr);

/** Words that plop lets through beside the first one; it refuses more arguments than a generator has prompts. */
const MORE_WORDS = 24;

/** The generators that take a plan. */
type Command = 'migration' | 'crud';

interface Answers {
  /** The bypassed text, or the outcome of the interview. */
  readonly plan: string | RunOutcome;
  readonly [word: `word${number}`]: string;
}

/**
 * The plop pack: `npx plop migration [plan.yaml | words]`, `npx plop crud […]`, `npx plop docs`. A thin shell around the
 * same core as the bin.
 *
 * @example export { default } from 'tableplan/plop'; // plopfile.mjs
 */
export default function tableplan(plop: NodePlopAPI, options: PackOptions = {}): void {
  // plop ends a run that failed by process.exit, which loses what a pipe has not taken by then.
  for (const stream of [process.stdout, process.stderr]) writeAtOnce(stream);
  // Prompts are flat and unconditional: a bypass reaches nothing else (facts/plop.md 2).
  plop.setPrompt('tableplan-word', wordPrompt());
  planGenerator(plop, 'migration', {
    description: 'Schema edit, migration, rollback script and record from a table plan',
    message: 'Plan (a YAML file, or words)',
    options,
  });
  planGenerator(plop, 'crud', {
    description: 'A migration and the code that uses its table, wired in and tested',
    message: 'Plan (a YAML file, words, or a table that is there)',
    options,
  });
  plop.setActionType('tableplan-docs', () => writeDocs(options));
  plop.setGenerator('docs', {
    description: 'Migrations index, ER diagram, guide and assistant skill',
    prompts: [],
    actions: [{ type: 'tableplan-docs' }],
  });
}

interface GeneratorText {
  readonly description: string;
  readonly message: string;
  readonly options: PackOptions;
}

function planGenerator(
  plop: NodePlopAPI,
  command: Command,
  { description, message, options }: GeneratorText,
): void {
  const name = `tableplan-${command}`;
  plop.setPrompt(name, planPrompt(command, options));
  plop.setActionType(name, (answers) => runAction(command, answers as unknown as Answers, options));
  plop.setGenerator(command, {
    description,
    prompts: [
      { type: name, name: 'plan', message },
      ...Array.from({ length: MORE_WORDS }, (_, index) => ({
        type: 'tableplan-word',
        name: `word${index}`,
        message: '',
      })),
    ] as never,
    actions: [{ type: name }],
  });
}

/**
 * Takes a bypassed text as it is. Without one it is the whole interview, up to the written files: plop's spinner
 * turns while an action runs, so nothing may be asked there.
 */
function planPrompt(command: Command, options: PackOptions): never {
  return class {
    static bypass(text: string): string {
      return text;
    }

    readonly #plop: { close(): void } | undefined;

    constructor(_question: unknown, readline?: { close(): void }) {
      this.#plop = readline;
    }

    async run(): Promise<RunOutcome | string> {
      // plop's own line editor would draw every key once more.
      this.#plop?.close();
      if (!mayAsk()) return '';
      return run(command, [], options).catch(async (error: unknown) => {
        throw await forPlop(error);
      });
    }

    close(): void {}
  } as never;
}

/** Further words of a bypass; asks nothing. */
function wordPrompt(): never {
  return class {
    static bypass(text: string): string {
      return text;
    }

    async run(): Promise<string> {
      return '';
    }

    close(): void {}
  } as never;
}

async function runAction(command: Command, answers: Answers, options: PackOptions): Promise<string> {
  const [{ renderOutcome }, { stops }] = await Promise.all([
    import('./report/text.ts'),
    import('./report/findings.ts'),
  ]);
  const words = Array.from({ length: MORE_WORDS }, (_, index) => answers[`word${index}`] ?? '').filter(
    (word) => word !== '',
  );
  try {
    const outcome =
      typeof answers.plan === 'string'
        ? await run(
            command,
            [answers.plan, ...words].filter((word) => word !== ''),
            options,
          )
        : answers.plan;
    const text = terminalText(renderOutcome(outcome, { color: false, diff: false }));
    if (stops(outcome)) {
      throw new Error(text);
    }
    return text;
  } catch (error) {
    throw await forPlop(error);
  }
}

/** plop prints the message only, and exits 1 for every failure. */
async function forPlop(error: unknown): Promise<unknown> {
  if (!(error instanceof TableplanError)) return error;
  const { renderError } = await import('./report/text.ts');
  return new Error(terminalText(renderError(error, { color: false })));
}

async function run(command: Command, words: readonly string[], options: PackOptions): Promise<RunOutcome> {
  const interview =
    words.length === 0
      ? (await import('./ask/session.ts')).makeInterview({
          command,
          interactive: mayAsk(),
          color: mayColor(),
        })
      : undefined;
  const request = {
    cwd: resolve(options.cwd ?? '.'),
    config: options.config,
    words,
    dryRun: false,
    typecheck: true,
    tests: false,
    rehearse: true,
    enforce: false,
    mustBeProven: Boolean(process.env.CI) && process.env.CI !== 'false',
    // plop's spinner turns while an action runs; in the interview there is none.
    progress: interview && process.stderr.isTTY === true ? terminalProgress(process.stderr) : undefined,
    say,
    interview,
  };
  const outcome =
    command === 'migration'
      ? await (await import('./commands/migration.ts')).runMigrationCommand(request)
      : await (await import('./commands/crud.ts')).runCrudCommand({ ...request, force: false });
  if (interview && 'draft' in outcome) say(interview.equivalent(outcome.draft.plan.plan));
  return outcome;
}

async function writeDocs(options: PackOptions): Promise<string> {
  const [{ runDocsCommand }, { renderDocs }] = await Promise.all([
    import('./commands/docs.ts'),
    import('./report/docs.ts'),
  ]);
  try {
    const outcome = await runDocsCommand({
      cwd: resolve(options.cwd ?? '.'),
      config: options.config,
      check: false,
      dryRun: false,
      backfill: false,
      say,
    });
    return terminalText(renderDocs(outcome, { color: false, diff: false }));
  } catch (error) {
    throw await forPlop(error);
  }
}

function mayAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI;
}

function say(line: string): void {
  stderr.line(line);
}
