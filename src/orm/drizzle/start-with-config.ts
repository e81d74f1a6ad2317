import type { DrizzleLocation } from './locate/locate.ts';
import { limitsOf } from '../../project/settings.ts';
import { type DrizzleConfig, type Kit, startKit } from './kit/kit.ts';

export interface EvaluatedConfig {
  readonly config: DrizzleConfig;
  /** The process that has read it and waits; whoever asked for it stops it. */
  readonly kit: Kit;
}

/**
 * The project's drizzle-kit, started and kept waiting, with the config as it reads it. `timeoutMs`: how long it may take,
 * instead of what the settings say. Throws `config-invalid`.
 */
export async function startWithConfig(
  project: DrizzleLocation,
  timeoutMs: number | undefined,
): Promise<EvaluatedConfig> {
  const limits = await limitsOf(project.root, timeoutMs);
  const kit = startKit({
    limits,
    cwd: project.root,
    binPath: project.drizzleKit.binPath,
    configPath: project.configPath,
    overrides: project.script?.overrides ?? {},
    env: project.script?.env ?? {},
  });
  try {
    return { config: await kit.config, kit };
  } catch (error) {
    kit.stop();
    throw error;
  }
}
