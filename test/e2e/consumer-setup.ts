import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { consumerEnv } from './consumer-env.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the packed tarball, plop, both ORMs and typescript installed; test projects lie below it. */
    consumer: string;
  }
}

/** Builds and packs tableplan and installs the tarball once, as a user would, far from this repository. */
export default function setup(project: TestProject): () => void {
  const repo = process.cwd();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tableplan consumer-')));
  const run = (command: string, args: string[], cwd: string): string =>
    execFileSync(command, args, {
      cwd,
      env: consumerEnv(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  run('npm', ['run', 'build', '--silent'], repo);
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], repo),
  ) as [{ filename: string }];
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(repo, 'package.json'), 'utf8'));
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({
      private: true,
      devDependencies: {
        tableplan: `file:${packed.filename}`,
        plop: dependencies.plop,
        'drizzle-kit': devDependencies['drizzle-kit'],
        'drizzle-orm': devDependencies['drizzle-orm'],
        typeorm: devDependencies.typeorm,
        'reflect-metadata': devDependencies['reflect-metadata'],
        pg: dependencies.pg,
        typescript: devDependencies.typescript,
        '@types/node': devDependencies['@types/node'],
      },
    }),
  );
  mkdirSync(join(root, 'projects'));
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], root);
  project.provide('consumer', root);
  return () => rmSync(root, { recursive: true, force: true });
}
