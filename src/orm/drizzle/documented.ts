import { dirname, join } from 'node:path';
import { readTextIfThere } from '../../read-regular-file.ts';
import type { SchemaSources } from '../../project/sources.ts';
import type { Documented, DocumentedMigration, MigrationScript } from '../documented.ts';
import type { DrizzleHistory } from './history.ts';
import type { DrizzleConfig } from './kit/kit.ts';
import { readRollback, rollbackPath } from './rollback-file.ts';

/** What a Drizzle project's journal, folder and sources say of it. */
export async function documentDrizzle(
  history: DrizzleHistory,
  sources: SchemaSources,
  project: { readonly configPath: string | undefined; readonly config: DrizzleConfig },
): Promise<Documented> {
  const { outDir, entries, newest } = history;
  const { table = '__drizzle_migrations', schema = 'drizzle' } = project.config.migrations ?? {};
  return {
    migrations: entries.map(({ tag, when }) => ({
      ...nameParts(tag),
      tag,
      made: when,
      file: join(outDir, `${tag}.sql`),
    })),
    migrationsFolder: outDir,
    rollbackFolder: dirname(await rollbackPath(outDir, 'x')),
    config: project.configPath,
    tables: await declaredTables(sources, newest?.schema.tables.map(({ name }) => name) ?? []),
    entries: sources.entries,
    bookkeeping: `${schema}.${table}`,
    async scripts(tags) {
      const read = await Promise.all(tags.map((tag) => scriptOf(outDir, tag)));
      return new Map(read.flatMap((script, index) => (script ? [[tags[index] ?? '', script]] : [])));
    },
  };
}

function nameParts(tag: string): Pick<DocumentedMigration, 'number' | 'name'> {
  const [, number, name] = /^(\d+)_(.*)$/s.exec(tag) ?? [];
  return { number, name: name ?? tag };
}

async function scriptOf(outDir: string, tag: string): Promise<MigrationScript | undefined> {
  const up = await readTextIfThere(join(outDir, `${tag}.sql`));
  const down = await readRollback(outDir, tag);
  return up === undefined ? undefined : { up, down: down?.sql, downFile: down?.path };
}

/** The parser is loaded only here: most commands do without. */
async function declaredTables(
  { files, resolveImport }: SchemaSources,
  names: readonly string[],
): Promise<Documented['tables']> {
  if (names.length === 0) return [];
  const { openSources, readModel } = await import('../../schema/drizzle/sources.ts');
  const { tables } = readModel(openSources({ files, resolveImport }), names);
  return tables.map(({ schema, name, file }) => ({ schema, name, file: file.path }));
}
