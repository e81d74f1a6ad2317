import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../src/plan/change.ts';
import { formatEditedFile, formatNewFile } from '../../../src/project/format.ts';
import { makeProject } from '../project-tree.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');

/** Stands in configs that nobody can read. */
const PRIVATE = 'nobody-else-may-read-this';

/** Files that are next to empty show nothing. */
const FILLER = `// ${'…'.repeat(100)}\n`;

interface CodeStyle {
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string | object>>;
  /** As the formatter writes it. */
  readonly clean: string;
  /** An edit that it would write otherwise, and how. */
  readonly after: string;
  readonly formatted: string;
}

const OXFMT_CLEAN =
  "import { pgTable, text } from 'drizzle-orm/pg-core'\n\nexport const tags = pgTable('tags', { name: text('name') }, (t) => [])\n";

/** Houses with an installed formatter of each kind. */
const HOUSES: Readonly<Record<string, CodeStyle>> = {
  biome: {
    packages: ['@biomejs/biome', '@biomejs/cli-linux-x64', '@biomejs/cli-linux-arm64'],
    files: {
      'biome.json': {
        formatter: { indentStyle: 'tab', lineWidth: 120 },
        javascript: {
          formatter: { quoteStyle: 'single', semicolons: 'asNeeded', arrowParentheses: 'asNeeded' },
        },
      },
    },
    clean:
      "import { index, pgTable } from 'drizzle-orm/pg-core'\n\nexport const tags = pgTable('tags', {}, t => {\n\treturn []\n})\n",
    after:
      "import { index, pgTable, boolean } from 'drizzle-orm/pg-core'\n\nexport const tags = pgTable('tags', { a: boolean('a') }, (t) => {\n\treturn [index( 'x' )]\n})\n",
    formatted:
      "import { boolean, index, pgTable } from 'drizzle-orm/pg-core'\n\nexport const tags = pgTable('tags', { a: boolean('a') }, t => {\n\treturn [index('x')]\n})\n",
  },
  dprint: {
    packages: ['dprint', '@dprint'],
    files: {
      'dprint.json': {
        typescript: { quoteStyle: 'preferSingle', semiColons: 'asi', indentWidth: 4 },
        plugins: [`${MODULES}/@dprint/typescript/plugin.wasm`],
      },
    },
    clean: "export const tags = pgTable('tags', {\n    name: text('name'),\n})\n",
    after:
      "export const tags = pgTable('tags', {\n    name: text('name'),\n  note: text('note').notNull( ),\n})\n",
    formatted:
      "export const tags = pgTable('tags', {\n    name: text('name'),\n    note: text('note').notNull(),\n})\n",
  },
  oxfmt: {
    packages: ['oxfmt', '@oxfmt'],
    files: { '.oxfmtrc.json': { singleQuote: true, semi: false } },
    clean: OXFMT_CLEAN,
    after: OXFMT_CLEAN.replace('(t) => []', "(t) => [index('tags_name_idx').on(t.name), index('x')]"),
    formatted:
      "import { pgTable, text } from 'drizzle-orm/pg-core'\n\nexport const tags = pgTable('tags', { name: text('name') }, (t) => [\n  index('tags_name_idx').on(t.name),\n  index('x'),\n])\n",
  },
  eslint: {
    packages: ['eslint', '@stylistic/eslint-plugin'],
    files: {
      'package.json': { type: 'module', devDependencies: { '@stylistic/eslint-plugin': '6' } },
      'eslint.config.js': `import stylistic from '@stylistic/eslint-plugin'
const { rules } = stylistic.configs.customize({ indent: 2, quotes: 'single', semi: false, jsx: false })
export default [{ files: ['**/*.ts'], plugins: { '@stylistic': stylistic }, rules }]
`,
    },
    clean: "export const tags = pgTable('tags', {\n  name: text('name'),\n}, t => [])\n",
    after: "export const tags = pgTable('tags', {\n  name: text('name'),\n}, (t) => [index(\"x\")])\n;\n",
    formatted: "export const tags = pgTable('tags', {\n  name: text('name'),\n}, t => [index('x')])\n",
  },
};

