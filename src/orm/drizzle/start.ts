import { join } from 'node:path';
import type { Limits } from '../../limits.ts';
import { limitsOf } from '../../project/settings.ts';
import { requireRegularFile } from '../../read-regular-file.ts';
import { type Kit, startKit } from './kit/kit.ts';
import { type ReverseDiffer, startReverseDiffer } from './kit/reverse.ts';
import type { DrizzleLocation } from './locate/locate.ts';

/** A Drizzle project whose drizzle-kit and reverse differ are starting already. */
export interface StartedDrizzle {
  readonly project: DrizzleLocation;
  readonly kit: Kit;
  readonly reverse: ReverseDiffer;
  readonly limits: Limits;
  /** Ends both processes, whatever they are at. */
  stop(): void;
}

/** Starts the drizzle-kit of a project. `timeoutMs`: instead of what its settings say. */
export async function startDrizzle(
  project: DrizzleLocation,
  timeoutMs: number | undefined,
): Promise<StartedDrizzle> {
  if (project.configPath !== undefined) await requireRegularFile(project.configPath);
  const limits = await limitsOf(project.root, timeoutMs);
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
