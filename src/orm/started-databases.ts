import type { ReplayedHistory } from '../rehearse/replayed-history.ts';
import type { OpenOptions } from './orm-project.ts';

/** Databases that are asked for, another one each time; the first is started before anybody does, where one will. */
export function startedDatabases(
  replay: () => Promise<ReplayedHistory>,
  { rehearse, engine }: Pick<OpenOptions, 'rehearse' | 'engine'>,
): { take(): Promise<ReplayedHistory>; close(): Promise<void> } {
  const all: Promise<ReplayedHistory>[] = [];
  const start = (): Promise<ReplayedHistory> => {
    const database = replay();
    database.catch(() => undefined);
    all.push(database);
    return database;
  };
  let ready = rehearse ? start() : undefined;
  return {
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
