import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { formatEditedFile } from '../../../src/project/format.ts';
import { makeProject } from '../../project/project-tree.ts';
import { readTree, styleNames, STYLES } from './style-fixture.ts';

/** Configs that houses have; a fixture's file counts for each under which it is clean before. */
const CONFIGS: readonly prettier.Options[] = [
  {},
  { singleQuote: true },
  { singleQuote: true, printWidth: 100 },
  { singleQuote: true, printWidth: 120 },
  { singleQuote: true, semi: false, useTabs: true },
  { singleQuote: true, semi: false, trailingComma: 'none', arrowParens: 'avoid', printWidth: 120 },
];

const edited = styleNames().flatMap((name) => {
  const [before, after] = [readTree(join(STYLES, name, 'before')), readTree(join(STYLES, name, 'after'))];
  return Object.keys(before)
    .filter((path) => path.endsWith('.ts') && after[path] !== undefined && after[path] !== before[path])
    .map((path) => ({ label: `${name}/${path}`, before: before[path]!, after: after[path]! }));
});

describe.each(CONFIGS.map((config) => [JSON.stringify(config), config] as const))('under %s', (_, config) => {
  const root = makeProject({ 'package.json': {}, '.prettierrc': { ...config, endOfLine: 'auto' } });
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  symlinkSync(
    join(import.meta.dirname, '../../../node_modules/prettier'),
    join(root, 'node_modules/prettier'),
  );
  const settings = { ...config, endOfLine: 'auto', parser: 'typescript' } as const;

  it('a file that was clean is clean after the edit, and of any other nothing is moved', async () => {
    for (const { label, before, after } of edited) {
      const text = await formatEditedFile({ before, after }, join(root, 'schema.ts'), { root });
      if (await prettier.check(before, settings))
        expect(await prettier.check(text, settings), label).toBe(true);
      else expect(text, label).toBe(after);
      expect(bareText(text), label).toBe(bareText(after));
    }
  });
});

/** Without what prettier may move. */
function bareText(text: string): string {
  return text.replace(/[\s,;'"()]/g, '');
}
