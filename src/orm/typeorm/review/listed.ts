import { readRegularText } from '../../../read-regular-file.ts';
import { glob } from 'tinyglobby';
import { isSource, withoutCompiled } from '../../../project/source-file.ts';
import type { TypeormLocation } from '../locate/locate.ts';
import type { LoadedDataSource, TypeormMigration } from '../child/child.ts';
import { saidOptions } from '../source/said-options.ts';
import type { LazyTypeorm } from './lazy.ts';

/** The migrations of a project in TypeORM's order, and what its data source says of how they run. */
export type ListedHistory = Pick<
  LoadedDataSource,
  'history' | 'migrations' | 'synchronize' | 'transactionMode'
>;

/**
 * The migrations of a project: the data source is not run where its text says where they are, and files lie there. Throws
 * what loading it throws.
 */
export async function listMigrations(lazy: LazyTypeorm): Promise<ListedHistory> {
  return (await listedByText(lazy.project)) ?? (await lazy.started()).loaded;
}

async function listedByText({
  root,
  dataSourcePath,
  migrateScript,
  tsconfigPath,
}: TypeormLocation): Promise<ListedHistory | undefined> {
  const said = saidOptions(dataSourcePath, await readRegularText(dataSourcePath), root);
  if (!said) return undefined;
  const found = await Promise.all(
    said.migrations.map((pattern) => glob(pattern.replaceAll('\\', '/'), { absolute: true })),
  );
  const files = withoutCompiled([...new Set(found.flat())].filter(isSource)).toSorted();
  // Compiled files stand for sources, which the tsconfig of the process knows.
  const isCompiled = tsconfigPath !== undefined && files.every((file) => file.endsWith('.js'));
  if (files.length === 0 || isCompiled) return undefined;
  const history = await Promise.all(
    files.map(async (file) => namedIn(await readRegularText(file)).map((named) => ({ ...named, file }))),
  );
  return {
    history: history
      .flat()
      .map((named) => ({ ...named, stamp: stampOf(named.name), transaction: undefined, imports: [] }))
      .toSorted((a, b) => (a.stamp ?? 0) - (b.stamp ?? 0)),
    migrations: { patterns: said.migrations, files, listed: 0 },
    synchronize: said.synchronize,
    transactionMode: migrateScript?.transactionMode ?? said.transactionMode,
  };
}

const CLASS = /\bclass\s+([\w$]+)?/g;
const NAME = /\bname\s*(?::\s*string\s*)?=\s*(['"`])([^'"`]*\d{10})\1/;

/** The migrations that a text declares, without parsing it: a thousand of them are to be listed in no time. */
export function namedIn(text: string): Pick<TypeormMigration, 'name' | 'className'>[] {
  const classes = [...text.matchAll(CLASS)];
  return classes.flatMap((match, index) => {
    const body = text.slice(match.index, classes[index + 1]?.index);
    const className = match[1] ?? 'default';
    const name = NAME.exec(body)?.[2] ?? className;
    // A base class has no stamp; a class without a way up is none, unless it has one from its base.
    return /\bup\b|^class\s+[\w$]+\s+extends\b/.test(body) && /\d$/.test(name) ? [{ name, className }] : [];
  });
}

/** As MigrationExecutor reads it: the last 13 characters of the name. */
function stampOf(name: string): number | undefined {
  return Number.parseInt(name.slice(-13), 10) || undefined;
}
