import type { StartedProject } from '../start.ts';
import type { OpenOptions, OrmProject } from './orm.ts';

/** A started project, its history and sources read. Each ORM is loaded only where it is the project's. Throws as they do. */
export async function openProject(started: StartedProject, options: OpenOptions): Promise<OrmProject> {
  if (started.orm === 'drizzle') return (await import('./drizzle/project.ts')).openDrizzle(started, options);
  return (await import('./typeorm/project.ts')).openTypeorm(started, options);
}
