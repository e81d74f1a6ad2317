import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestServer } from '../postgres/engines/test-server.ts';
import { command, line, medians, peakMemory } from './measure.ts';
import { SIZES, tableName } from './projects.ts';

const OURS = ['npx', 'tableplan', 'migration', tableName(0), 'extra:text'] as const;
/** TypeORM's own command, with a loader, as teams have it in a script. */
const cli = [process.execPath, '--import', 'tsx', 'node_modules/typeorm/cli.js'] as const;
const SOURCE = ['-d', 'src/data-source.ts'] as const;
const THEIRS = [...cli, 'migration:generate', 'src/migrations/AddExtra', ...SOURCE] as const;

/** The whole way through a TypeORM project, against TypeORM's own command on a running database that is in sync. */
export async function benchTypeorm(): Promise<void> {
  console.log(
    'typeorm: npx tableplan migration, rehearsed, history kept, against migration:generate on a running, in-sync Postgres (aim ≤ 2, < 1 at 1000)',
  );
  const server = await startTestServer();
  const admin = await server.admin();
  try {
    for (const entities of SIZES) {
      const database = `bench_${entities}`;
      await admin.exec(`create database ${database}`);
      const root = makeProject(entities, server.url(database));
      command(root, [...cli, 'migration:generate', 'src/migrations/Init', ...SOURCE]);
      command(root, [...cli, 'migration:run', ...SOURCE]);
      const kept = `${root}-kept`;
      cpSync(join(root, 'src'), kept, { recursive: true });
      const restore = (): void => {
        for (const part of ['src', 'docs']) rmSync(join(root, part), { recursive: true, force: true });
        cpSync(kept, join(root, 'src'), { recursive: true });
      };
      const [ours, theirs] = medians(
        [() => command(root, OURS), () => command(root, THEIRS)],
        [
          restore,
          () => {
            restore();
            writeEntity(root, 0, "  @Column({ type: 'text', nullable: true })\n  extra!: string | null;\n");
          },
        ],
      );
      line(`${entities} entities`, ours, theirs);
      restore();
      const peak = await peakMemory(root, OURS);
      if (peak !== undefined) console.log(`  peak memory: ${peak.toFixed(0)} MB`);
      for (const folder of [root, kept]) rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    await admin.end();
    await server.stop();
  }
  console.log();
}

function makeProject(entities: number, url: string): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan-bench-typeorm-'));
  for (const folder of ['src/entities', 'src/migrations', 'node_modules/.bin'])
    mkdirSync(join(root, folder), { recursive: true });
  const modules = resolve('node_modules');
  for (const name of ['typeorm', 'pg', 'reflect-metadata', 'tsx'])
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  symlinkSync(resolve('.'), join(root, 'node_modules/tableplan'));
  symlinkSync(resolve('dist/cli.js'), join(root, 'node_modules/.bin/tableplan'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'bench', private: true }));
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { module: 'commonjs', experimentalDecorators: true } }),
  );
  writeFileSync(
    join(root, 'src/data-source.ts'),
    `import 'reflect-metadata';
import { DataSource } from 'typeorm';

export default new DataSource({
  type: 'postgres',
  url: ${JSON.stringify(url)},
  entities: [__dirname + '/entities/*.ts'],
  migrations: [__dirname + '/migrations/*.ts'],
});
`,
  );
  for (let index = 0; index < entities; index += 1) writeEntity(root, index, '');
  return root;
}

/** Twelve columns, as those of the Drizzle projects. */
function writeEntity(root: string, index: number, more: string): void {
  const name = tableName(index);
  const columns = Array.from(
    { length: 9 },
    (_, at) => `  @Column({ name: 'text_${at}', type: 'varchar', length: 200 })\n  text${at}!: string;\n`,
  );
  writeFileSync(
    join(root, `src/entities/${name}.ts`),
    `import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('${name}')
export class ${name.charAt(0).toUpperCase()}${name.slice(1)} {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

${columns.join('\n')}
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
${more === '' ? '' : `\n${more}`}}
`,
  );
}
