import { symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { outFolder, outInConfig } from '../../../src/orm/drizzle/out-folder.ts';
import { locateDrizzle } from '../../../src/orm/drizzle/locate/locate.ts';
import { reviewProject } from '../../commands/review-project.ts';
import { makeTree } from '../../workspace/tree.ts';

it.each([
  ["export default { dialect: 'postgresql', out: './drizzle' };", './drizzle'],
  ['export default defineConfig({\n  out: "./db/migrations",\n  schema: "./a.ts",\n});', './db/migrations'],
  ['export default { out: `./x` }', './x'],
  ['{ "dialect": "postgresql", "out": "./json" }', './json'],
  ["// out: './old'\n/* out: './older' */\nexport default { out: './new', url: 'http://x' };", './new'],
  ["export default { layout: './no', out: './yes' };", './yes'],
])('an out that is written in plain words is read: %j', (text, out) => {
  expect(outInConfig(text)).toBe(out);
});

it.each([
  "export default { dialect: 'postgresql' };",
  'export default { out };',
  "export default { out: process.env.OUT ?? './drizzle' };",
  "export default { out: isTest ? './a' : './b' };",
  "export default { out: './a' + suffix };",
  'export default { out: `./${name}` };',
  "const a = { out: './a' };\nconst b = { out: './b' };\nexport default a;",
  "export default { out: './a', ...others };",
  "const text = 'out: ';\nexport default { schema: './a.ts' };",
])('everything else is for drizzle-kit to say: %j', (text) => {
  expect(outInConfig(text)).toBeUndefined();
});

it('a folder outside the repository is not read', async () => {
  const outside = makeTree({ 'drizzle/meta/_journal.json': '{}' });
  const refusal = {
    code: 'config-invalid',
    message: expect.stringContaining('outside the repository') as string,
  };
  const config = (out: string): Record<string, string> => ({
    'drizzle.config.ts': `export default { dialect: 'postgresql', schema: './a.ts', out: '${out}' };\n`,
  });
  const linked = reviewProject({}, config('./linked'));
  symlinkSync(join(outside, 'drizzle'), join(linked, 'linked'));
  for (const root of [linked, reviewProject({}, config(`../${basename(outside)}/drizzle`))])
    await expect(outFolder(await locateDrizzle(root), undefined)).rejects.toMatchObject(refusal);
});
