import type { StartedProject } from '../orm/orm.ts';
import { startProject } from '../orm/orms.ts';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Interview } from '../ask/session.ts';
import { TableplanError } from '../errors.ts';
import type { WriteCode } from '../crud/code.ts';
import type { CodeRequest, MigrationOutcome, PlanSource, Progress, RunOutcome } from '../pipeline/types.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { requireEngine } from '../postgres/engines/open.ts';
import { preparePglite } from '../postgres/engines/pglite.ts';
import type { TableNames } from '../plan/table-names.ts';
import { visible } from '../plan/visible.ts';
import type { SeedDump } from '../rehearse/seed-dump.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { forgetDraft, type KeptDraft, readDraft } from '../workspace/drafts.ts';
import { endCacheWrites } from '../workspace/own/cache.ts';

export interface MigrationOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** A path to a plan, or words; empty asks. */
  readonly words: readonly string[];
  readonly dryRun: boolean;
  readonly typecheck: boolean;
  readonly tests: boolean;
  /** False with --no-rehearse. */
  readonly rehearse: boolean;
  /** What to rehearse on: `pglite` (unless said), `embedded`, or the URL of an empty database. */
  readonly engine?: string | undefined;
  /** A plain SQL dump whose rows are rehearsed with, instead of invented ones. */
  readonly seedDump?: string | undefined;
  /** Stop at warnings too. */
  readonly enforce: boolean;
  /** Stop where nothing was rehearsed or compared, unless that was left out on purpose: in CI. */
  readonly mustBeProven?: boolean | undefined;
  /** Make the newest snapshot from the replayed history where it is missing or lags behind; without words, only that. */
  readonly repairSnapshots?: boolean | undefined;
  /** Shows the steps that take a while. */
  readonly progress?: Progress | undefined;
  /** A new table of words has the columns that are said and no others. */
  readonly bare?: boolean | undefined;
  /** What the migration is called, whatever the plan says. */
  readonly name?: string | undefined;
  /** The plan of a run that wrote nothing: its id, or true for the newest. */
  readonly resume?: string | true | undefined;
  /** Why it is to be written though something stops it. */
  readonly writeAnyway?: string | undefined;
  /** How long what is rehearsed may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Where the plan comes from when no words are given: a conversation, or a refusal that says what to supply. */
  readonly interview?: RunInterview | undefined;
}

/** The conversation of a run; only `ask` and `confirm` are needed. */
export type RunInterview = Pick<Interview, 'ask' | 'confirm'> &
  Partial<Pick<Interview, 'chooseDraft' | 'begin' | 'again' | 'kept' | 'close'>>;

export interface WithCode {
  readonly code: WriteCode;
  readonly confirmCode?: CodeRequest['confirmCode'];
  /** Words that mean something else to the command than to a migration; undefined leaves them to the parser of words. */
  readonly readWords: (
    words: readonly string[],
    schema: DatabaseSchema,
    names: TableNames | undefined,
  ) => ParsedPlan | undefined;
}

/**
 * `tableplan migration [plan.yaml | words…]`: reads the plan wherever it comes from and takes it the whole way.
 * Throws TableplanError; nothing was changed then.
 */
export function runMigrationCommand(options: MigrationOptions): Promise<MigrationOutcome>;
/** The same with code about the tables of the plan. */
export function runMigrationCommand(options: MigrationOptions & WithCode): Promise<RunOutcome>;
export async function runMigrationCommand(
  options: MigrationOptions & Partial<WithCode>,
): Promise<RunOutcome> {
  const {
    cwd,
    config,
    interview,
    seedDump,
    engine = 'pglite',
    timeoutMs,
    code,
    confirmCode,
    ...rest
  } = options;
  const request = { ...rest, ...(code && { code, confirmCode }) };
  requireEngine(engine);
  refuseContradictions(options);
  if (options.rehearse && engine === 'pglite') preparePglite();
  const seed = seedDump === undefined ? undefined : await seedFrom(seedDump, options);
  const withPlan = { ...request, engine, seed, confirm: interview?.confirm };
  try {
    for (;;) {
      const starting = startProject(cwd, { config, keep: !request.dryRun, timeoutMs });
      // The ORM is to start before the modules loaded below block this process; what is wrong with the plan is said first.
      await starting.catch(() => undefined);
      const outcome = await runOnce(starting, withPlan, options).catch((error: unknown) => {
        if (interview?.again?.(error)) return undefined;
        throw withKeptAnswers(error, options);
      });
      if (outcome !== undefined && !interview?.again?.()) return outcome;
    }
  } finally {
    await interview?.close?.();
    await endCacheWrites();
  }
}

