import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { pageOfRehearsal } from '../../src/page/of-rehearsal.ts';
import { pageOfReview } from '../../src/page/of-review.ts';
import { pageOfRun } from '../../src/page/of-run.ts';
import { PAGE_MARK, renderPage } from '../../src/page/render.ts';
import type { PageView } from '../../src/page/view.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { reviewed, reviewProject } from '../commands/review-project.ts';
import { makeProject } from '../round-trip/project.ts';
import { chromium, look } from './browser.ts';

const PLAN = `migration_type: modify_existing
table_name: people
changes:
  rename_columns: [{ from: nick, to: handle }]
  drop_columns: [city]
  add_columns: [{ name: team, type: uuid, constraints: ['REFERENCES teams(id)'] }]
  add_indexes: [{ fields: [team] }]
---
migration_type: new_table
table_name: tags
fields: [{ name: id, type: int, constraints: [PRIMARY KEY] }]
`;

let run: PageView;
let rehearsal: PageView;
beforeAll(async () => {
  await loadSqlParser();
  const base = makeProject();
  const root = mkdtempSync(join(tmpdir(), 'tableplan page-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(root, 'plan.yaml'), PLAN);
  const outcome = await runMigrationCommand({
    cwd: root,
    words: ['plan.yaml'],
    dryRun: true,
    typecheck: false,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
  });
  run = pageOfRun(outcome)!;
  rehearsal = await pageOfRehearsal(
    await runRehearseCommand({ cwd: root, enforce: false, readTables: true }),
  );
});

describe('the page of a migration', () => {
  it('has a bar for each statement, up to where its locks are released', () => {
    const { bars, up } = run.migrations[0]!;
    expect(bars.heading).toBe('What each statement blocked in the rehearsal');
    expect(bars.rows.map(({ sql }) => sql).join('\n')).toContain('DROP COLUMN "city"');
    expect(bars.rows).toHaveLength(up.split('--> statement-breakpoint').length);
    const rename = bars.rows.find(({ sql }) => sql.includes('RENAME COLUMN'))!;
    expect(rename).toMatchObject({
      kind: 'all',
      words: ['blocks reads and writes on people (ACCESS EXCLUSIVE)'],
    });
    expect(Number(rename.left) + Number(rename.width)).toBeCloseTo(100);
    const later = bars.rows.at(-1)!;
    expect(later.words.at(-1)).toMatch(/still held|blocks writes/);
  });

  it('has the tables before and after', () => {
    const { tables } = run.migrations[0]!;
    expect(tables.map(({ before, after }) => [before?.name, after?.name])).toEqual([
      ['people', 'people'],
      [undefined, 'tags'],
    ]);
    const states = (side: 'before' | 'after') => {
      const columns = tables[0]![side]?.columns ?? [];
      return Object.fromEntries(
        columns.filter(({ state }) => state !== 'same').map(({ name, state }) => [name, state]),
      );
    };
    expect(states('before')).toEqual({ nick: 'changed', city: 'removed' });
    expect(states('after')).toEqual({ handle: 'changed', team: 'added' });
    expect(tables[0]!.after!.parts).toContainEqual({ text: 'index people_team_idx (team)', state: 'added' });
  });

  it('has findings with the lines of the file, worst first, and says that nothing was written', () => {
    const { findings, down } = run.migrations[0]!;
    expect(run.verdict).toMatchObject({ kind: 'error', text: expect.stringContaining('1 error') });
    expect(findings[0]).toMatchObject({ severity: 'error', rule: 'drop-column' });
    expect(findings[0]!.frame.filter(({ isHit }) => isHit)).toMatchObject([
      { text: expect.stringContaining('ALTER TABLE "people" DROP COLUMN "city"') },
    ]);
    expect(findings[0]!.fix?.sql).toContain('city');
    expect(findings[0]!.reason).not.toBe('');
    expect(run.facts).toContainEqual({ label: 'State', value: 'dry run: nothing was written' });
    expect(down).toContain('DROP TABLE "tags"');
  });
});

it('the page of a rehearsal reads the tables from the database', () => {
  expect(rehearsal).toMatchObject({ title: 'Rehearsal of 0000_init', verdict: { kind: expect.any(String) } });
  expect(rehearsal.migrations[0]!.tables.map(({ after }) => after?.name)).toContain('people');
  expect(rehearsal.migrations[0]!.tables.every(({ before }) => before === undefined)).toBe(true);
});

it('the page of a review has each migration, and what an earlier one makes is new to a later one', async () => {
  const root = reviewProject({
    '0000_a': 'CREATE TABLE users (id int PRIMARY KEY, email text);',
    '0001_b': 'CREATE INDEX i ON users (email);',
  });
  writeFileSync(join(root, 'drizzle/0001_b.down.sql'), 'DROP INDEX i;\n');
  const one = await pageOfReview(await reviewed(root));
  expect(one).toMatchObject({
    title: 'Review of drizzle/0001_b.sql',
    verdict: { kind: 'error' },
    migrations: [
      {
        heading: undefined,
        down: 'DROP INDEX i;',
        bars: {
          heading: 'What each statement is expected to block',
          rows: [{ kind: 'writes', words: ['blocks writes on users (SHARE)', 'scans users'] }],
        },
      },
    ],
  });
  const files = ['drizzle/0000_a.sql', 'drizzle/0001_b.sql'];
  const both = await pageOfReview(await reviewed(root, { files }));
  expect(both.migrations.map(({ bars }) => bars.rows[0]?.kind)).toEqual(['none', 'none']);
});

const HOSTILE = `</pre></style><script>document.title='x'</script><img src=//e.example/x onerror=alert(1)>" ' & {{x}} \u202e\u0007`;

/** Every text of a view with something hostile behind it. */
function hostile<View>(value: View, key = ''): View {
  if (typeof value === 'string')
    return (
      value === '' || /^(?:kind|state|severity|left|width)$/.test(key) ? value : value + HOSTILE
    ) as View;
  if (Array.isArray(value)) return value.map((each) => hostile(each)) as View;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hostile(each, name)])) as View;
}

