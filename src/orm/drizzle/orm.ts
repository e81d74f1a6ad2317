import { envFiles } from '../../project/env-files.ts';
import type { StoredMigration } from '../../workspace/run-store.ts';
import { addressOf } from '../applied.ts';
import type { Migrator, Orm, StartedProject } from '../orm.ts';
import { locateDrizzle } from './locate/locate.ts';
import { type StartedDrizzle, startDrizzle } from './start.ts';

/** Drizzle with drizzle-kit 0.31. */
export const DRIZZLE: Orm = {
  name: 'drizzle',
  owns: (config) => !isDataSource(config),
  async locate(cwd, options) {
    const project = await locateDrizzle(cwd, options);
    const { configPath } = project;
    return {
      orm: 'drizzle',
      project,
      configPath,
      start: async ({ timeoutMs }) => startedProject(await startDrizzle(project, timeoutMs)),
      reviewSubject: async (subject) =>
        (await import('./review/subject.ts')).drizzleSubject(project, subject),
      sqlFolder: async () => (await import('./out-folder.ts')).outFolder(project, undefined),
    };
  },
};

/** A config tells by its name whose it is: a data source is TypeORM's. */
function isDataSource(config: string): boolean {
  return (
    !/drizzle/i.test(config) &&
    /\.[cm]?[jt]s$/.test(config) &&
    /source|typeorm|orm[-.]?config|\.module\./i.test(config)
  );
}

function startedProject(started: StartedDrizzle): StartedProject {
  const { project, limits } = started;
  return {
    orm: 'drizzle',
    project,
    configPath: project.configPath,
    limits,
    open: async (options) => (await import('./project.ts')).openDrizzle(started, options),
    openExisting: async (options) => (await import('./existing.ts')).openExistingDrizzle(started, options),
    migrator: (migration) => migratorOf(started, migration),
    stop: () => started.stop(),
  };
}

/** As drizzle's migrator has it: a table of hashes, in a schema of its own unless the config says otherwise. */
async function migratorOf({ kit, project }: StartedDrizzle, { hash }: StoredMigration): Promise<Migrator> {
  const { migrations, dbCredentials } = await kit.config;
  const env = await envFiles(project.root, ['dotenv']);
  return {
    address:
      addressOf(dbCredentials) ?? addressOf({ url: process.env['DATABASE_URL'] ?? env['DATABASE_URL'] }),
    table: {
      schema: migrations?.schema ?? 'drizzle',
      name: migrations?.table ?? '__drizzle_migrations',
      column: 'hash',
      value: hash,
    },
  };
}
