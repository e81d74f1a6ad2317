import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endGroup, endWithUs, tied } from '../../../child-processes.ts';
import { withoutNpm } from '../../../project/npm-variables.ts';
import { TableplanError } from '../../../errors.ts';
import { LastOutput } from '../../../last-output.ts';
import { DEFAULT_LIMITS, LimitExceeded, type Limits } from '../../../limits.ts';
import { compilerKey } from '../../../workspace/own/cache.ts';
import type { EntityModel } from '../model.ts';

export interface ChildOptions {
  /** Folder in which the project's own commands run. */
  readonly root: string;
  /** Top of the repository: nothing is loaded by a link that leads out of it. */
  readonly repoRoot: string;
  readonly dataSourcePath: string;
  /** Modules that the project's script loads first (`-r dotenv/config`). */
  readonly preload: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where compiled sources are kept; undefined reads and keeps nothing, `keep: false` reads only. */
  readonly cache: { readonly folder: string; readonly keep: boolean } | undefined;
  /** The disposable database; asked for when the first statement comes. */
  readonly engine: () => Promise<StatementTarget>;
  /** `DEFAULT_LIMITS` unless given. */
  readonly limits?: Limits | undefined;
}

/** Where the project's `pg` sends its messages. */
export interface StatementTarget {
  /** Messages of Postgres' protocol, with what they run where they begin a statement; answers with Postgres' own. */
  exchange(messages: Uint8Array, statement?: Query): Promise<Exchanged>;
}

export interface Exchanged {
  readonly bytes: Uint8Array;
  /** The statement is taken for one that went through, whatever Postgres says of it. */
  readonly isPassedOver?: boolean | undefined;
}

/** A place in a file of the project, from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** Absolute path → staged text, null where the file is deleted. */
export type StagedFiles = Readonly<Record<string, string | null>>;

/** Where entities or migrations come from: globs with the files that they match, and classes listed by name. */
export interface Listing {
  /** Absolute; a glob for compiled files as the one for their sources. */
  readonly patterns: readonly string[];
  readonly files: readonly string[];
  readonly listed: number;
}

/** The data source as its module made it, options as given there. */
export interface LoadedDataSource {
  readonly type: string;
  readonly entities: Listing;
  readonly migrations: Listing;
  readonly migrationsTable: { readonly schema: string | undefined; readonly name: string };
  readonly metadataTable: string;
  readonly transactionMode: 'all' | 'each' | 'none';
  readonly synchronize: boolean;
  readonly migrationsRun: boolean;
  readonly schema: string | undefined;
  readonly entityPrefix?: string | undefined;
  readonly uuidExtension: string | undefined;
  /** Where the project's own database is, as its options say. */
  readonly connection: Readonly<Record<string, unknown>>;
  readonly namingStrategy: string;
  /** The project's own files that were loaded: data source, entities, base classes, migrations. */
  readonly modules: readonly string[];
  /** How each of them, and each folder of a glob, was when it was read (`changed-since.ts`). */
  readonly seen: Readonly<Record<string, string | undefined>>;
  readonly models: readonly EntityModel[];
  /** `schema.table` → what differs where TypeORM would make the table otherwise. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** In the order in which TypeORM runs them. */
  readonly history: readonly TypeormMigration[];
}

export interface TypeormMigration {
  /** `name` of the instance, or the class; its last 13 digits are the stamp. */
  readonly name: string;
  readonly className: string;
  /** Undefined where TypeORM cannot read one. */
  readonly stamp: number | undefined;
  /** The class's own `transaction`. */
  readonly transaction: boolean | undefined;
  readonly file: string | undefined;
  /** Files of the project that it imports. */
  readonly imports: readonly string[];
}

export interface Query {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  /** Where in the file of its migration it comes from, where that can be told. */
  readonly at?: SourcePlace | undefined;
}

/** Statements up, and down in the same order: the way back runs them from the last to the first. */
export interface Queries {
  readonly up: readonly Query[];
  readonly down: readonly Query[];
}

/** What TypeORM's query runner writes the statements for. */
export type Step =
  | { readonly kind: 'rename-table'; readonly table: TableName; readonly to: string }
  | {
      readonly kind: 'rename-column';
      readonly table: TableName;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'drop-column'; readonly table: TableName; readonly column: string }
  | { readonly kind: 'drop-table'; readonly table: TableName };

interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** A name that the project's naming strategy derives; `table` as entity metadata has it, `target` with its schema. */
export type WantedName =
  | {
      readonly kind: 'primary-key' | 'unique';
      readonly table: string;
      readonly columns: readonly string[];
    }
  | {
      readonly kind: 'index' | 'relation';
      readonly table: string;
      readonly columns: readonly string[];
      readonly where?: string | undefined;
    }
  | {
      readonly kind: 'foreign-key';
      readonly table: string;
      readonly columns: readonly string[];
      readonly target: string;
      readonly targetColumns: readonly string[];
    }
  | { readonly kind: 'check'; readonly table: string; readonly expression: string };

export interface RunJob {
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly inTransaction: boolean;
}

export interface RunResult {
  readonly failure?: { readonly message: string; readonly sqlstate: string | undefined };
}

