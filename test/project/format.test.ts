import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEditedFile, formatNewFile } from '../../src/project/format.ts';
import { makeProject } from './project-tree.ts';

const TEXT = 'export const a = {b:"c"}\n';

function format(files: Record<string, string | object>, path = 'src/a.ts', always = false): Promise<string> {
  const root = makeProject({ 'package.json': {}, ...files });
  symlinkSync(join(import.meta.dirname, '../../node_modules/prettier'), join(root, 'node_modules/prettier'));
  return formatNewFile(TEXT, join(root, path), { root, always });
}

it('writes a new file as the config of the project says', async () => {
  expect(await format({ '.prettierrc': { singleQuote: true, semi: false } })).toBe(
    "export const a = { b: 'c' }\n",
  );
});

it('heeds overrides and the .editorconfig', async () => {
  const files = {
    '.prettierrc': { overrides: [{ files: 'src/*.ts', options: { bracketSpacing: false } }] },
    '.editorconfig': '[*]\nend_of_line = crlf\n',
  };
  expect(await format(files)).toBe('export const a = {b: "c"};\r\n');
});

it('formats with the defaults where prettier is a dependency without a config', async () => {
  expect(await format({ 'package.json': { devDependencies: { prettier: '3' } } })).toBe(
    'export const a = { b: "c" };\n',
  );
});

it('leaves the text as it is where the project does not use prettier, an .editorconfig or not', async () => {
  expect(await format({})).toBe(TEXT);
  expect(await format({ '.editorconfig': '[*]\nindent_style = tab\n' })).toBe(TEXT);
});

it('leaves what the project ignores', async () => {
  expect(await format({ '.prettierrc': {}, '.prettierignore': 'src/' })).toBe(TEXT);
});

it('leaves the text as it is where prettier fails', async () => {
  expect(await format({ '.prettierrc': '{ broken' })).toBe(TEXT);
  expect(await format({ '.prettierrc': { plugins: ['prettier-plugin-that-is-missing'] } })).toBe(TEXT);
});

it('formats a record in any project', async () => {
  expect(await format({}, 'docs/a.ts', true)).toBe('export const a = { b: "c" };\n');
});

describe('a file that was edited', () => {
  const clean = 'export const a = [1];\n';
  const edit = (
    before: string,
    after: string,
    files: Record<string, string | object> = { '.prettierrc': {} },
  ): Promise<string> => {
    const root = makeProject({ 'package.json': {}, ...files });
    symlinkSync(
      join(import.meta.dirname, '../../node_modules/prettier'),
      join(root, 'node_modules/prettier'),
    );
    notices = [];
    return formatEditedFile({ before, after }, join(root, 'src/a.ts'), {
      root,
      report: ({ message }) => notices.push(message),
    });
  };
  let notices: string[] = [];

  it('is formatted when it was so before', async () => {
    expect(await edit(clean, 'export const a = [1,2];\n')).toBe('export const a = [1, 2];\n');
    expect(await edit(clean, 'export const a = [1, 2];\n')).toBe('export const a = [1, 2];\n');
  });

  it('keeps each of its lines when it was not', async () => {
    expect(await edit('export const a = [1]\n', 'export const a = [1,2]\n')).toBe('export const a = [1,2]\n');
  });

  it('is left alone where the project has no prettier, ignores the file or cannot read it', async () => {
    const after = 'export const a = [1,2];\n';
    expect(await edit(clean, after, {})).toBe(after);
    expect(await edit(clean, after, { '.prettierrc': {}, '.prettierignore': 'src/' })).toBe(after);
    expect(await edit(clean, 'export const = [1,2];\n')).toBe('export const = [1,2];\n');
  });

  it('is left alone when it is very long, and says so', async () => {
    const long = (lines: number) => clean + '// …\n'.repeat(lines);
    const edited = (text: string) => edit(text, text.replace('[1]', '[1,2]'));
    expect(await edited(long(5000))).toContain('[1, 2]');
    expect(notices).toEqual([]);
    expect(await edited(long(10_000))).toContain('[1,2]');
    expect(notices).toEqual(['not formatted: prettier is left out of files with more than 10,000 lines']);
  });
});
