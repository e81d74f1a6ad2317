import { addressOf } from '../applied.ts';
import type { Orm, StartedProject } from '../orm.ts';
import { locateTypeorm } from './locate/locate.ts';
import { type StartedTypeorm, startTypeorm } from './start.ts';

/** TypeORM 0.3 and 1. */
export const TYPEORM: Orm = {
  name: 'typeorm',
  // Any module may export a data source.
  owns: () => true,
  async locate(cwd, options) {
    const project = await locateTypeorm(cwd, options);
    return {
      orm: 'typeorm',
      project,
      configPath: project.dataSourcePath,
      start: async (start) => startedProject(await startTypeorm(project, start)),
      reviewSubject: async (subject) =>
        (await import('./review/subject.ts')).typeormSubject(project, subject),
      // Which files are migrations, the data source says when it runs.
      sqlFolder: () => Promise.resolve(undefined),
    };
  },
};

function startedProject(started: StartedTypeorm): StartedProject {
  const { project, limits } = started;
  return {
    orm: 'typeorm',
    project,
    configPath: project.dataSourcePath,
    limits,
    async open(options) {
      // Loading the TypeScript compiler keeps this thread busy, which would hold the database up.
      await started.begun;
      return (await import('./project.ts')).openTypeorm(started, options);
    },
    openExisting: async (options) => (await import('./existing.ts')).openExistingTypeorm(started, options),
    async migrator({ name }) {
      const { migrationsTable, connection } = await started.loaded;
      return { address: addressOf(connection), table: { ...migrationsTable, column: 'name', value: name } };
    },
    stop: () => started.stop(),
  };
}
