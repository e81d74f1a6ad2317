import { expect, it } from 'vitest';
import { outInConfig } from '../../../src/orm/drizzle/out-folder.ts';

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
