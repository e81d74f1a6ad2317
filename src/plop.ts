import type { NodePlopAPI } from 'plop';
import { resolve } from 'node:path';
import type { CommandRecord } from './cli/command.ts';
import { crud, crudRun } from './cli/crud.ts';
import { docs } from './cli/docs.ts';
import { mayAsk } from './cli/may-ask.ts';
import { migration, migrationRun } from './cli/migration.ts';
import { NO_FLAGS, type PlanCommand, type PlanFlags, runPlan } from './cli/run-plan.ts';
import { TableplanError } from './errors.ts';
import type { RunOutcome } from './pipeline/types.ts';
import { outputOn, writeAtOnce } from './report/output.ts';
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

/** A command that takes a plan, as a generator. */
interface PlanRecord {
  readonly record: CommandRecord<PlanFlags>;
  readonly command: PlanCommand;
}

const PLAN_RECORDS: readonly PlanRecord[] = [
  { record: migration, command: migrationRun },
  { record: crud, command: crudRun() },
];

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
  for (const record of PLAN_RECORDS) planGenerator(plop, record, options);
  plop.setActionType('tableplan-docs', () => writeDocs(options));
  plop.setGenerator('docs', {
    description: docs.summary,
    prompts: [],
    actions: [{ type: 'tableplan-docs' }],
  });
}

function planGenerator(plop: NodePlopAPI, plan: PlanRecord, options: PackOptions): void {
  const { name: generator, summary, argument } = plan.record;
  const name = `tableplan-${generator}`;
  plop.setPrompt(name, planPrompt(plan, options));
  plop.setActionType(name, (answers) => runAction(plan, answers as unknown as Answers, options));
  plop.setGenerator(generator, {
    description: summary,
    prompts: [
      { type: name, name: 'plan', message: argument?.summary ?? '' },
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
function planPrompt(plan: PlanRecord, options: PackOptions): never {
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
      return run(plan, [], options).catch(async (error: unknown) => {
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

async function runAction(record: PlanRecord, answers: Answers, options: PackOptions): Promise<string> {
  const [{ renderOutcome }, { stops }] = await Promise.all([
    import('./report/outcome.ts'),
    import('./report/findings.ts'),
  ]);
  const words = Array.from({ length: MORE_WORDS }, (_, index) => answers[`word${index}`] ?? '').filter(
    (word) => word !== '',
  );
  try {
    const outcome =
      typeof answers.plan === 'string'
        ? await run(
            record,
            [answers.plan, ...words].filter((word) => word !== ''),
            options,
          )
        : answers.plan;
    const wasPreviewed = typeof answers.plan !== 'string' && outcome.status === 'done';
    const text = terminalText(renderOutcome(outcome, { color: false, diff: false, wasPreviewed }));
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
  const { renderError } = await import('./report/error.ts');
  return new Error(terminalText(renderError(error, { color: false })));
}

async function run(
  { command }: PlanRecord,
  words: readonly string[],
  { cwd = '.', config }: PackOptions,
): Promise<RunOutcome> {
  // plop's spinner turns while an action runs; in the interview there is none.
  const flags = { ...NO_FLAGS, cwd, ...(config !== undefined && { config }), isQuiet: words.length > 0 };
  const shell = { say, signal: undefined, color: mayColor() };
  const { outcome, interview } = await runPlan(words, flags, shell, command);
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

function say(line: string): void {
  stderr.line(line);
}
