import { Project } from 'ts-morph';
import type { Change } from '../../src/plan/change.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { editDrizzleSchema } from '../../src/schema/drizzle/edit.ts';
import { line, medians } from './measure.ts';
import { LAYOUTS, schemaSources, SIZES, tableName } from './projects.ts';

/** What an edit costs beside the parse that it cannot do without. */
export async function benchEdits(): Promise<void> {
  await loadSqlParser();
  console.log('edit: one added column, against one plain ts-morph parse of the file that has it');
  for (const tables of SIZES) {
    for (const layout of LAYOUTS) {
      const sources = schemaSources(tables, layout);
      const owner = layout === 'one file' ? 'index.ts' : `${tableName(0)}.ts`;
      const [edit, parse] = medians([
        () => edited(sources, [addColumn(0, 0)]),
        () => parsed(sources.get(owner) ?? ''),
      ]);
      line(`${tables} tables, ${layout}`, edit, parse);
    }
  }
  console.log();
}

export async function benchManyChanges(): Promise<void> {
  await loadSqlParser();
  console.log('edit: 50 changes in one 1000-table file, against one plain ts-morph parse of it (aim ≤ 2)');
  const sources = schemaSources(1000, 'one file');
  const changes = Array.from({ length: 50 }, (_, index) => addColumn(index * 20, index));
  const [edit, parse] = medians([
    () => edited(sources, changes),
    () => parsed(sources.get('index.ts') ?? ''),
  ]);
  line('50 changes', edit, parse);
  console.log();
}

function addColumn(table: number, index: number): Change {
  return {
    kind: 'add-column',
    table: { schema: 'public', name: tableName(table) },
    column: { name: `extra_${index}`, type: 'varchar(100)', notNull: false },
  };
}

function edited(sources: ReadonlyMap<string, string>, changes: readonly Change[]): void {
  const files = [...sources].map(([path, text]) => ({ path: `/p/src/schema/${path}`, text }));
  const result = editDrizzleSchema({
    root: '/p',
    entries: ['/p/src/schema/index.ts'],
    globMatches: () => false,
    files,
    resolveImport: (_from, specifier) => `/p/src/schema/${specifier.slice(2)}.ts`,
    changes,
    before: { tables: [], enums: [], schemas: [], views: [] },
  });
  if (result.edits.length === 0) throw new Error('the edit did nothing');
}

function parsed(text: string): void {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
  });
  project.createSourceFile('/p/file.ts', text);
}
