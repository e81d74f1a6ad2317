import { posixRelative } from '../../workspace/posix-relative.ts';
import type { TypeormLocation } from './locate/locate.ts';

/**
 * The command that has TypeORM generate a migration for what the entities say, with all that it needs to run: the project's
 * own script, or TypeORM's command.
 */
export function generateCommand(
  { script, run, root, dataSourcePath }: Pick<TypeormLocation, 'script' | 'run' | 'root' | 'dataSourcePath'>,
  migrationsFolder: string,
): string {
  const path = `${posixRelative(root, migrationsFolder)}/SchemaChanges`;
  const given = /\bmigration:generate\b(?:\s+(?<first>\S+))?/.exec(script?.command ?? '');
  if (script !== undefined && given !== null) {
    const { first = '-' } = given.groups ?? {};
    // Where the script has a path it is complete.
    return run(script.name, first.startsWith('-') ? path : undefined);
  }
  const bin = /\.[cm]?ts$/.test(dataSourcePath) ? 'typeorm-ts-node-commonjs' : 'typeorm';
  return `npx ${bin} migration:generate ${path} -d ${posixRelative(root, dataSourcePath)}`;
}
