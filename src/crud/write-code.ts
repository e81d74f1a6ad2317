import { TableplanError } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import { displayName, findTable, type ObjectName } from '../plan/database-schema.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import { installCommand } from '../project/package-manager.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { readIfThere } from '../workspace/read-text.ts';
import type { NamedApplication } from './applications.ts';
import { buildDomain, type DomainWishes, wishesOf } from './build-domain.ts';
import type { CodeInput, HandWork, WriteCode } from './code.ts';
import type { CrudProject } from './crud-project.ts';
import type { CrudDomain } from './domain.ts';
import { domainNotices } from './domain-notices.ts';
import { formatGenerated } from './format-generated.ts';
import { mergeImports } from './merge-imports.ts';
import { readCrudProject } from './read-project.ts';
import type { PackageNeed, StackFile, StackPlan } from './stack.ts';
import { type AskStack, chooseStack, writableFrameworks } from './stacks/choose.ts';
import { loadTemplates, type RenderTemplate } from './templates.ts';

export interface CodeWishes {
  /** The stack by its name, instead of the one that the project shows. */
  readonly stack: string | undefined;
  /** The folder of the application that the code is for, where several use the schema. */
  readonly app?: NamedApplication | undefined;
  /** Asks a person where the project shows several; undefined where nobody can be asked. */
  readonly askStack?: AskStack | undefined;
  /** Generated files that somebody has edited are rewritten. */
  readonly force: boolean;
  /** Tables that are there already, by name: with what the command asks for. */
  readonly tables: () => readonly ObjectName[];
  /** What the command asks for beyond the plan. */
  readonly authentication: DomainWishes['authentication'];
}

/**
 * The code of a plan's new tables, or of tables that are there: files of a stack and the edits that wire them in. Nothing
 * is written here. Throws `code-conflict` where a file to be generated is there and says something else, and what
 * `buildDomain`, `chooseStack` and the stack throw.
 */
export function codeWriter(wishes: CodeWishes): WriteCode {
  return async (input) => {
    await loadSqlParser();
    const project = await readCrudProject(
      { ...input, location: input.project },
      {
        named: wishes.app,
        writable: writableFrameworks(input.orm, wishes.stack),
        ask: wishes.askStack,
      },
    );
    const stack = await chooseStack(project, { name: wishes.stack, ask: wishes.askStack });
    const render = await loadTemplates(stack.folders);
    const domains = domainsOf(input, project, wishes);
    const writing: Writing = {
      input,
      project,
      render,
      wishes,
      texts: new Map(),
      made: new Map(),
      shared: new Set(),
      kept: [],
      byHand: [],
    };
    const needs: PackageNeed[] = [];
    const told: Notice[] = [];
    for (const domain of domains) {
      const plan = stack.plan(domain, project);
      needs.push(...plan.needs);
      told.push(...plan.notices);
      for (const file of plan.files) await generate(writing, { domain, plan, file });
      const failed = new Set<string>();
      for (const edit of plan.wiring) await wire(writing, edit, failed);
    }
    const edits = editsOf(writing);
    refuseConflicts(writing, edits);
    return {
      stack: stack.name,
      application: project.application,
      domains: domains.map(({ table: { schema, name } }) => ({ schema, name })),
      edits,
      shared: [...writing.shared],
      notices: [
        ...runnerNotices(project, stack.framework),
        ...told,
        ...domains.flatMap((domain) => domainNotices(domain, { input, project })),
        ...writing.kept.map(keptNotice(project)),
      ],
      byHand: writing.byHand,
      install: installs(needs, project),
    };
  };
}

/** What becomes of the project's files, by absolute path. */
interface Writing {
  readonly input: CodeInput;
  readonly project: CrudProject;
  readonly render: RenderTemplate;
  readonly wishes: CodeWishes;
  /** Before and after, of files that are edited. */
  readonly texts: Map<string, { readonly before: string | null; after: string }>;
  /** Generated files. */
  readonly made: Map<string, { readonly before: string | null; readonly after: string }>;
  readonly shared: Set<string>;
  /** Shared files that are there already, and not as they would be made now. */
  readonly kept: string[];
  readonly byHand: HandWork[];
}

function domainsOf(input: CodeInput, project: CrudProject, wishes: CodeWishes): readonly CrudDomain[] {
  const { documents } = input.plan.plan;
  const made = documents.filter((document) => 'fields' in document);
  // Words for a table that is there by now are a plan that changes it.
  const changed = documents.filter((document) => document.migration_type === 'modify_existing');
  const planned = (made.length > 0 ? made : changed).map((document) => ({
    name: { schema: document.schema ?? 'public', name: document.table_name },
    wishes: document.migration_type === 'new_domain' ? wishesOf(document) : {},
  }));
  const asked = [...planned, ...wishes.tables().map((name) => ({ name, wishes: {} }))];
  if (asked.length === 0)
    throw new TableplanError('usage', 'The plan creates no table, so there is nothing to scaffold.', {
      hint: 'Give a plan of the kind new_domain, or the name of a table that is there; for other changes take `tableplan migration`.',
    });
  return asked.map((each) =>
    domainOf({ input, project }, each.name, { ...each.wishes, ...authenticationOf(each.wishes, wishes) }),
  );
}

function authenticationOf(
  own: DomainWishes,
  { authentication }: CodeWishes,
): Pick<DomainWishes, 'authentication'> {
  return { authentication: authentication ?? own.authentication };
}

