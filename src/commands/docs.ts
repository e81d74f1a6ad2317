import { basename, join } from 'node:path';
import type { ArrearsInput } from '../docs/arrears.ts';
import type { TablePlace } from '../docs/domains.ts';
import type { ProjectFacts } from '../docs/facts.ts';
import { renderGuide } from '../docs/guide.ts';
import { indexMigrations, type MigrationsIndex, renderIndex } from '../docs/migrations-index.ts';
import { moduleReadmes, renderHistory } from '../docs/module-history.ts';
import { type Page, pageEdit, type PageEdit, pageStart, type Staleness } from '../docs/pages.ts';
import { isRecordName, readRecord, type RecordFacts } from '../docs/record-facts.ts';
import { renderSchema } from '../docs/schema-page.ts';
import { docsTemplate } from '../docs/templates.ts';
import { openProject } from '../orm/open.ts';
import type { Documented } from '../orm/documented.ts';
import type { OrmProject } from '../orm/orm.ts';
import type { Notice } from '../plan/change.ts';
import { filesIn, readmesBelow, skillFolders, tableplanPlopfile, textOrNull } from '../project/doc-files.ts';
import { formatNewFile } from '../project/format.ts';
import { isFolder } from '../project/folders.ts';
import type { ProjectBase } from '../project/locate.ts';
import { execCommand } from '../project/package-manager.ts';
import { readPackageJson } from '../project/scripts.ts';
import { readSettings, type Settings } from '../project/settings.ts';
import { fillRecord, recordFileName } from '../record/record.ts';
import { readRecordTemplate } from '../record/template.ts';
import { type StartedProject, startProject } from '../start.ts';
import { posixRelative } from '../workspace/diff.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { inWorkspace } from '../workspace/session.ts';

export interface DocsOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Write nothing; the outcome says what is not up to date. */
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Write records for migrations that have none. */
  readonly backfill: boolean;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface DocsOutcome {
  readonly status: 'no_changes' | 'done' | 'dry-run' | 'stale';
  readonly project: ProjectBase;
  readonly edits: readonly FileEdit[];
  /** Why each of `edits` is to be, in the same order. */
  readonly why: readonly Staleness[];
  readonly notices: readonly Notice[];
}

/** Where records and documents lie, relative to the project. */
const RECORDS = 'docs/migrations';
const SKILL = 'tableplan-migrations';

/**
 * `tableplan docs`: the index of migrations, the diagram of the schema, the guide, the skill, and the histories in the
 * READMEs of modules, in one flush. What people wrote outside the marked parts stays byte for byte. Needs no database.
 * Throws TableplanError (`docs-damaged` for markers that do not match); nothing was written then.
 */
export async function runDocsCommand(options: DocsOptions): Promise<DocsOutcome> {
  const isDry = options.dryRun || options.check;
  const started = await startProject(options.cwd, { config: options.config, keep: !isDry });
  options.signal?.addEventListener('abort', () => void started.stop());
  const { project } = started;
  const { say, signal } = options;
  const workspace = { root: project.root, repoRoot: project.repoRoot, dryRun: isDry, say, signal };
  try {
    return await inWorkspace(workspace, async (flush) => {
      const { changes, notices } = await draftDocs(started, options);
      const all = [...notices, ...changes.flatMap((change) => change.notices)];
      const outcome = {
        project,
        edits: changes.map(({ edit }) => edit),
        why: changes.map(({ why }) => why),
        notices: all,
      };
      if (changes.length === 0) return { ...outcome, status: 'no_changes' };
      if (options.check) return { ...outcome, status: 'stale' };
      if (options.dryRun) return { ...outcome, status: 'dry-run' };
      signal?.throwIfAborted();
      await flush(outcome.edits);
      return { ...outcome, status: 'done' };
    });
  } finally {
    await started.stop();
  }
}

interface Opened {
  readonly project: ProjectBase;
  readonly settings: Settings;
  readonly orm: OrmProject;
  readonly documented: Documented;
  /** A path as the documents show it. */
  readonly shown: (path: string) => string;
}

async function draftDocs(
  started: StartedProject,
  options: DocsOptions,
): Promise<{ changes: PageEdit[]; notices: readonly Notice[] }> {
  const { project } = started;
  const { root } = project;
  const settings = await readSettings(root);
  const keep = !options.dryRun && !options.check;
  const orm = await openProject(started, {
    settings,
    rehearse: false,
    keep,
    engine: 'pglite',
    signal: options.signal,
  });
  try {
    const documented = await orm.documented();
    const opened = { project, settings, orm, documented, shown: (path: string) => posixRelative(root, path) };
    const existing = await readRecords(root);
    const arrears = options.backfill
      ? await backfill(opened, indexMigrations(documented.migrations, existing))
      : { edits: [], notices: [] };
    const written = arrears.edits.map(({ path, after }) => readRecord(basename(path), after));
    const index = indexMigrations(documented.migrations, [...existing, ...written]);
    const pages = await allPages(started.orm, opened, index);
    const changes = await Promise.all(
      pages.map(async (page) => pageEdit(page, await textOrNull(page.path), opened.shown(page.path))),
    );
    return {
      changes: [
        ...arrears.edits.map((edit) => ({ edit, why: 'missing' as const, notices: [] })),
        ...changes.filter((change) => change !== undefined),
      ],
      notices: [...orm.notices, ...arrears.notices],
    };
  } finally {
    await orm.close();
  }
}

