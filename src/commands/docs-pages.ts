import { join } from 'node:path';
import type { TablePlace } from '../docs/domains.ts';
import type { ProjectFacts } from '../docs/facts.ts';
import { renderGuide } from '../docs/guide.ts';
import { type MigrationsIndex, renderIndex } from '../docs/migrations-index.ts';
import { moduleReadmes, renderHistory } from '../docs/module-history.ts';
import { type Page, pageStart } from '../docs/pages.ts';
import { renderSchema } from '../docs/schema-page.ts';
import { docsTemplate } from '../docs/templates.ts';
import { readmesBelow, skillFolders, textOrNull } from '../project/doc-files.ts';
import { formatNewFile } from '../project/format.ts';
import type { ProjectBase } from '../project/project.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { type DocsContext, RECORDS } from './docs-context.ts';

const SKILL = 'tableplan-migrations';

/** Every document of a project, its generated part formatted as the project formats Markdown. */
export async function allPages(
  opened: DocsContext,
  facts: ProjectFacts,
  index: MigrationsIndex,
): Promise<Page[]> {
  const { project, orm, documented, shown } = opened;
  const { root } = project;
  const places: TablePlace[] = documented.tables.map((table) => ({ ...table, file: shown(table.file) }));
  const [indexText, schemaText, guideText, skillText, historyText] = await Promise.all(
    (['index', 'schema', 'guide', 'skill', 'history'] as const).map(docsTemplate),
  );
  const newest = documented.migrations.at(-1)?.tag;
  const skill = renderGuide(facts, orm.before, skillText!);
  const at = (name: string): string => join(root, RECORDS, name);
  const start = (part: 'index' | 'schema' | 'guide' | 'skill'): string => pageStart(part, facts, SKILL);
  const pages: Page[] = [
    { path: at('README.md'), part: 'index', content: renderIndex(index, indexText!), start: start('index') },
    {
      path: at('schema.md'),
      part: 'schema',
      content: renderSchema(orm.before, { places, newest }, schemaText!),
      start: start('schema'),
    },
    {
      path: at('GUIDE.md'),
      part: 'guide',
      content: renderGuide(facts, orm.before, guideText!),
      start: start('guide'),
    },
    ...(await skillPaths(project)).map(({ path, name }) => ({
      path,
      part: 'skill',
      content: skill,
      start: pageStart('skill', facts, name),
    })),
    ...(await historyPages(opened, places, index, historyText!)),
  ];
  return Promise.all(
    pages.map(async (page) => ({
      ...page,
      content: (await formatted(page.content, page.path, root)).replaceAll('\r\n', '\n'),
      start: page.start === '' ? '' : await formatted(page.start, page.path, root),
    })),
  );
}

/** A README without a record of its tables gets no part; one that has it already keeps it, up to date. */
async function historyPages(
  { project, orm }: DocsContext,
  places: readonly TablePlace[],
  { rows }: MigrationsIndex,
  template: string,
): Promise<Page[]> {
  const readmes = moduleReadmes(await readmesBelow(project.root), orm.before.tables, places);
  const pages = await Promise.all(
    readmes.map(async (readme) => {
      const path = join(project.root, readme.path);
      const { content, count } = renderHistory(readme, { rows, records: RECORDS }, template);
      const hasPart = (await textOrNull(path))?.includes('tableplan:begin history') ?? false;
      return count > 0 || hasPart ? { path, part: 'history', content, start: '' } : undefined;
    }),
  );
  return pages.filter((page) => page !== undefined);
}

function formatted(text: string, path: string, root: string): Promise<string> {
  return formatNewFile(text, path, { root, always: true });
}

/**
 * A folder of its own in every skills folder that there is; beside the guide where there is none, and where an earlier run
 * has put it. In a repository of several packages the name says which one is meant.
 */
async function skillPaths(project: ProjectBase): Promise<{ path: string; name: string }[]> {
  const { root, repoRoot } = project;
  const own = posixRelative(repoRoot, root)
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
  const folders = (await skillFolders(project)).map((folder) => {
    const name = folder.startsWith(join(root, '.')) || own === '' ? SKILL : `${SKILL}-${own}`;
    return { path: join(folder, name, 'SKILL.md'), name };
  });
  const beside = join(root, RECORDS, 'SKILL.md');
  const isBeside = folders.length === 0 || (await textOrNull(beside)) !== null;
  return isBeside ? [{ path: beside, name: SKILL }, ...folders] : folders;
}
