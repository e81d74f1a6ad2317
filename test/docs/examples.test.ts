import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMigrationCommand, splitWords } from '../../src/commands/migration.ts';
import { anchorOf } from '../../src/docs/render.ts';
import { docs } from '../commands/docs-project.ts';
import { mermaidBlocks, parsedDiagram } from './parsed-diagram.ts';

/** The documents of the examples, as they are committed: up to date, and true word by word. */
const EXAMPLES = [
  { name: 'drizzle-shop', config: undefined },
  { name: 'typeorm-shop', config: 'src/data-source.ts' },
];

describe.each(EXAMPLES)('the documents of examples/$name', ({ name, config }) => {
  const root = resolve('examples', name);
  const folder = join(root, 'docs/migrations');
  const texts = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const guides = ['README.md', 'schema.md', 'GUIDE.md', 'SKILL.md'].map((file) => texts.get(file) ?? '');
  const spans = [...new Set(guides.flatMap(codeSpans))];

  it('are up to date (else: tableplan docs --cwd examples/…)', async () => {
    expect(await docs(root, { config, check: true, backfill: true })).toMatchObject({ status: 'no_changes' });
  });

  it('name only paths that exist', () => {
    const promised = [...(texts.get('GUIDE.md') ?? '').matchAll(/`([^`]+)` \(made by the first run\)/g)].map(
      ([, path]) => path,
    );
    const paths = spans.filter((span) => /^[\w@.-]+(\/[\w@.-]+)+$/.test(span) && !promised.includes(span));
    expect(paths.length).toBeGreaterThan(5);
    const above = resolve('.');
    const missing = paths.filter((path) => !existsSync(join(root, path)) && !existsSync(join(above, path)));
    expect(missing.filter((path) => path !== 'origin/main')).toEqual([]);
  });

  it('name only commands, flags and scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const commands = spans.filter((span) => /^(npx|npm) /.test(span));
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      const [runner, tool = '', ...words] = splitWords(command);
      if (runner === 'npm') expect(scripts, command).toHaveProperty([words[0]!]);
      else if (tool !== 'tableplan') expect(existsSync(join('node_modules/.bin', tool)), command).toBe(true);
      else if (words.length > 0)
        for (const word of words.filter((each) => each.startsWith('--')))
          expect(help(words[0]!), command).toContain(word);
    }
  });

  it('name only errors, rules and keys that exist', () => {
    const sources = readdirSync('src', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.ts'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    const names = spans.filter((span) => /^[a-z]+([-_][a-z]+)+$/.test(span));
    const own = /^(created_at|updated_at|create_products_table|add_brand_id_to_products)$/;
    const unknown = names.filter((each) => !own.test(each) && !sources.includes(each));
    expect(unknown).toEqual([]);
  });

  it('link only to what is there', () => {
    for (const [file, text] of texts) {
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path = '', anchor] = target.split('#');
        if (path !== '')
          expect(existsSync(join(folder, decodeURIComponent(path))), `${file}: ${target}`).toBe(true);
        const headings = (texts.get(path === '' ? file : path) ?? '').match(/^#+ .*$/gm) ?? [];
        if (anchor !== undefined)
          expect(headings.map((line) => anchorOf(line.replace(/^#+ /, '')))).toContain(anchor);
      }
    }
  });

  it('draw what Mermaid can read', async () => {
    const [diagram] = mermaidBlocks(texts.get('schema.md') ?? '');
    expect(Object.keys((await parsedDiagram(diagram ?? '')).entities)).not.toEqual([]);
  });

  const plans = [
    ...new Set(
      guides.flatMap((text) =>
        [...text.matchAll(/```yaml\n(migration_type:[^]*?)```/g)].map(([, yaml = '']) => yaml),
      ),
    ),
  ];
  const words = spans.flatMap(
    (span) => /^npx tableplan migration ([\w]+ [\w']\S*(?: \S+)*?)(?: --.*)?$/.exec(span)?.[1] ?? [],
  );

  it('show plans and words', () => {
    expect(plans.length).toBe(2);
    expect(words.length).toBeGreaterThan(3);
  });

  it.each([
    ...plans,
    ...new Set(config === undefined ? words : words.filter((each) => /Create|Add/.test(each))),
  ])('show what the project accepts: %s', async (plan) => {
    const file = join(mkdtempSync(join(tmpdir(), 'tableplan plan-')), 'plan.yaml');
    const isYaml = plan.includes('\n');
    if (isYaml) writeFileSync(file, plan);
    const outcome = await runMigrationCommand({
      cwd: root,
      config,
      words: isYaml ? [file] : splitWords(plan).map((word) => word.replaceAll("'", '')),
      dryRun: true,
      typecheck: false,
      tests: false,
      rehearse: false,
      enforce: false,
      say: () => undefined,
    });
    expect(outcome.status).toBe('dry-run');
  });
});

function codeSpans(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span.replaceAll('\\|', '|'));
}

const known = new Map<string, string>();

function help(command: string): string {
  const found =
    known.get(command) ??
    execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', command, '--help'], {
      encoding: 'utf8',
    });
  known.set(command, found);
  return found;
}
