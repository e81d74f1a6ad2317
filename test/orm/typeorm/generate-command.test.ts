import { expect, it } from 'vitest';
import { generateCommand } from '../../../src/orm/typeorm/generate-command.ts';

const command = (script: string | undefined, dataSource = 'src/data-source.ts') =>
  generateCommand(
    {
      root: '/p',
      dataSourcePath: `/p/${dataSource}`,
      script:
        script === undefined
          ? undefined
          : { name: 'migration:generate', command: script, dataSource, folder: '/p', env: {} },
      run: (name, args) => ['npm run', name, ...(args === undefined ? [] : ['--', args])].join(' '),
    } as Parameters<typeof generateCommand>[0],
    '/p/src/migrations',
  );

it.each([
  [
    'typeorm migration:generate -d src/data-source.ts',
    'npm run migration:generate -- src/migrations/SchemaChanges',
  ],
  ['typeorm migration:generate', 'npm run migration:generate -- src/migrations/SchemaChanges'],
  ['typeorm migration:generate src/migrations/$NAME -d src/data-source.ts', 'npm run migration:generate'],
  [
    'typeorm migration:run -d src/data-source.ts',
    'npx typeorm-ts-node-commonjs migration:generate src/migrations/SchemaChanges -d src/data-source.ts',
  ],
])('of the script %s', (script, expected) => {
  expect(command(script)).toBe(expected);
});

it('of a project without scripts', () => {
  expect(command(undefined, 'build/data-source.js')).toBe(
    'npx typeorm migration:generate src/migrations/SchemaChanges -d build/data-source.js',
  );
});
