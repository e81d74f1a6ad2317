import { TableplanError } from '../../errors.ts';
import type { DrizzleLocation } from './locate/locate.ts';
import type { SchemaSources } from '../../project/sources.ts';
import type { DrizzleHistory } from './history.ts';
import type { DrizzleConfig } from './kit/kit.ts';

/** The config itself, once it is known to be for PostgreSQL and to name its schema. */
export function requirePostgres(config: DrizzleConfig, project: DrizzleLocation): DrizzleConfig {
  const at = project.configPath === undefined ? undefined : { file: project.configPath };
  if (config.dialect !== 'postgresql') {
    throw new TableplanError(
      'dialect-not-supported',
      config.dialect === undefined
        ? 'The drizzle config has no dialect, so drizzle-kit 0.31 does not run with it.'
        : `The drizzle config says dialect: ${JSON.stringify(config.dialect)}; tableplan works on PostgreSQL.`,
      {
        hint:
          config.dialect === undefined
            ? "Write dialect: 'postgresql' in the config, instead of driver: 'pg' where that is there; and in dbCredentials url instead of connectionString; in scripts `drizzle-kit generate` instead of `generate:pg`. drizzle-kit has wanted all of it since 0.21, tableplan works with 0.31: npm i -D drizzle-kit@0.31"
            : 'Name the config of your PostgreSQL schema with --config.',
        at,
      },
    );
  }
  if (config.schema === undefined || config.schema.length === 0) {
    throw new TableplanError('config-invalid', 'The drizzle config names no schema files.', {
      hint: "Add schema: './path/to/schema.ts' to it.",
      at,
    });
  }
  if (config.migrations?.prefix === 'none') {
    throw new TableplanError(
      'config-invalid',
      "The migrations have the prefix 'none': drizzle-kit 0.31 then finds no snapshot of its own, and makes every table again in each migration.",
      {
        hint: "Say migrations: { prefix: 'timestamp' } in the config (or 'index'), and --prefix likewise in the script.",
        at,
      },
    );
  }
  return config;
}

/**
 * Refuses a project whose tables no migration has: drizzle-kit would create every one of them in this migration
 * (facts/drizzle.md 9.10). A text search is enough: the sources of a project without tables have no factory.
 */
export function refuseUnrecordedSchema(
  history: DrizzleHistory,
  sources: SchemaSources,
  project: DrizzleLocation,
): void {
  if (history.newest) return;
  const file = sources.files.find(({ text }) => /\b(pgTable|table|createTable)\s*\(\s*['"`]/.test(text));
  if (!file) return;
  throw new TableplanError(
    'history-broken',
    'The schema has tables, but there is no migration yet: drizzle-kit would create all of them again in this one.',
    {
      hint: `Generate the first migration for what is there (${project.script ? project.run(project.script.name, '--name init') : 'npx drizzle-kit generate --name init'}), then run the plan again.`,
      at: { file: file.path },
    },
  );
}
