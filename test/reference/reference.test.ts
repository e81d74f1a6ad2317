import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { optionsPage } from './options-page.ts';
import { rulesPage } from './rules-page.ts';

// `npx vitest run --project unit test/reference -u` writes the two pages anew.

it('docs/reference/rules.md shows every rule as it is', async () => {
  await expect(await rulesPage()).toMatchFileSnapshot(resolve('docs/reference/rules.md'));
});

it('docs/reference/options.md shows every option as --help does', async () => {
  await expect(optionsPage()).toMatchFileSnapshot(resolve('docs/reference/options.md'));
});

const PAGES = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
];

it.each(PAGES.filter((path) => path.endsWith('.md')))('%s links to pages and headings that exist', (page) => {
  const text = readFileSync(page, 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    const [path = '', heading] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(file), `${page}: ${target}`).toBe(true);
    if (heading === undefined) continue;
    expect(headingsOf(file), `${page}: ${target}`).toContain(heading);
  }
});

it('README.md fits on a page', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(150);
});

/** As GitHub makes anchors of them. */
function headingsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
