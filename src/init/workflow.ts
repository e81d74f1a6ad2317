import type { LocatedProject } from '../orm/orm.ts';
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execCommand, type PackageManager } from '../project/package-manager.ts';
import { readPackageJson } from '../project/package-json.ts';
import { posixRelative } from '../workspace/posix-relative.ts';

/** Where the workflow goes, from the top of the repository. */
export const WORKFLOW = join('.github', 'workflows', 'tableplan.yml');

/** A GitHub Actions workflow that reviews and rehearses the migrations of a pull request, in the project's own commands. */
export async function workflowText(location: LocatedProject): Promise<string> {
  const { project } = location;
  const { packageManager, root, repoRoot } = project;
  const tableplan = execCommand(packageManager, 'tableplan');
  const folder = posixRelative(repoRoot, root);
  const inFolder =
    relative(repoRoot, root) === '' ? '' : `\n        working-directory: ${JSON.stringify(folder)}`;
  const lines = [
    ...(packageManager === 'bun' ? ['      - uses: oven-sh/setup-bun@v2'] : []),
    '      - uses: actions/setup-node@v4',
    '        with:',
    '          node-version: 22',
    ...(packageManager === 'pnpm' || packageManager === 'yarn' ? ['      - run: corepack enable'] : []),
    `      - run: ${await installing(packageManager, root, repoRoot)}`,
  ];
  return `name: Migrations

on:
  pull_request:

permissions:
  contents: read

jobs:
  migrations:
    runs-on: ubuntu-latest
    env:
      BASE: \${{ github.base_ref }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
${lines.join('\n')}
      - name: Review the migrations of this branch${inFolder}
        run: ${tableplan} review --since "origin/$BASE" --format github
${await rehearsing(location, tableplan, inFolder)}`;
}

async function installing(manager: PackageManager, root: string, repoRoot: string): Promise<string> {
  const has = async (name: string): Promise<boolean> =>
    (await Promise.all([root, repoRoot].map((folder) => isThere(join(folder, name))))).includes(true);
  switch (manager) {
    case 'npm':
      return (await has('package-lock.json')) ? 'npm ci' : 'npm install';
    case 'pnpm':
      return 'pnpm install --frozen-lockfile';
    case 'bun':
      return 'bun install --frozen-lockfile';
    case 'yarn': {
      const field = (await readPackageJson(repoRoot))?.packageManager ?? '';
      const isClassic = /^yarn@1\b/.test(field) || (field === '' && !(await has('.yarnrc.yml')));
      return `yarn install ${isClassic ? '--frozen-lockfile' : '--immutable'}`;
    }
  }
}

/** Drizzle's migrations are known by their folder; which files TypeORM loads, only its data source knows. */
async function rehearsing(location: LocatedProject, tableplan: string, inFolder: string): Promise<string> {
  const path = await location.sqlFolder();
  const folder = path && posixRelative(location.project.root, path);
  // What a shell could read as more than a name stays out of it.
  if (folder === undefined || !/^[\w./@ -]+$/.test(folder))
    return `      - name: Rehearse the newest migration${inFolder}
        run: ${tableplan} rehearse --fresh
`;
  return `      - name: Rehearse each new migration${inFolder}
        shell: bash
        run: |
          git diff --relative --name-only --diff-filter=A "origin/$BASE...HEAD" -- ':(glob)${folder}/*.sql' ':(exclude,glob)${folder}/*.down.sql' |
            while read -r file; do ${tableplan} rehearse "$file" < /dev/null; done
`;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
