import type { TestProject } from 'vitest/node';
import { installed } from './installed.ts';

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
  const files = { 'eslint.config.mjs': CONFIG };
  project.provide('tools', installed({ packages: PACKAGES, overrides: OVERRIDES, files }));
}