/** A process that has the project's data source, and no way to anything real. */
export interface TypeormChild {
  /** Loads what `load` needs and no edit changes: TypeORM. Whatever fails there, `load` tells. */
  prepare(): Promise<void>;
  /** Loads the module, staged files in place of those on disk. Once a process. Throws `config-invalid`. */
  load(files: StagedFiles): Promise<LoadedDataSource>;
  /** Connects the data source to the disposable database; nothing is synchronised. */
  connect(): Promise<void>;
  prepareReplay(): Promise<void>;
  /** Runs one migration, by name. */
  run(job: RunJob): Promise<RunResult>;
  /**
   * TypeORM's own diff of its entities and the disposable database, without any guess at renames. `tables`
   * (`schema.name`): those to look at, all without.
   */
  log(tables?: readonly string[]): Promise<Queries>;
  statementsFor(step: Step): Promise<Queries>;
  names(wanted: readonly WantedName[]): Promise<readonly string[]>;
  /** Ends the process; resolves when it has ended: nothing is written any more then. Harmless afterwards. */
  stop(): Promise<void>;
}

interface Message {
  readonly ready?: true;
  readonly id?: number;
  readonly answer?: unknown;
  readonly failure?: { readonly message: string; readonly stack?: string };
  readonly query?: number;
  /** In base64. */
  readonly wire?: string;
  readonly statement?: Query;
}

/** Lines of the project's output that an error shows. */
const SHOWN = 20;

/** Starts the process; it loads nothing of the project before `load`. */
export function startTypeormChild(options: ChildOptions): TypeormChild {
  const script = fileURLToPath(new URL('typeorm-child.cjs', import.meta.url));
  const command = tied(process.execPath, [script], ['ignore', 'pipe', 'pipe', 'ipc']);
  const child = spawn(command.file, command.args, {
    cwd: options.root,
    env: { ...withoutNpm(process.env), ...options.env, NO_COLOR: '1' },
    ...command.options,
  });
  endWithUs(child);
  const asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const output = new LastOutput(child.stdout, child.stderr);
  let ended: Error | undefined;
  const endWith = (error: Error): void => {
    ended ??= error;
    for (const { reject } of asked.values()) reject(ended);
    asked.clear();
  };
  // One that could not be started has no end.
  const exited = new Promise<void>((resolve) => child.once('exit', resolve).once('error', resolve));
  const end = (reason: string): void => endWith(failed(reason, lastLines(output)));
  const stopFor = (error: LimitExceeded): void => {
    endWith(error);
    endGroup(child);
  };
  child.on('error', (error) => end(error.message));
  child.on('exit', (code) => end(`its process ended (${code ?? 'killed'})`));
  child.on('message', (message: Message | null) => {
    // The project's own code may send something too.
    if (message === null) return;
    if (message.query !== undefined) void answerQuery(child, options.engine, message).catch(stopFor);
    else if (message.id !== undefined) {
      const call = asked.get(message.id);
      asked.delete(message.id);
      const { failure } = message;
      if (failure) call?.reject(failed(failure.message, failure.stack ?? lastLines(output)));
      else call?.resolve(message.answer);
    }
  });
  const { root, repoRoot, dataSourcePath, preload, cache, limits = DEFAULT_LIMITS } = options;
  let last = 0;
  const ask = <Answer>(what: string, input?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      last += 1;
      const timer = setTimeout(() => {
        stopFor(new LimitExceeded({ limit: 'time', limits, ...doing(what, input, options) }));
      }, limits.timeoutMs);
      const done =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          clearTimeout(timer);
          settle(value);
        };
      asked.set(last, {
        resolve: done(resolve as (answer: unknown) => void),
        reject: done(reject),
      });
      child.send({ id: last, ask: what, input });
    });
  const given = async () => {
    const key = cache && (await compilerKey(cache.folder, cache.keep));
    return { root, repoRoot, dataSourcePath, preload, cache: cache && { ...cache, key } };
  };
  return {
    prepare: async () => ask<undefined>('prepare', await given()).catch(() => undefined),
    load: async (files) => ask('load', { ...(await given()), files }),
    connect: () => ask('connect'),
    prepareReplay: () => ask('prepareReplay'),
    run: (job) => ask('run', job),
    log: (tables) => ask('log', tables),
    statementsFor: (step) => ask('statementsFor', step),
    names: (wanted) => ask('names', wanted),
    async stop() {
      endGroup(child);
      await exited;
    },
  };

  function failed(reason: string, frame: string): TableplanError {
    return new TableplanError(
      'config-invalid',
      `The data source ${dataSourcePath} cannot be used: ${reason}`,
      {
        hint: "Run one of the project's own TypeORM commands by hand to see whether it fails too; set the variables that the file insists on.",
        frame: frame === '' ? undefined : frame,
      },
    );
  }
}

/** What a process was at that has to be ended, in words. */
function doing(
  what: string,
  input: unknown,
  { dataSourcePath }: ChildOptions,
): { readonly during: string; readonly file?: string } {
  if (what === 'load') return { during: `Loading the data source`, file: dataSourcePath };
  if (what === 'run') return { during: `The migration ${(input as RunJob).name}` };
  return { during: 'TypeORM' };
}

/** Throws `LimitExceeded`: the process is not told of it, whose code would go on after any failure. */
async function answerQuery(
  child: ChildProcess,
  engine: ChildOptions['engine'],
  message: Message,
): Promise<void> {
  const { query, wire = '', statement } = message;
  const reply = (content: object): void => {
    if (child.connected) child.send({ query, ...content });
  };
  try {
    const target = await engine();
    const { bytes, isPassedOver } = await target.exchange(Buffer.from(wire, 'base64'), statement);
    reply({ result: { wire: Buffer.from(bytes).toString('base64'), isPassedOver } });
  } catch (error) {
    if (error instanceof LimitExceeded) throw error;
    reply({ failure: (error as Error).message });
  }
}

function lastLines(output: LastOutput): string {
  return output.toString().trim().split('\n').slice(-SHOWN).join('\n');
}
