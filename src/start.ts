import { join } from 'node:path';
import { type Kit, startKit } from './orm/drizzle/kit/kit.ts';
import { type ReverseDiffer, startReverseDiffer } from './orm/drizzle/kit/reverse.ts';
import { type StartedTypeorm, type StartOptions, startTypeorm } from './orm/typeorm/start.ts';
import type { Limits } from './limits.ts';
import { locateProject, type ProjectLocation } from './project/locate.ts';
import { eitherOf } from './project/locate-any.ts';
import { limitsOf } from './project/settings.ts';
import { requireRegularFile } from './read-regular-file.ts';

/** A located Drizzle project whose drizzle-kit and reverse differ are starting already. */
export interface StartedDrizzle {
  readonly orm: 'drizzle';
  readonly project: ProjectLocation;
  readonly kit: Kit;
  readonly reverse: ReverseDiffer;
  readonly limits: Limits;
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

/** Finds a Drizzle project and starts its drizzle-kit. */
export async function startDrizzle(
  cwd: string,
  options: Pick<StartOptions, 'config' | 'timeoutMs'>,
): Promise<StartedDrizzle> {
  const project = await locateProject(cwd, options);
  if (project.configPath !== undefined) await requireRegularFile(project.configPath);
  const limits = await limitsOf(project.root, options.timeoutMs);
  const kit = startKit({
    cwd: project.root,
    binPath: project.drizzleKit.binPath,
    configPath: project.configPath,
    overrides: project.script?.overrides ?? {},
    env: project.script?.env ?? {},
    limits,
  });
  const reverse = startReverseDiffer(join(project.drizzleKit.packageDir, 'package.json'));
  return {
    orm: 'drizzle',
    project,
    kit,
    reverse,
    limits,
    stop() {
      kit.stop();
      reverse.stop();
    },
  };
}