function domainOf(
  { input, project }: Pick<Writing, 'input' | 'project'>,
  name: ObjectName,
  wishes: DomainWishes,
): CrudDomain {
  const table = findTable(input.schema, name);
  if (table === undefined)
    throw new TableplanError('crud-not-possible', `There is no table ${displayName(name)}.`, {
      hint: 'Name a table of the schema, or give a plan that makes one.',
    });
  const { describe, schema, orm } = input;
  return buildDomain({ table, describe, schema, orm, wishes, sources: [...project.sources.values()] });
}

interface Generating {
  readonly domain: CrudDomain;
  readonly plan: StackPlan;
  readonly file: StackFile;
}

async function generate(writing: Writing, { domain, plan, file }: Generating): Promise<void> {
  const { project, render } = writing;
  if (writing.made.has(file.path)) return;
  refuseOutside(project, file.path);
  const before = await readIfThere(file.path);
  const { path, variable } = domain.table;
  const table = project.specifier(file.path, path, variable);
  const specifiers = Object.fromEntries(
    [...plan.files.map((each) => [each.id, each.path] as const), ...Object.entries(plan.targets)].map(
      ([id, path]) => [id, project.specifier(file.path, path)],
    ),
  );
  const view = { domain, project, ...plan.view, ...file.view, specifiers: { ...specifiers, table } };
  const text = mergeImports(render(file.template, view));
  const written = await formatGenerated(text, file.path, project);
  // What differs in its layout alone is what it was: the project may write in several ways.
  const isSame =
    before !== null && before !== written && (await formatGenerated(before, file.path, project)) === written;
  const after = isSame ? before : written;
  if (before !== null && file.isShared) {
    if (before !== after && !writing.kept.includes(file.path)) writing.kept.push(file.path);
    return;
  }
  if (file.isShared) writing.shared.add(file.path);
  writing.made.set(file.path, { before, after });
}

/** Paths come from names of the plan and folders of the project; a template of the project's own may say anything. */
function refuseOutside({ location }: CrudProject, path: string): void {
  const shown = posixRelative(location.repoRoot, path);
  if (!shown.startsWith('../') && !shown.startsWith('/')) return;
  throw new TableplanError(
    'config-invalid',
    `The stack would write ${path}, which lies outside the project.`,
    {
      hint: `Everything has to lie in ${location.repoRoot}.`,
    },
  );
}

async function wire(writing: Writing, edit: StackPlan['wiring'][number], failed: Set<string>): Promise<void> {
  const { path, what, paste, group = '' } = edit;
  const known = path === undefined ? undefined : (writing.texts.get(path) ?? (await textOf(writing, path)));
  const after = known?.after === undefined || failed.has(group) ? undefined : edit.edit(known.after);
  if (path === undefined || known === undefined || after === undefined) {
    if (group !== '') failed.add(group);
    writing.byHand.push({ what, paste });
  } else if (after !== known.after) writing.texts.set(path, { before: known.before, after });
}

/** The text that an edit starts from: what the migration has staged, else what lies on disk. */
async function textOf(
  { input, made }: Writing,
  path: string,
): Promise<{ before: string | null; after: string } | undefined> {
  const staged = input.edits.find((edit) => edit.path === path)?.after ?? undefined;
  const generated = made.get(path);
  const text = staged ?? generated?.after ?? (await readIfThere(path));
  return text === null ? undefined : { before: generated ? generated.before : text, after: text };
}

function editsOf({ made, texts }: Writing): readonly FileEdit[] {
  const edits = [...made, ...texts].map(([path, { before, after }]) => ({ path, before, after }));
  return edits.filter(({ before, after }) => before !== after);
}

/** A file that is there and says something else was written or edited by somebody. */
function refuseConflicts({ made, project, wishes }: Writing, edits: readonly FileEdit[]): void {
  if (wishes.force) return;
  const conflicts = edits.filter(({ path, before }) => before !== null && made.has(path));
  if (conflicts.length === 0) return;
  const paths = conflicts.map(({ path }) => posixRelative(project.location.root, path));
  throw new TableplanError(
    'code-conflict',
    `${paths.join(', ')}: ${paths.length === 1 ? 'is' : 'are'} there already, and not as generated.`,
    {
      frame: unifiedDiff(conflicts, project.location.root),
      hint: 'Nothing was written. --force writes them as shown; what stands in them by hand is lost then.',
    },
  );
}

function installs(
  needs: readonly PackageNeed[],
  { packages, location, root }: CrudProject,
): readonly string[] {
  const missing = needs.filter(({ name }) => !packages.has(name));
  const names = (isDev: boolean): string =>
    [...new Set(missing.filter((need) => need.isDev === isDev).map(({ name }) => name))].join(' ');
  const between = posixRelative(location.root, root);
  const there = between === '' ? '' : `cd ${between} && `;
  const dev = installCommand(location.packageManager);
  return [
    ...(names(false) === '' ? [] : [`${there}${dev.replace(/ -D$/, '')} ${names(false)}`]),
    ...(names(true) === '' ? [] : [`${there}${dev} ${names(true)}`]),
  ];
}

/** PGlite loads its parts by import(), which jest 30.5 gives only under a flag; Nest's tests in CommonJS do without. */
function runnerNotices({ testRunner, isEsm }: CrudProject, framework: string): Notice[] {
  if (testRunner !== 'jest' || (framework === 'nestjs' && !isEsm)) return [];
  const message = 'PGlite needs import(): jest has it with NODE_OPTIONS=--experimental-vm-modules';
  return [{ severity: 'info', rule: 'jest-vm-modules', message }];
}

function keptNotice({ location: { root } }: CrudProject): (path: string) => Notice {
  return (path) => ({
    severity: 'info',
    rule: 'shared-file-kept',
    message: `${posixRelative(root, path)} is shared and stays as it is; it differs from what would be generated now`,
  });
}