describe('the file', () => {
  it('is one page that nothing can break out of', async () => {
    const plain = await renderPage(run);
    const text = await renderPage(hostile(run));
    expect(text.startsWith(PAGE_MARK)).toBe(true);
    const tags = (html: string): string[] =>
      html.replace(/<style>[^]*<\/style>/, '').match(/<\/?[a-z][^>]*>/g) ?? [];
    expect(tags(text)).toEqual(tags(plain));
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/[\u202e\u0007]/);
    expect(plain).not.toMatch(/\b(?:src|href|srcset|action)=|url\(|@import|https?:/);
  });
});

const where = chromium === undefined ? ' (skipped: there is no Chromium in PATH, nor at CHROME_PATH)' : '';
describe.skipIf(chromium === undefined)(`in Chromium${where}`, () => {
  const open = async (view: PageView): Promise<string> => {
    const file = join(mkdtempSync(join(tmpdir(), 'tableplan page-')), 'page.html');
    writeFileSync(file, await renderPage(view));
    return pathToFileURL(file).href;
  };
  const FACTS = `({
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    title: document.title,
    scripts: document.scripts.length,
    images: document.images.length,
    small: [...document.querySelectorAll('main *')].filter((each) =>
      each.children.length === 0 && each.textContent.trim() !== '' && parseFloat(getComputedStyle(each).fontSize) < 11).length,
    bars: [...document.querySelectorAll('.track span')].filter((each) => each.getBoundingClientRect().width > 3).length,
  })`;
  interface Facts {
    readonly tooWide: number;
    readonly paper: string;
    readonly title: string;
    readonly scripts: number;
    readonly images: number;
    readonly small: number;
    readonly bars: number;
  }

  it.each([
    [360, 'light', 'rgb(246, 247, 249)'],
    [360, 'dark', 'rgb(18, 22, 28)'],
    [1200, 'light', 'rgb(246, 247, 249)'],
    [1200, 'dark', 'rgb(18, 22, 28)'],
  ] as const)('at %i px, %s: fits, is drawn and asks nobody for anything', async (width, scheme, paper) => {
    const { value, requests, complaints } = await look<Facts>(await open(run), { width, scheme }, FACTS);
    expect(value).toMatchObject({
      tooWide: 0,
      paper,
      scripts: 0,
      small: 0,
      bars: run.migrations[0]!.bars.rows.length,
    });
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
  });

  it('hostile texts are texts, and fit on a phone', async () => {
    const url = await open(hostile(run));
    const { value, requests } = await look<Facts>(url, { width: 360, scheme: 'light' }, FACTS);
    expect(value).toMatchObject({
      tooWide: 0,
      scripts: 0,
      images: 0,
      title: expect.stringContaining('<script>'),
    });
    expect(requests).toEqual([]);
  });
});
