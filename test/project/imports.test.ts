import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCandidates, specifierSuffix } from '../../src/project/imports.ts';
import { makeProject } from './project-tree.ts';

type Files = Parameters<typeof makeProject>[0];

/** The files that a specifier in `src/app/main.ts` may mean, relative to the project. */
function candidates(files: Files, specifier: string, from = 'src/app/main.ts'): string[] {
  const root = makeProject({ 'package.json': {}, ...files });
  return importCandidates()(join(root, from), specifier).map((path) => relative(root, path));
}

const tsconfig = (compilerOptions: object, more: object = {}) => ({
  'tsconfig.json': { compilerOptions, ...more },
});

describe('an alias of the tsconfig', () => {
  it.each<[string, Files, string, string]>([
    ['with a star', tsconfig({ paths: { '@/*': ['./src/*'] } }), '@/db/users', 'src/db/users.ts'],
    ['without one', tsconfig({ paths: { db: ['./src/db/index.ts'] } }), 'db', 'src/db/index.ts'],
    ['below a base url', tsconfig({ baseUrl: './src' }), 'db/users', 'src/db/users.ts'],
    [
      'relative to a base url',
      tsconfig({ baseUrl: './src', paths: { '~/*': ['*'] } }),
      '~/db/users',
      'src/db/users.ts',
    ],
    [
      'with an ending as Node wants it',
      tsconfig({ paths: { '@/*': ['./src/*'] } }),
      '@/db/users.js',
      'src/db/users.ts',
    ],
    [
      'of a tsconfig that this one extends',
      {
        'config/base.json': { compilerOptions: { paths: { '@/*': ['../src/*'] } } },
        'tsconfig.json': { extends: './config/base.json' },
      },
      '@/db/users',
      'src/db/users.ts',
    ],
    [
      'of a tsconfig that this one refers to',
      {
        'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
        'tsconfig.app.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
      },
      '@/db/users',
      'src/db/users.ts',
    ],
  ])('%s', (_, files, specifier, path) => {
    expect(candidates(files, specifier)).toContain(path);
  });

  it('leads to each of its folders, the first one first', () => {
    const found = candidates(tsconfig({ paths: { '@/*': ['./src/*', './generated/*'] } }), '@/db/users');
    expect(found.indexOf('src/db/users.ts')).toBeLessThan(found.indexOf('generated/db/users.ts'));
    expect(found).toContain('src/db/users/index.ts');
  });

  it('is that of the nearest tsconfig', () => {
    const files = {
      ...tsconfig({ paths: { '@/*': ['./src/*'] } }),
      'packages/api/tsconfig.json': { compilerOptions: { paths: { '@/*': ['./lib/*'] } } },
    };
    expect(candidates(files, '@/users', 'packages/api/main.ts')).toContain('packages/api/lib/users.ts');
    expect(candidates(files, '@/users', 'packages/api/main.ts')).not.toContain('src/users.ts');
  });

  it.each([
    ['no alias', tsconfig({ paths: { '@/*': ['./src/*'] } }), 'typeorm'],
    ['a tsconfig that is broken', { 'tsconfig.json': '{ "compilerOptions": ' }, '@/db/users'],
    ['no tsconfig', {}, '@/db/users'],
  ])('leads nowhere for %s', (_, files: Files, specifier) => {
    expect(candidates(files, specifier)).toEqual([]);
  });
});

it('a relative path needs no tsconfig', () => {
  expect(candidates({}, '../db/users')).toContain('src/db/users.ts');
  expect(candidates({}, '..')).toContain('src/index.ts');
});

it('an import of the package.json is an alias too', () => {
  const files = { 'package.json': { imports: { '#db/*': './src/db/*.ts' } } };
  expect(candidates(files, '#db/users')).toContain('src/db/users.ts');
});

describe('the ending of relative specifiers, where no import shows it', () => {
  it.each<['' | '.js' | '.ts', Files]>([
    ['', {}],
    ['', tsconfig({ module: 'NodeNext' })],
    ['.js', { ...tsconfig({ module: 'NodeNext' }), 'package.json': { type: 'module' } }],
    ['.js', { ...tsconfig({ module: 'node20' }), 'package.json': { type: 'module' } }],
    ['', { ...tsconfig({ module: 'ESNext' }), 'package.json': { type: 'module' } }],
    ['.ts', tsconfig({ module: 'ESNext', allowImportingTsExtensions: true })],
  ])('is "%s" for %j', async (suffix, files) => {
    expect(await specifierSuffix(makeProject({ 'package.json': {}, ...files }))).toBe(suffix);
  });
});
