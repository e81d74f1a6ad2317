import { TableplanError } from '../errors.ts';
import { locateProject, type ProjectLocation } from './locate.ts';
import { NoProject } from './no-project.ts';
import { locateTypeorm, type TypeormLocation } from './typeorm-locate.ts';

/** A project of either ORM, nothing started. */
export type AnyLocation =
  | { readonly orm: 'drizzle'; readonly project: ProjectLocation }
  | { readonly orm: 'typeorm'; readonly project: TypeormLocation };

/** Finds the project of either ORM. Throws what `locateProject` and `locateTypeorm` throw. */
export function locateAny(
  cwd: string,
  options: { readonly config?: string | undefined },
): Promise<AnyLocation> {
  return eitherOf<AnyLocation>(
    options.config,
    async () => ({ orm: 'drizzle', project: await locateProject(cwd, options) }),
    async () => ({ orm: 'typeorm', project: await locateTypeorm(cwd, options) }),
  );
}

/** Drizzle where it is found, unless a data source is named. */
export async function eitherOf<Found>(
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
      throw other instanceof NoProject && !knowsMore(other, error) ? error : other;
    });
  }
}

/** What is missing is said once, by the ORM that is there. */
function knowsMore(typeorm: NoProject, drizzle: unknown): boolean {
  return typeorm.isInstalled && drizzle instanceof NoProject && !drizzle.isInstalled;
}

/** A config that is named tells by its name whose it is. */
function isDataSource(config: string | undefined): boolean {
  return (
    config !== undefined &&
    !/drizzle/i.test(config) &&
    /\.[cm]?[jt]s$/.test(config) &&
    /source|typeorm|orm[-.]?config|\.module\./i.test(config)
  );
}

function isNotDrizzle(error: unknown): boolean {
  return (
    error instanceof TableplanError &&
    ['project-not-found', 'orm-not-found', 'orm-not-supported'].includes(error.code)
  );
}
