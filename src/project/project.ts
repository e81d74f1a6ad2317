import type { PackageManager } from './package-manager.ts';

/** Where a project is, whatever its ORM. Paths are absolute. */
export interface ProjectBase {
  /** Folder of the package.json that owns the ORM's config: where its scripts run. */
  readonly root: string;
  /** Top of the repository or workspace; nothing outside it is touched. */
  readonly repoRoot: string;
  readonly migrateScript: { readonly name: string } | undefined;
  readonly packageManager: PackageManager;
  readonly tsconfigPath: string | undefined;
  readonly testScript: string | undefined;
  /** How people run one of the project's scripts: `pnpm db:migrate`. */
  run(script: string, args?: string): string;
}
