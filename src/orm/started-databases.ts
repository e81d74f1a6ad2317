import type { ReplayedHistory } from '../rehearse/replayed-history.ts';
import type { OpenOptions } from './orm-project.ts';

/**
 * Databases that are asked for, another one each time; the first is started before anybody does, where one will. `begun`
 * resolves when it no longer needs this thread. `replay` is given what to call then.
 */
export function startedDatabases(
  replay: (begun: () => void) => Promise<ReplayedHistory>,
  { rehearse, engine }: Pick<OpenOptions, 'rehearse' | 'engine'>,
): { readonly begun: Promise<void>; take(): Promise<ReplayedHistory>; close(): Promise<void> } {
  const all: Promise<ReplayedHistory>[] = [];
  let markBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => void (markBegun = resolve));
  const start = (): Promise<ReplayedHistory> => {
    const database = replay(markBegun);
    // An engine that is no PGlite, or that fails, is not waited for either.
    database.then(markBegun, markBegun);
    all.push(database);
    return database;
  };
  let ready = rehearse ? start() : undefined;
  if (!ready) markBegun();
  return {
    begun,
    take() {
      const database = ready ?? start();
      ready = undefined;
      return database;
    },
    async close() {
      const closed = all.map((database) =>
        database.then((history) => history.engine.close()).catch(() => undefined),
      );
      // A run that ends early does not wait for a thread that it no longer needs; a server is to be left as it was.
      if (engine !== 'pglite') await Promise.all(closed);
    },
  };
}