function projectOf(
  { packages, files }: Pick<CodeStyle, 'packages' | 'files'>,
  more: Record<string, string> = {},
): string {
  const root = makeProject({ 'package.json': {}, ...files, ...more });
  for (const name of packages) {
    const at = join(root, 'node_modules', name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(MODULES, name), at);
  }
  return root;
}

describe.each(Object.entries(HOUSES))('in a house of %s', (_, codeStyle) => {
  const notices: Notice[] = [];
  const root = projectOf(codeStyle, { 'src/tags.ts': codeStyle.clean + FILLER });
  const options = { root, report: (notice: Notice) => void notices.push(notice) };
  const path = join(root, 'src/schema.ts');

  it('an edited file that was clean stays clean', async () => {
    const text = await formatEditedFile({ before: codeStyle.clean, after: codeStyle.after }, path, options);
    expect(text).toBe(codeStyle.formatted);
    expect(notices).toEqual([]);
  });

  it('an edited file that was not clean keeps each of its lines', async () => {
    const dirty = "const  x = 'y' ;\n";
    const edit = { before: dirty + codeStyle.clean, after: dirty + codeStyle.after };
    expect(await formatEditedFile(edit, path, options)).toBe(edit.after);
  });

  it('a new file is written as its neighbours are, and with none as the config says', async () => {
    expect(
      await formatNewFile(codeStyle.after, join(root, 'src/new.ts'), { ...options, always: false }),
    ).toBe(codeStyle.formatted);
    const empty = projectOf(codeStyle);
    const alone = { root: empty, always: false };
    expect(await formatNewFile(codeStyle.after, join(empty, 'src/new.ts'), alone)).toBe(codeStyle.formatted);
  });

  it('a new file stays as it was written where no neighbour follows the config', async () => {
    const other = projectOf(codeStyle, { 'src/a.ts': `const  x = [ "y" ] ;\n${codeStyle.clean}${FILLER}` });
    const text = await formatNewFile(codeStyle.after, join(other, 'src/new.ts'), {
      root: other,
      always: false,
    });
    expect(text).toBe(codeStyle.after);
  });

  it('a formatter that fails leaves the text as it was written, and the run says so, quoting nothing of its config', async () => {
    const config = Object.keys(codeStyle.files).at(-1)!;
    const broken = projectOf({ ...codeStyle, files: { ...codeStyle.files, [config]: `{ ${PRIVATE}` } });
    const report = (notice: Notice) => void notices.push(notice);
    const edit = { before: codeStyle.clean, after: codeStyle.after };
    const at = join(broken, 'src/schema.ts');
    expect(await formatEditedFile(edit, at, { root: broken, report })).toBe(edit.after);
    expect(notices).toMatchObject([{ severity: 'info', rule: 'not-formatted', file: at }]);
    expect(notices[0]?.message).not.toContain(PRIVATE);
  });
});

it.each(['.prettierrc', '.prettierrc.json', '.prettierrc.toml'])(
  'nothing of a %s that prettier cannot read is quoted',
  async (config) => {
    const root = projectOf({
      packages: ['prettier'],
      files: { [config]: `{ ${PRIVATE}` },
    });
    const notices: Notice[] = [];
    const options = { root, report: (notice: Notice) => void notices.push(notice) };
    const edit = { before: 'const a = 1;\n', after: 'const  a = 1;\n' };
    expect(await formatEditedFile(edit, join(root, 'a.ts'), options)).toBe(edit.after);
    expect(notices).toHaveLength(1);
    expect(JSON.stringify(notices)).not.toContain(PRIVATE);
  },
);

it('a formatter that gives nothing back for a text has failed, whatever it says', async () => {
  const bin = 'node_modules/@biomejs/biome';
  const root = makeProject({
    'package.json': {},
    'biome.json': {},
    [`${bin}/package.json`]: { name: '@biomejs/biome', version: '2.4.0', bin: { biome: 'biome.js' } },
    [`${bin}/biome.js`]: 'process.stdin.resume();\n',
  });
  const notices: Notice[] = [];
  const options = { root, report: (notice: Notice) => void notices.push(notice) };
  const path = join(root, 'src/new.ts');
  expect(await formatNewFile('const  a = 1\n', path, { ...options, always: false })).toBe('const  a = 1\n');
  expect(await formatEditedFile({ before: 'a;\n', after: 'a ;\n' }, path, options)).toBe('a ;\n');
  expect(notices.map(({ message }) => message)).toEqual(
    Array(2).fill(expect.stringContaining('it gave nothing back for a text')),
  );
});

