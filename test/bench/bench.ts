import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Project } from 'ts-morph';
import type { Change } from '../../src/plan/change.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { editDrizzleSchema } from '../../src/schema/drizzle/edit.ts';
import { benchHelp } from './help.ts';
import { command, line, medians, peakMemory, ROUNDS } from './measure.ts';
import { benchRehearsal } from './rehearsal.ts';
import { benchReview } from './review.ts';
import { benchProject, type Layout, schemaSources, tableName } from './projects.ts';

/**
 * `npm run bench`: ratios of medians, both sides measured in this run on this machine, so that a figure means the
 * same on another one. Not a test: nothing passes or fails here.
 */
const SIZES = [1, 100, 1000] as const;
const LAYOUTS: readonly Layout[] = ['one file', 'many files'];

chmodSync(resolve('dist/cli.js'), 0o755);
await loadSqlParser();
console.log(`node ${process.version}, ${ROUNDS} rounds, medians\n`);
const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  edit: benchEdits,
  changes: benchManyChanges,
  command: benchCommand,
  rehearsal: benchRehearsal,
  review: benchReview,
  help: benchHelp,
};
// `npm run bench -- review help` measures only those.
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(PARTS))
  if (wanted.length === 0 || wanted.includes(name)) await bench();

function benchEdits(): void {
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

function benchManyChanges(): void {
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

const OURS = ['npx', 'tableplan', 'migration', tableName(0), 'extra:text'] as const;
const THEIRS = ['npx', 'drizzle-kit', 'generate', '--name', 'add_extra'] as const;

async function benchCommand(): Promise<void> {
  console.log(
    'command: npx tableplan migration, against npx drizzle-kit generate for the same change typed by hand\n' +
      '  without rehearsal: aim ≤ 1.5 at 1 table, ≤ 1.3 from 100; rehearsed and reviewed, history kept: aim ≤ 2.5, 2.0, 1.5',
  );
  for (const tables of SIZES) {
    for (const layout of LAYOUTS) {
      const root = benchProject(tables, layout);
      const kept = `${root}-kept`;
      cpSync(root, kept, { recursive: true, verbatimSymlinks: true });
      const owner = join(root, 'src/schema', layout === 'one file' ? 'index.ts' : `${tableName(0)}.ts`);
      const restore = (): void => {
        for (const part of ['src', 'drizzle', 'docs'])
          rmSync(join(root, part), { recursive: true, force: true });
        for (const part of ['src', 'drizzle'])
          cpSync(join(kept, part), join(root, part), { recursive: true });
      };
      const [ours, rehearsed, theirs] = medians(
        [
          () => command(root, [...OURS, '--no-rehearse']),
          () => command(root, OURS),
          () => command(root, THEIRS),
        ],
        [
          restore,
          restore,
          () => {
            restore();
            const text = readFileSync(owner, 'utf8');
            writeFileSync(
              owner,
              text.replace("  note: text('note'),\n", "  note: text('note'),\n  extra: text('extra'),\n"),
            );
          },
        ],
      );
      line(`${tables} tables, ${layout}`, ours, theirs);
      line(`${tables} tables, ${layout}, rehearsed`, rehearsed, theirs);
      if (layout === 'one file') {
        restore();
        const [all, bare] = [await peakMemory(root, OURS), await peakMemory(root, THEIRS)];
        if (all !== undefined && bare !== undefined)
          console.log(`  peak memory: ${all.toFixed(0)} MB : ${bare.toFixed(0)} MB`);
      }
      rmSync(root, { recursive: true, force: true });
      rmSync(kept, { recursive: true, force: true });
    }
  }
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
