import { join } from 'node:path';
import { TableplanError } from './errors.ts';
import { type Kit, startKit } from './orm/drizzle/kit/kit.ts';
import { type ReverseDiffer, startReverseDiffer } from './orm/drizzle/kit/reverse.ts';
import { type StartedTypeorm, startTypeorm } from './orm/typeorm/start.ts';
import { locateProject, type ProjectLocation } from './project/locate.ts';

/** A located Drizzle project whose drizzle-kit and reverse differ are starting already. */
export interface StartedDrizzle {
  readonly orm: 'drizzle';
  readonly project: ProjectLocation;
  readonly kit: Kit;
  readonly reverse: ReverseDiffer;
  /** Ends both processes, whatever they are at. */
  stop(): void;
}

/** A located project whose ORM is starting already. */
export type StartedProject = StartedDrizzle | StartedTypeorm;

/**
 * Finds the project and starts its ORM, before anything heavy is loaded here: the processes then start side by side.
 * Where there is no Drizzle project, a TypeORM project is looked for. Whoever calls it stops it. Throws what
 * `locateProject` and `locateTypeorm` throw.
 */
export async function startProject(
  cwd: string,
  options: { readonly config?: string | undefined; readonly keep: boolean },
): Promise<StartedProject> {
  try {
    if (isDataSource(options.config)) return await startTypeorm(cwd, options);
    return await startDrizzle(cwd, options);
  } catch (error) {
    if (!isNotDrizzle(error) || isDataSource(options.config)) throw error;
    return await startTypeorm(cwd, options).catch((other: unknown) => {
      // What is missing is said once, by whoever knows more.
      throw other instanceof TableplanError && other.code === 'project-not-found' ? error : other;
    });
  }
}

/** Finds a Drizzle project and starts its drizzle-kit. */
export async function startDrizzle(
  cwd: string,
  options: { readonly config?: string | undefined },
): Promise<StartedDrizzle> {
  const project = await locateProject(cwd, options);
  const kit = startKit({
    cwd: project.root,
    binPath: project.drizzleKit.binPath,
    configPath: project.configPath,
    overrides: project.script?.overrides ?? {},
    env: project.script?.env ?? {},
  });
  const reverse = startReverseDiffer(join(project.drizzleKit.packageDir, 'package.json'));
  return {
    orm: 'drizzle',
    project,
    kit,
    reverse,
    stop() {
      kit.stop();
      reverse.stop();
    },
  };
}

/** A config that is named tells by its name whose it is. */
function isDataSource(config: string | undefined): boolean {
  return (
    config !== undefined &&
    !/drizzle/i.test(config) &&
    /\.[cm]?[jt]s$/.test(config) &&
    /source|typeorm|orm[-.]?config/i.test(config)
  );
}

function isNotDrizzle(error: unknown): boolean {
  return (
    error instanceof TableplanError &&
    ['project-not-found', 'orm-not-found', 'orm-not-supported'].includes(error.code)
  );
}
