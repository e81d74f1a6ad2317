import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, line, medians, peakMemory } from './measure.ts';
import { benchProject, LAYOUTS, SIZES, tableName } from './projects.ts';

const OURS = ['npx', 'tableplan', 'migration', tableName(0), 'extra:text'] as const;
const THEIRS = ['npx', 'drizzle-kit', 'generate', '--name', 'add_extra'] as const;

/** The whole way through against drizzle-kit's own command. */
export async function benchCommand(): Promise<void> {
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
