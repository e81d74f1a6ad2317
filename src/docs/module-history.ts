import { posix } from 'node:path';
import pluralize from 'pluralize';
import { displayName, isSameObject, type ObjectName } from '../plan/database-schema.ts';
import { domainNames, type TablePlace } from './domains.ts';
import { encodePath, type Indexed } from './migrations-index.ts';
import { codeCell, render } from './render.ts';
import { title } from '../record/record.ts';

/** The README of a module, and the tables that it is about. Paths are relative to the project. */
export interface ModuleReadme {
  readonly path: string;
  readonly tables: readonly ObjectName[];
}

/**
 * Which READMEs are about which tables: one in the folder of a table's source file, or in a folder that bears the name of
 * the table's domain or of the table (`modules/products`, `product`), or one with that name before its own
 * (`products-README.md`). The one at the top of the project is about no module.
 */
export function moduleReadmes(
  readmes: readonly string[],
  tables: readonly ObjectName[],
  places: readonly TablePlace[],
): ModuleReadme[] {
  const domainOf = domainNames(places);
  const fileOf = (table: ObjectName): string | undefined =>
    places.find((place) => isSameObject(place, table))?.file;
  return readmes
    .filter((path) => posix.dirname(path) !== '.')
    .map((path) => {
      const folder = posix.dirname(path);
      const own = /^(.+)-readme\.md$/i.exec(posix.basename(path))?.[1];
      const name = normal(own ?? posix.basename(folder));
      return {
        path,
        tables: tables.filter((table) => {
          const file = fileOf(table);
          if (file !== undefined && posix.dirname(file) === folder) return true;
          return [domainOf(table), table.name].some((each) => each !== undefined && normal(each) === name);
        }),
      };
    })
    .filter(({ tables: own }) => own.length > 0);
}

/** `user-profiles`, `userProfile`, `UserProfiles` → `user_profile`. */
function normal(name: string): string {
  const snake = name.replaceAll(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1_').replaceAll(/[^\p{L}\p{N}]+/gu, '_');
  return pluralize.singular(snake.toLowerCase());
}

/** The list of the records of a module's tables, and how many there are. `template` is a Handlebars text. */
export function renderHistory(
  { path, tables }: ModuleReadme,
  { rows, records }: { readonly rows: readonly Indexed[]; readonly records: string },
  template: string,
): { readonly content: string; readonly count: number } {
  const names = new Set(tables.map(displayName));
  const entries = rows.flatMap(({ migration, records: found }) =>
    found
      .filter((record) => record.tables.some((table) => names.has(table)))
      .map((record) => ({
        title: title(migration.name).replaceAll(/[[\]<`*]/g, '\\$&'),
        number: migration.number,
        link: encodePath(posix.relative(posix.dirname(path), posix.join(records, record.file))),
        tables: record.tables
          .filter((table) => names.has(table))
          .map(codeCell)
          .join(', '),
        rollback: record.rollback,
      })),
  );
  return { content: render(template, { entries }), count: entries.length };
}
