import type { Notice } from '../../plan/change.ts';
import { displayName } from '../../plan/database-schema.ts';
import type { SchemaSources } from '../../project/sources.ts';

const DEFINED = /\b(?:pgTable|table|createTable)\w*\s*\(\s*(['"`])([^'"`\n]+)\1/g;

/**
 * Tables that two of the files define which drizzle-kit loads: it takes the later file's and says nothing. The sources are
 * parsed only where a name stands in two of them.
 */
export async function doubleDefinitions({ entries, files, resolveImport }: SchemaSources): Promise<Notice[]> {
  const loaded = new Set(entries);
  const holders = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    if (!loaded.has(path)) continue;
    for (const [, , name = ''] of text.matchAll(DEFINED))
      holders.set(name, (holders.get(name) ?? new Set()).add(path));
  }
  const suspects = [...holders].filter(([, paths]) => paths.size > 1).map(([name]) => name);
  if (suspects.length === 0) return [];
  const { openSources, readModel } = await import('../../schema/drizzle/sources.ts');
  const { tables } = readModel(openSources({ files, resolveImport }), suspects);
  const byName = new Map<string, string[]>();
  for (const table of tables) {
    const name = displayName(table);
    const paths = byName.get(name) ?? [];
    if (loaded.has(table.file.path) && !paths.includes(table.file.path))
      byName.set(name, [...paths, table.file.path]);
  }
  return [...byName].flatMap(([name, paths]) => {
    const inOrder = paths.toSorted((a, b) => entries.indexOf(a) - entries.indexOf(b));
    const last = inOrder.at(-1);
    if (inOrder.length < 2 || last === undefined) return [];
    return [
      {
        severity: 'warning',
        rule: 'table-defined-twice',
        message: `The table ${name} is defined in ${inOrder.join(' and in ')}: drizzle-kit takes the one of ${last} and says nothing of the other. Remove one of them.`,
        file: last,
      },
    ];
  });
}
