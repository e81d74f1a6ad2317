import { copyFile, link, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CACHE } from '../../empty-databases.ts';

/** The TypeORM versions that every test of behaviour runs over, and the packages that stand for them here. */
export const VERSIONS = { '0.3': 'typeorm-0.3', '1.x': 'typeorm' } as const;
export type Version = keyof typeof VERSIONS;

export interface TestProject {
  readonly root: string;
  path(file: string): string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

const OWN = resolve(import.meta.dirname, '../../../node_modules');

/** A project in a folder of its own, with the real TypeORM of that version, `pg` and other packages of this repository. */
export async function typeormProject(
  version: Version,
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): Promise<TestProject> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tableplan typeorm-')));
  const project: TestProject = {
    root,
    path: (file) => join(root, file),
    async write(written) {
      for (const [file, text] of Object.entries(written)) {
        await mkdir(dirname(join(root, file)), { recursive: true });
        await writeFile(join(root, file), text);
      }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  await project.write({ 'package.json': '{ "name": "shop" }\n', 'tsconfig.json': TSCONFIG, ...files });
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await symlink(join(OWN, VERSIONS[version]), join(root, 'node_modules/typeorm'));
  await linkEmptyDatabases(join(root, 'node_modules/.cache/tableplan'));
  for (const name of ['pg', 'reflect-metadata', '@types/node', ...packages]) {
    await mkdir(dirname(join(root, 'node_modules', name)), { recursive: true });
    await symlink(join(OWN, name), join(root, 'node_modules', name));
  }
  return project;
}

/** What the first run in a project keeps. Hard links, as each has five megabytes. */
export async function linkEmptyDatabases(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(CACHE))
    if (file.startsWith('pglite-empty-'))
      // A temporary folder may be on another file system.
      await link(join(CACHE, file), join(folder, file)).catch(() =>
        copyFile(join(CACHE, file), join(folder, file)),
      );
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "CommonJS",
    "strict": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "strictPropertyInitialization": false
  }
}
`;

/** A data source that reads entities and migrations from their folders, on a server that is not there. */
export const DATA_SOURCE = `import 'reflect-metadata';
import { DataSource } from 'typeorm';

export default new DataSource({
  type: 'postgres',
  url: 'postgres://127.0.0.1:1/nowhere',
  entities: [__dirname + '/entities/*.ts'],
  migrations: [__dirname + '/migrations/*.ts'],
});
`;