/** One way through, with the plan as it is given, kept or asked for by now. */
async function runOnce(
  starting: Promise<StartedProject>,
  request: Omit<CodeRequest, 'plan' | 'code'> & Partial<CodeRequest>,
  options: MigrationOptions & Partial<WithCode>,
): Promise<RunOutcome> {
  const { words, interview, say, resume } = options;
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const draft = resume === undefined ? undefined : await draftOf(await starting, options);
    if (interview)
      await starting.then(
        ({ project }) =>
          interview.begin?.(request.dryRun ? undefined : project, draft, (reason) => leaving.abort(reason)),
        () => undefined,
      );
    const plan = interview
      ? interview.ask
      : draft
        ? planOf(draft)
        : await planFrom(words, options).catch(refusePlan(starting, say));
    const { runPipeline } = await import('../pipeline.ts');
    const started = await starting;
    signal.addEventListener('abort', () => void started.stop());
    signal.throwIfAborted();
    const outcome = await runPipeline(
      { ...request, signal, plan: named(plan, options.name), answers: interview?.kept } as CodeRequest,
      started,
    );
    const written = draft?.id ?? interview?.kept?.().id;
    if (written !== undefined && isDone(outcome)) await forgetDraft(started.project.root, written);
    return outcome;
  } catch (error) {
    // What has been ended for it fails in ways of its own.
    leaving.signal.throwIfAborted();
    throw error;
  } finally {
    await starting.then(
      (started) => started.stop(),
      () => undefined,
    );
  }
}

/** The same plan under another name. */
function named(plan: PlanSource, name: string | undefined): PlanSource {
  if (name === undefined) return plan;
  return async (...given) => {
    const parsed = await plan(...given);
    const [first, ...others] = parsed.plan.documents;
    if (first === undefined) return parsed;
    return { ...parsed, plan: { documents: [{ ...first, name }, ...others] } };
  };
}

/** An interrupted interview says how to go on with it. */
function withKeptAnswers(error: unknown, { interview, code }: MigrationOptions & Partial<WithCode>): unknown {
  const isInterrupted = error instanceof TableplanError && error.code === 'interrupted';
  if (!isInterrupted || (interview?.kept?.().answers.length ?? 0) === 0) return error;
  const command = code === undefined ? 'migration' : 'crud';
  return new TableplanError('interrupted', error.message, {
    hint: `Your answers are kept. Go on with: npx tableplan ${command} --resume`,
    cause: error,
  });
}

/** Nothing is left to be taken up. */
function isDone(outcome: RunOutcome): boolean {
  if (outcome.status === 'code') return outcome.state === 'done';
  return outcome.status === 'done' || outcome.status === 'no_changes';
}

/** Throws `answer-needed` for an interview that was left before its end: it goes on at a terminal alone. */
function planOf({ id, plan }: KeptDraft): PlanSource {
  if (plan !== '')
    return async () => {
      const { parsePlan } = await import('../plan/parse.ts');
      return parsePlan(plan, { file: `draft ${id}`, byField: true });
    };
  const question = `The draft ${id} is an interview that was left before its end.`;
  throw new TableplanError('answer-needed', question, {
    hint: 'Resume it at a terminal, or give a plan as a file or as words.',
    missing: [{ field: 'plan', question, supply: 'tableplan migration --resume' }],
  });
}

function refuseContradictions({ resume, words, writeAnyway, name }: MigrationOptions): void {
  if (name !== undefined && !/^[a-z]\w{0,59}$/i.test(name)) {
    throw new TableplanError('usage', `--name ${visible(name)} cannot be the name of a migration.`, {
      hint: 'Letters, digits and _, beginning with a letter: --name add_price_to_products',
    });
  }
  if (resume !== undefined && words.length > 0) {
    throw new TableplanError('usage', '--resume takes its plan from a draft; it cannot take another one.', {
      hint: 'Leave out --resume, or the words.',
    });
  }
  if (writeAnyway?.trim() === '') {
    throw new TableplanError('usage', '--write-anyway needs a reason: it goes into the record.', {
      hint: '--write-anyway "why it is safe here"',
    });
  }
}

