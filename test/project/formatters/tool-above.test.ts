import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolAbove } from '../../../src/project/formatters/tool-above.ts';
import { makeTree } from '../../workspace/tree.ts';

it('a config above the repository is not the project’s', async () => {
  const root = makeTree(
    {
      'tool.config.json': '{}',
      'repo/node_modules/tool/package.json': '{ "name": "tool", "version": "1.0.0", "bin": "cli.js" }',
      'repo/packages/a/index.ts': '',
    },
    'tableplan tool-',
  );
  const named = { configName: /^tool\.config\.json$/, packageName: 'tool' };
  const path = join(root, 'repo/packages/a/index.ts');
  expect(await toolAbove(path, named)).toMatchObject({ folder: root });
  mkdirSync(join(root, 'repo/.git'));
  expect(await toolAbove(path, named)).toBeUndefined();
});
