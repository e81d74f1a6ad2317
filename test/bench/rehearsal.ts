import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command, line, medians, peakMemory } from './measure.ts';
import { benchProject } from './projects.ts';

const SHORT = 3;
const LONG = 300;

/** A replayed history is kept: the length of it is to make no difference. */
export async function benchRehearsal(): Promise<void> {
  console.log(
    `rehearsal: of the newest migration after a history of ${LONG}, against after ${SHORT}, both kept (aim ≤ 1.3)`,
  );
  const roots = [LONG, SHORT].map(historyOf);
  const [long, short] = medians(roots.map((root) => () => command(root, rehearse, [0, 1])));
  line('tableplan rehearse', long!, short!);
  const peaks = await Promise.all(roots.map((root) => peakMemory(root, rehearse)));
  if (peaks.every((peak) => peak !== undefined))
    console.log(`  peak memory: ${peaks.map((peak) => `${peak.toFixed(0)} MB`).join(' : ')}`);
  for (const root of roots) rmSync(root, { recursive: true, force: true });
  console.log();
}

const rehearse = [process.execPath, resolve('dist/cli.js'), 'rehearse'] as const;

/** A project with so many migrations: after the one that drizzle-kit made, each makes a table by hand. */
function historyOf(length: number): string {
  const root = benchProject(1, 'one file');
  const meta = join(root, 'drizzle/meta');
  const journal = JSON.parse(readFileSync(join(meta, '_journal.json'), 'utf8')) as {
    entries: { idx: number; when: number; tag: string }[];
  };
  const [first] = journal.entries;
  let snapshot = JSON.parse(readFileSync(join(meta, '0000_snapshot.json'), 'utf8')) as { id: string };
  for (let idx = 1; idx <= length; idx += 1) {
    const number = String(idx).padStart(4, '0');
    const tag = `${number}_by_hand`;
    writeFileSync(
      join(root, `drizzle/${tag}.sql`),
      `CREATE TABLE by_hand_${idx} (id int PRIMARY KEY, name text);\n`,
    );
    snapshot = {
      ...snapshot,
      prevId: snapshot.id,
      id: `00000000-0000-4000-8000-00000000${number}`,
    } as typeof snapshot;
    writeFileSync(join(meta, `${number}_snapshot.json`), JSON.stringify(snapshot));
    journal.entries.push({ ...first!, idx, when: first!.when + idx, tag });
  }
  writeFileSync(join(meta, '_journal.json'), JSON.stringify(journal));
  return root;
}