function draftOf(
  { project }: StartedProject,
  options: MigrationOptions & Partial<WithCode>,
): Promise<KeptDraft> {
  const { resume, code, say, interview } = options;
  const wanted = {
    id: resume === true ? undefined : resume,
    command: code === undefined ? ('migration' as const) : ('crud' as const),
  };
  return readDraft(project, wanted, { say, choose: interview?.chooseDraft });
}

/** Loaded only where it is wanted. */
async function seedFrom(file: string, { cwd, rehearse }: MigrationOptions): Promise<SeedDump> {
  if (!rehearse) {
    throw new TableplanError('usage', 'Without a rehearsal there is nothing to load the dump into.', {
      hint: 'Leave out --seed-dump or --no-rehearse.',
    });
  }
  const { readSeedDump } = await import('../rehearse/seed-dump.ts');
  return readSeedDump(cwd, file);
}

/** A plan that is wrong ends the run before the project is looked at: what a killed run left there is put right all the same. */
function refusePlan(
  starting: Promise<StartedProject>,
  say: (line: string) => void,
): (error: unknown) => Promise<never> {
  return async (error) => {
    const { recoverBefore } = await import('../workspace/session.ts');
    await starting.then(
      ({ project }) => recoverBefore(project, say),
      () => undefined,
    );
    throw error;
  };
}

/** Plans may be large, but not as large as something that was named by mistake. */
const LARGEST_PLAN = 1024 * 1024;

async function planFrom(
  words: readonly string[],
  { cwd, readWords, bare }: MigrationOptions & Partial<WithCode>,
): Promise<PlanSource> {
  // Only --repair-snapshots comes without words.
  if (words.length === 0) return async () => (await import('../plan/parse.ts')).NO_PLAN;
  const [first = ''] = words;
  if (words.length > 1 || !(await looksLikeFile(first, cwd))) {
    const all = words.length === 1 ? splitWords(first) : words;
    return async (schema, earlier, names) => {
      const read = readWords?.(all, schema, names);
      if (read) return read;
      const [{ parseWords }, { wordsContext }] = await Promise.all([
        import('../plan/words.ts'),
        import('../plan/words/context.ts'),
      ]);
      return parseWords(all, wordsContext(schema, names, { bare }), async function* () {
        for await (const older of earlier()) yield wordsContext(older, names);
      });
    };
  }
  const bytes = await readPlan(resolve(cwd, first), first);
  const { decodePlan, parsePlan } = await import('../plan/parse.ts');
  const parsed = await parsePlan(decodePlan(bytes, first), { file: first });
  return async () => parsed;
}

async function looksLikeFile(word: string, cwd: string): Promise<boolean> {
  if (/\.(ya?ml|json)$/i.test(word)) return true;
  if (/\s/.test(word)) return false;
  const found = await stat(resolve(cwd, word)).catch(() => undefined);
  // A folder may be called as a table is.
  return found !== undefined && (!found.isDirectory() || /^(?:\.{0,2}\/)/.test(word));
}

async function readPlan(path: string, shown: string): Promise<Uint8Array> {
  return readRegularFile(path, { largest: LARGEST_PLAN, shown }).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof TableplanError) throw cause;
    const isThere = cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR';
    throw new TableplanError(
      'plan-not-found',
      isThere ? `${shown} cannot be read: ${cause.message}.` : `There is no plan at ${shown}.`,
      { hint: 'Give the path of a YAML file, or say the change in words.', cause },
    );
  });
}

/** Words that came as one quoted argument (plop): split at spaces outside brackets and quotes. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  let quote = '';
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(' || char === '[') depth += 1;
    else if (char === ')' || char === ']') depth -= 1;
    if (/\s/.test(char) && depth <= 0 && quote === '') {
      if (word !== '') words.push(word);
      word = '';
    } else word += char;
  }
  return word === '' ? words : [...words, word];
}
