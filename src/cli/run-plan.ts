import { resolve } from 'node:path';
import type { Interview } from '../ask/session.ts';
import type { MigrationOptions } from '../commands/migration.ts';
import type { RunOutcome } from '../pipeline/types.ts';
import { terminalProgress } from '../report/progress.ts';
import { jsonText } from '../report/terminal-text.ts';
import type { OptionRecord } from './command.ts';
import { isCi, mayAsk } from './may-ask.ts';
import { ENFORCE, ENGINE, HTML, PROJECT_OPTIONS, type ProjectFlags, SEED_DUMP } from './options.ts';
import { pageFor } from './page.ts';
import type { Shell } from './shell.ts';

export interface PlanFlags extends ProjectFlags {
  readonly html?: string;
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly typecheck: boolean;
  readonly test?: boolean;
  readonly rehearse: boolean;
  readonly engine: string;
  readonly seedDump?: string;
  readonly enforce?: boolean;
  readonly repairSnapshots?: boolean;
  readonly bare?: boolean;
  readonly name?: string;
  readonly resume?: string | true;
  readonly writeAnyway?: string;
  /** No steps are shown: something else draws on the terminal. */
  readonly isQuiet?: boolean;
}

/** What every run of a plan takes. */
export const PLAN_OPTIONS: readonly OptionRecord[] = [
  ...PROJECT_OPTIONS,
  { flags: '--dry-run', summary: 'show everything, write nothing' },
  { flags: '--diff', summary: 'like --dry-run, with the unified diff of every file' },
  { flags: '--no-typecheck', summary: "do not run the project's tsc" },
  { flags: '--test', summary: "run the project's tests afterwards" },
  { flags: '--no-rehearse', summary: 'judge the SQL alone, without a disposable database' },
  ENGINE,
  SEED_DUMP,
  ENFORCE,
  { flags: '--bare', summary: 'a new table of words gets no key and no timestamps of its own' },
  { flags: '--name <name>', summary: 'the name of the migration (default: from the plan)' },
  {
    flags: '--resume [id]',
    summary:
      'take up a draft: a plan with errors, or an interview that was left (default: asks, or the newest)',
  },
  { flags: '--write-anyway <reason>', summary: 'write despite errors; the reason goes into the record' },
  HTML,
  {
    flags: '--repair-snapshots',
    summary: "make drizzle-kit's newest snapshot from the replayed history, where it is missing or wrong",
  },
];

/** The flags of a run that was started without any. */
export const NO_FLAGS = { input: true, typecheck: true, rehearse: true, engine: 'pglite' } as const;

/** What a command that takes a plan does with it. */
export interface PlanCommand {
  readonly command: 'migration' | 'crud';
  /** Who may use the routes is given already. */
  readonly hasAuthentication?: boolean | undefined;
  readonly run: (
    options: MigrationOptions & { readonly interview: Interview | undefined },
  ) => Promise<RunOutcome>;
}

export interface PlanRun {
  readonly outcome: RunOutcome;
  readonly interview: Interview | undefined;
}

/** Runs a plan of a file, of words, of a draft, or of an interview where there are none. */
export async function runPlan(
  words: readonly string[],
  flags: PlanFlags,
  { say, signal, color }: Pick<Shell, 'say' | 'color'> & { readonly signal: AbortSignal | undefined },
  { command, hasAuthentication, run }: PlanCommand,
): Promise<PlanRun> {
  const interactive = mayAsk(flags);
  const isAsked = words.length === 0 && !flags.repairSnapshots && (!flags.resume || interactive);
  const interview = isAsked
    ? (await import('../ask/session.ts')).makeInterview({ command, interactive, color, hasAuthentication })
    : undefined;
  const showsSteps = !flags.json && !flags.isQuiet && process.stderr.isTTY === true;
  const outcome = await run({
    cwd: resolve(flags.cwd),
    config: flags.config,
    words,
    dryRun: Boolean(flags.dryRun ?? flags.diff),
    typecheck: flags.typecheck,
    tests: Boolean(flags.test),
    rehearse: flags.rehearse,
    engine: flags.engine,
    seedDump: flags.seedDump,
    enforce: Boolean(flags.enforce),
    mustBeProven: isCi(),
    repairSnapshots: flags.repairSnapshots,
    bare: flags.bare,
    name: flags.name,
    resume: flags.resume,
    writeAnyway: flags.writeAnyway,
    timeoutMs: flags.timeout,
    progress: showsSteps ? terminalProgress(process.stderr, interview?.free) : undefined,
    say,
    signal,
    interview,
  });
  return { outcome, interview };
}

/** Runs a plan, prints what it came to, and returns the exit code. */
export async function runAndPrint(
  words: readonly string[],
  flags: PlanFlags,
  shell: Shell,
  command: PlanCommand,
): Promise<number> {
  const { print, color } = shell;
  const page = await pageFor(flags, shell.say);
  const { outcome, interview } = await runPlan(words, flags, shell, command);
  await page?.write(async () => (await import('../page/of-run.ts')).pageOfRun(outcome));
  if (flags.json) {
    const { reportOutcome } = await import('../report/json.ts');
    print(jsonText(reportOutcome(outcome)));
  } else {
    const { renderOutcome } = await import('../report/outcome.ts');
    const wasPreviewed = interview !== undefined && outcome.status === 'done';
    print(renderOutcome(outcome, { color, diff: Boolean(flags.diff ?? flags.dryRun), wasPreviewed }));
    if (interview && 'draft' in outcome && !flags.resume)
      print(interview.equivalent(outcome.draft.plan.plan));
  }
  const { stops } = await import('../report/findings.ts');
  return stops(outcome) ? 1 : 0;
}
