import { TableplanError } from '../errors.ts';
import { DRIZZLE } from './drizzle/orm.ts';
import { NoProject } from './no-project.ts';
import type { ProjectBase } from '../project/project.ts';
import type { LocatedProject, LocateOptions, Orm, OrmName, StartedProject, StartOptions } from './orm.ts';
import { TYPEORM } from './typeorm/orm.ts';

/** In the order in which a project of theirs is looked for. */
export const ORMS: readonly Orm[] = [DRIZZLE, TYPEORM];

/**
 * Finds the project that a command started in `cwd` means, whatever its ORM; nothing is started. Throws what the locators
 * of the ORMs throw: where none finds a project, what the one says whose package is there.
 */
export async function locateProject(
  cwd: string,
  options: LocateOptions = {},
  orms: readonly Orm[] = ORMS,
): Promise<LocatedProject> {
  const { config } = options;
  const failures: TableplanError[] = [];
  for (const orm of orms) {
    if (config !== undefined && !orm.owns(config)) continue;
    try {
      return await orm.locate(cwd, options);
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      failures.push(error);
    }
  }
  throw preAppliedFirst(failures);
}

/** Where a project is, and whose: as `locateProject` finds it. */
export interface ProjectInfo extends ProjectBase {
  readonly orm: OrmName;
  /** Its config or data source; undefined where its script does without. Absolute. */
  readonly configPath: string | undefined;
}

/**
 * Finds the project of either ORM that a command started in `cwd` would work on; nothing of it runs. Throws TableplanError
 * (`project-not-found`, `project-ambiguous`, `orm-not-found` …).
 */
export async function readProject(cwd: string, options: LocateOptions = {}): Promise<ProjectInfo> {
  const { orm, project, configPath } = await locateProject(cwd, options);
  return { ...project, orm, configPath };
}

/**
 * As `locateProject`, with the ORM's processes started before anything heavy is loaded here: they then start side by side. Whoever
 * calls it stops the project.
 */
export async function startProject(
  cwd: string,
  { config, ...options }: LocateOptions & StartOptions,
): Promise<StartedProject> {
  const located = await locateProject(cwd, { config });
  return located.start(options);
}

/** Whether another ORM may have the project. */
function isElsewhere(error: unknown): error is TableplanError {
  return (
    error instanceof TableplanError &&
    ['project-not-found', 'orm-not-found', 'orm-not-supported'].includes(error.code)
  );
}

/** What is missing is said once, by the ORM that knows most: something of it was found, or its package is there. */
function preAppliedFirst(failures: readonly TableplanError[]): TableplanError | undefined {
  return (
    failures.find((error) => !(error instanceof NoProject)) ??
    failures.find((error) => error instanceof NoProject && error.isInstalled) ??
    failures[0]
  );
}
