import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { consumerEnv } from '../e2e/consumer-env.ts';

export type Layout = 'one file' | 'many files';

export const SIZES = [1, 100, 1000] as const;
export const LAYOUTS: readonly Layout[] = ['one file', 'many files'];

const TABLE_IMPORT =
  "import { integer, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';\n";

/** The source of one table with twelve columns, as ordinary as tables are. */
export function tableSource(name: string): string {
  const texts = Array.from(
    { length: 6 },
    (_, index) => `  text${index}: varchar('text_${index}', { length: 200 }).notNull(),`,
  );
  const numbers = Array.from(
    { length: 3 },
    (_, index) => `  number${index}: integer('number_${index}').notNull().default(0),`,
  );
  return [
    `export const ${name} = pgTable('${name}', {`,
    "  id: uuid('id').primaryKey().defaultRandom(),",
    ...texts,
    ...numbers,
    "  note: text('note'),",
    "  createdAt: timestamp('created_at').defaultNow().notNull(),",
    '});',
    '',
  ].join('\n');
}

export function tableName(index: number): string {
  return `table${String(index).padStart(4, '0')}`;
}

/** The schema sources of so many tables: path relative to `src/schema` → text. */
export function schemaSources(tables: number, layout: Layout): Map<string, string> {
  const names = Array.from({ length: tables }, (_, index) => tableName(index));
  if (layout === 'one file')
    return new Map([['index.ts', `${TABLE_IMPORT}\n${names.map(tableSource).join('\n')}`]]);
  return new Map([
    ['index.ts', names.map((name) => `export * from './${name}';\n`).join('')],
    ...names.map((name) => [`${name}.ts`, `${TABLE_IMPORT}\n${tableSource(name)}`] as const),
  ]);
}

/** A project in a temporary folder whose first migration drizzle-kit has made. */
export function benchProject(tables: number, layout: Layout): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan-bench-'));
  mkdirSync(join(root, 'src/schema'), { recursive: true });
  for (const [path, text] of schemaSources(tables, layout))
    writeFileSync(join(root, 'src/schema', path), text);
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'bench', private: true, type: 'module' }));
  writeFileSync(
    join(root, 'drizzle.config.ts'),
    "export default { dialect: 'postgresql', schema: './src/schema/index.ts', out: './drizzle' };\n",
  );
  const modules = resolve('node_modules');
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  for (const name of ['drizzle-kit', 'drizzle-orm'])
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  symlinkSync(resolve('.'), join(root, 'node_modules/tableplan'));
  symlinkSync(join(modules, 'drizzle-kit/bin.cjs'), join(root, 'node_modules/.bin/drizzle-kit'));
  symlinkSync(resolve('dist/cli.js'), join(root, 'node_modules/.bin/tableplan'));
  execFileSync('npx', ['drizzle-kit', 'generate', '--name', 'init'], {
    cwd: root,
    env: consumerEnv(),
    stdio: 'ignore',
  });
  return root;
}