it('a package that a formatter lacks is named', async () => {
  const root = projectOf({
    packages: ['prettier'],
    files: { '.prettierrc': { plugins: ['prettier-plugin-nowhere'] } },
  });
  const notices: Notice[] = [];
  const options = { root, report: (notice: Notice) => void notices.push(notice) };
  await formatEditedFile({ before: 'a;\n', after: 'a ;\n' }, join(root, 'a.ts'), options);
  expect(notices[0]?.message).toContain("Cannot find package 'prettier-plugin-nowhere'");
});

it('a config without an installed formatter is no formatter', async () => {
  const root = projectOf({
    packages: [],
    files: { 'biome.json': {}, 'dprint.json': {}, '.oxfmtrc.json': {} },
  });
  const notices: Notice[] = [];
  const options = { root, always: false, report: (notice: Notice) => void notices.push(notice) };
  expect(await formatNewFile('const  a = 1\n', join(root, 'a.ts'), options)).toBe('const  a = 1\n');
  expect(notices).toEqual([]);
});

it('a stale config of prettier is left out beside the biome that the files follow', async () => {
  const { packages, files, clean, after, formatted } = HOUSES['biome']!;
  const stale = { '.prettierrc': { semi: true, useTabs: false } };
  const root = projectOf({ packages, files: { ...files, ...stale } }, { 'src/tags.ts': clean + FILLER });
  const path = join(root, 'src/schema.ts');
  expect(await formatEditedFile({ before: clean, after }, path, { root })).toBe(formatted);
  expect(await formatNewFile(after, join(root, 'src/new.ts'), { root, always: false })).toBe(formatted);
});

it('a workspace that has the config at its root and the formatter in the package is found', async () => {
  const { files, clean, after, formatted } = HOUSES['oxfmt']!;
  const root = makeProject({ 'package.json': {}, ...files, 'packages/db/package.json': {} });
  const modules = join(root, 'packages/db/node_modules');
  mkdirSync(modules);
  symlinkSync(join(MODULES, 'oxfmt'), join(modules, 'oxfmt'));
  const path = join(root, 'packages/db/schema.ts');
  expect(await formatEditedFile({ before: clean, after }, path, { root: join(root, 'packages/db') })).toBe(
    formatted,
  );
});

it("a config above the repository is not the project's", async () => {
  const { files, packages, clean, after, formatted } = HOUSES['biome']!;
  const edited = (at: string, root: string) => formatEditedFile({ before: clean, after }, at, { root });
  const outside = projectOf({ packages, files: { ...files, '.prettierrc': {} } });
  expect(await edited(join(outside, 'app/schema.ts'), join(outside, 'app'))).toBe(formatted);
  mkdirSync(join(outside, 'app/.git'), { recursive: true });
  expect(await edited(join(outside, 'app/schema.ts'), join(outside, 'app'))).toBe(after);
});

it('ESLint without rules that lay code out is not asked', async () => {
  const root = projectOf({
    packages: ['eslint'],
    files: { 'package.json': { type: 'module' }, 'eslint.config.js': "throw new Error('asked')\n" },
  });
  const notices: Notice[] = [];
  const options = { root, always: false, report: (notice: Notice) => void notices.push(notice) };
  expect(await formatNewFile('var  a = 1\n', join(root, 'a.ts'), options)).toBe('var  a = 1\n');
  expect(notices).toEqual([]);
});

it.each(['biome', 'dprint', 'oxfmt'])('a file of thousands of lines is no work for %s', async (name) => {
  const codeStyle = HOUSES[name]!;
  const lines = FILLER.repeat(3000);
  const path = join(projectOf(codeStyle), 'src/schema.ts');
  const edit = { before: codeStyle.clean + lines, after: codeStyle.after + lines };
  expect(await formatEditedFile(edit, path, { root: dirname(path) })).toBe(codeStyle.formatted + lines);
});
