import type { StartedProject } from '../orm/orm.ts';
import { locateProject } from '../orm/orms.ts';
import { basename } from 'node:path';
import type { ProjectFacts } from '../docs/facts.ts';
import { tableplanPlopfile } from '../project/doc-files.ts';
import { isFolder } from '../project/folders.ts';
import { execCommand } from '../project/package-manager.ts';
import { readPackageJson } from '../project/package-json.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { DocsContext } from './docs-context.ts';

/** Whether the project is another one, or none, where its config is not named. */
async function mustNameConfig(
  { project, configPath }: StartedProject,
  { config }: { readonly config?: string | undefined },
): Promise<boolean> {
  if (config === undefined) return false;
  const found = await locateProject(project.root, {}).catch(() => undefined);
  return found === undefined || found.configPath !== configPath;
}

/** What the guide and the skill say of the project. */
export async function readFacts(
  started: StartedProject,
  opened: DocsContext,
  options: { readonly config?: string | undefined },
): Promise<ProjectFacts> {
  const { project, settings, orm, documented, shown } = opened;
  const { root, repoRoot, packageManager, migrateScript } = project;
  const newest = documented.migrations.at(-1)?.file;
  const { rollbackFolder, config } = documented;
  return {
    orm: started.orm,
    folder: posixRelative(repoRoot, root),
    packageManager,
    config: config && shown(config),
    namesConfig: await mustNameConfig(started, options),
    entries: documented.entries.map(shown),
    schemaFiles: [...new Set(documented.tables.map(({ file }) => shown(file)))],
    migrationsFolder: shown(documented.migrationsFolder),
    rollbackFolder: rollbackFolder && shown(rollbackFolder),
    rollbackExists: rollbackFolder !== undefined && (await isFolder(rollbackFolder)),
    newest: newest && basename(newest),
    bookkeeping: documented.bookkeeping,
    scripts: (await readPackageJson(root))?.scripts ?? {},
    plopfile: await tableplanPlopfile(root),
    tsconfig: project.tsconfigPath !== undefined,
    lockTimeout: settings.lockTimeout,
    enforce: settings.safety === 'enforce',
    postgresVersion: settings.postgresVersion,
    migrate: migrateScript
      ? project.run(migrateScript.name)
      : orm.words.migrate.replace(/^npx /, execCommand(packageManager, '')),
  };
}
