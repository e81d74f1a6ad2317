import { type Kit, startKit } from './orm/drizzle/kit/kit.ts';
import { locateProject, type ProjectLocation } from './project/locate.ts';

/** A located project whose drizzle-kit is starting already. */
export interface StartedProject {
  readonly project: ProjectLocation;
  readonly kit: Kit;
}

/**
 * Finds the project and starts its drizzle-kit, before anything heavy is loaded here: the two processes then start
 * side by side. Whoever calls it stops the kit. Throws what `locateProject` throws.
 */
export async function startProject(cwd: string, options: { config?: string | undefined }): Promise<StartedProject> {
  const project = await locateProject(cwd, options);
  const kit = startKit({
    cwd: project.root,
    binPath: project.drizzleKit.binPath,
    configPath: project.configPath,
    overrides: project.script?.overrides ?? {},
    env: project.script?.env ?? {},
  });
  return { project, kit };
}