async function readRecords(root: string): Promise<RecordFacts[]> {
  const names = (await filesIn(join(root, RECORDS))).filter(isRecordName);
  return Promise.all(
    names.map(async (name) => readRecord(name, (await textOrNull(join(root, RECORDS, name))) ?? '')),
  );
}

type NewFile = FileEdit & { readonly after: string };

/** Records for the migrations that have none. */
async function backfill(
  { project, orm, documented, shown }: Opened,
  { rows }: MigrationsIndex,
): Promise<{ edits: NewFile[]; notices: Notice[] }> {
  const missing = rows.filter(({ records }) => records.length === 0).map(({ migration }) => migration);
  if (missing.length === 0) return { edits: [], notices: [] };
  const { root } = project;
  const [scripts, template, { recordInArrears }] = await Promise.all([
    documented.scripts(missing.map(({ tag }) => tag)),
    readRecordTemplate(root),
    import('../docs/arrears.ts'),
    import('../postgres/sql.ts').then(({ loadSqlParser }) => loadSqlParser()),
  ]);
  const edits = await Promise.all(
    missing.map(async (migration) => {
      const script = scripts.get(migration.tag);
      if (!script) return undefined;
      const { number = '', name, tag, file } = migration;
      const path = join(root, RECORDS, recordFileName(number, name).replace('--', '-'));
      const input: ArrearsInput = {
        generator: orm.words.generator,
        migration,
        script,
        file: file === undefined ? tag : shown(file),
        downFile: script.downFile && shown(script.downFile),
        recordPath: shown(path),
      };
      const text = fillRecord(recordInArrears(input), template);
      return { path, before: null, after: await formatNewFile(text, path, { root, always: true }) };
    }),
  );
  return {
    edits: edits.filter((edit) => edit !== undefined),
    notices: missing
      .filter(({ tag }) => !scripts.has(tag))
      .map(({ tag }) => ({
        severity: 'warning',
        rule: 'no-record',
        message: `${tag} cannot be read: it gets no record`,
      })),
  };
}

async function allPages(
  kind: StartedProject['orm'],
  opened: Opened,
  index: MigrationsIndex,
): Promise<Page[]> {
  const { project, orm, documented, shown } = opened;
  const { root } = project;
  const places: TablePlace[] = documented.tables.map((table) => ({ ...table, file: shown(table.file) }));
  const facts = await factsOf(kind, opened);
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
    ...moduleReadmes(await readmesBelow(root), orm.before.tables, places).flatMap((readme) => {
      const content = renderHistory(readme, { rows: index.rows, records: RECORDS }, historyText!);
      return content === undefined
        ? []
        : [{ path: join(root, readme.path), part: 'history', content, start: '' }];
    }),
  ];
  return Promise.all(
    pages.map(async (page) => ({
      ...page,
      content: (await formatted(page.content, page.path, root)).replaceAll('\r\n', '\n'),
      start: page.start === '' ? '' : await formatted(page.start, page.path, root),
    })),
  );
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

async function factsOf(kind: StartedProject['orm'], opened: Opened): Promise<ProjectFacts> {
  const { project, settings, orm, documented, shown } = opened;
  const { root, repoRoot, packageManager, migrateScript } = project;
  const newest = documented.migrations.at(-1)?.file;
  const { rollbackFolder, config } = documented;
  return {
    orm: kind,
    folder: posixRelative(repoRoot, root),
    packageManager,
    config: config && shown(config),
    entries: documented.entries.map(shown),
    schemaFiles: [...new Set(documented.tables.map(({ file }) => shown(file)))],
    migrationsFolder: shown(documented.migrationsFolder),
    rollbackFolder: rollbackFolder && shown(rollbackFolder),
    rollbackExists: rollbackFolder !== undefined && (await isFolder(rollbackFolder)),
    newest: newest && basename(newest),
    bookkeeping: documented.bookkeeping,
    scripts: (await readPackageJson(root))?.scripts ?? {},
    plopfile: await tableplanPlopfile(root),
    tsconfig: project.tsconfigPath !== undefined,
    lockTimeout: settings.lockTimeout,
    enforce: settings.safety === 'enforce',
    postgresVersion: settings.postgresVersion,
    migrate: migrateScript
      ? project.run(migrateScript.name)
      : orm.words.migrate.replace(/^npx /, execCommand(packageManager, '')),
  };
}
