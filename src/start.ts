import { join } from 'node:path';
import { TableplanError } from './errors.ts';
import { type Kit, startKit } from './orm/drizzle/kit/kit.ts';
import { type ReverseDiffer, startReverseDiffer } from './orm/drizzle/kit/reverse.ts';
import { type StartedTypeorm, type StartOptions, startTypeorm } from './orm/typeorm/start.ts';
import { locateProject, type ProjectBase, type ProjectLocation } from './project/locate.ts';
import { locateTypeorm } from './project/typeorm-locate.ts';

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
export function startProject(cwd: string, options: StartOptions): Promise<StartedProject> {
  return eitherOf<StartedProject>(
    options.config,
    () => startDrizzle(cwd, options),
    () => startTypeorm(cwd, options),
  );
}

/** The project of either ORM, nothing started. Throws as `startProject`. */
export function locateAny(
  cwd: string,
  options: { readonly config?: string | undefined },
): Promise<ProjectBase> {
  return eitherOf<ProjectBase>(
    options.config,
    () => locateProject(cwd, options),
    () => locateTypeorm(cwd, options),
  );
}

/** Drizzle where it is found, unless a data source is named. */
async function eitherOf<Found>(
  config: string | undefined,
  drizzle: () => Promise<Found>,
  typeorm: () => Promise<Found>,
): Promise<Found> {
  if (isDataSource(config)) return typeorm();
  try {
    return await drizzle();
  } catch (error) {
    if (!isNotDrizzle(error)) throw error;
    return await typeorm().catch((other: unknown) => {
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
