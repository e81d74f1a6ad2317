import { join } from 'node:path';
import { type Kit, startKit } from './orm/drizzle/kit/kit.ts';
import { type ReverseDiffer, startReverseDiffer } from './orm/drizzle/kit/reverse.ts';
import { locateProject, type ProjectLocation } from './project/locate.ts';

/** A located project whose drizzle-kit and reverse differ are starting already. */
export interface StartedProject {
  readonly project: ProjectLocation;
  readonly kit: Kit;
  readonly reverse: ReverseDiffer;
  /** Ends both processes, whatever they are at. */
  stop(): void;
}

/**
 * Finds the project and starts its drizzle-kit, before anything heavy is loaded here: the processes then start side by
 * side. Whoever calls it stops it. Throws what `locateProject` throws.
 */
export async function startProject(
  cwd: string,
  options: { config?: string | undefined },
): Promise<StartedProject> {
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
    project,
    kit,
    reverse,
    stop() {
      kit.stop();
      reverse.stop();
    },
  };
}
