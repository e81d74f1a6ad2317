import { basename, resolve } from 'node:path';
import { TableplanError } from '../../errors.ts';
import { listed, nearest } from '../../plan/suggest.ts';
import type { TypeormMigration } from './child/child.ts';

type Named = Pick<TypeormMigration, 'name' | 'className' | 'stamp' | 'file'>;

/**
 * The migration that is meant by its name (with its stamp or without), its stamp, or its file; the newest where nothing is
 * named. Throws `usage`, with near names, for one that is not there, and where several are meant.
 */
export function pickMigration<Migration extends Named>(
  history: readonly Migration[],
  wanted: string | undefined,
  cwd: string,
): Migration {
  const newest = history.at(-1);
  if (!newest)
    throw new TableplanError('usage', 'The data source has no migration.', {
      hint: 'Make one first: tableplan migration, or typeorm migration:generate.',
    });
  if (wanted === undefined) return newest;
  const found = history.filter((migration) => isMeant(migration, wanted, cwd));
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const names = found.map(({ name }) => name);
  throw new TableplanError(
    'usage',
    first ? `${wanted} may be ${listed(names, 'or')}.` : `The data source has no migration ${wanted}.`,
    {
      hint: first
        ? `Name one of them: tableplan rehearse ${first.name}`
        : nearOr(wanted, history, `The newest is ${newest.name}.`),
    },
  );
}

function nearOr(wanted: string, history: readonly Named[], otherwise: string): string {
  const near = nearest(stemOf(wanted), history.flatMap(namesOf));
  return near.length > 0 ? `Did you mean ${listed(near, 'or')}?` : otherwise;
}

function isMeant(migration: Named, wanted: string, cwd: string): boolean {
  const { file } = migration;
  return (
    namesOf(migration).includes(stemOf(wanted)) ||
    String(migration.stamp) === wanted ||
    (file !== undefined && (resolve(cwd, wanted) === file || basename(file) === wanted))
  );
}

/** `AddTeams1700000000001`, `AddTeams`, `1700000000001-AddTeams`. */
function namesOf({ name, className, file }: Named): string[] {
  const plain = [name, className, ...(file === undefined ? [] : [stemOf(file)])];
  return [...new Set([...plain, name.replace(/\d{13,}$/, ''), className.replace(/\d{13,}$/, '')])];
}

function stemOf(path: string): string {
  return basename(path).replace(/\.[cm]?[jt]s$/, '');
}
