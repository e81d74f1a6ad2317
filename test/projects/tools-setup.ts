import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { consumerEnv } from '../e2e/consumer-env.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with what judges generated code: ESLint with its config, a validator of OpenAPI documents, a maker of clients. */
    tools: string;
  }
}

/** typescript-eslint and openapi-typescript know no TypeScript 7, which this repository has: they are installed beside it. */
const PACKAGES = {
  '@seriousme/openapi-schema-validator': '2.11.0',
  eslint: '10.15.0',
  'openapi-fetch': '0.17.0',
  'openapi-typescript': '7.13.0',
  typescript: '6.0.3',
  'typescript-eslint': '8.74.0',
};

/** Its range ends at TypeScript 5. */
const OVERRIDES = { 'openapi-typescript': { typescript: '$typescript' } };

/** The strict rules, without those that ask for types. Nest's modules are classes without members. */
const CONFIG = `import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/*.mjs', '**/*.config.ts', '**/listen.ts'] },
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  {
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-require-imports': 'error',
    },
  },
);
`;

/** Installs the tools once; later runs find them in the cache of node_modules. */
export default function setup(project: TestProject): void {
  const key = createHash('sha256')
    .update(JSON.stringify([PACKAGES, OVERRIDES]))
    .update(CONFIG)
    .digest('hex')
    .slice(0, 12);
  const folder = join(process.cwd(), 'node_modules/.cache/tableplan-tools', key);
  if (!existsSync(folder)) install(folder);
  project.provide('tools', folder);
}

function install(folder: string): void {
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  writeFileSync(
    join(temporary, 'package.json'),
    JSON.stringify({ private: true, type: 'module', devDependencies: PACKAGES, overrides: OVERRIDES }),
  );
  writeFileSync(join(temporary, 'eslint.config.mjs'), CONFIG);
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: temporary,
    env: consumerEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // Another run has installed it meanwhile.
    rmSync(temporary, { recursive: true });
  }
}
