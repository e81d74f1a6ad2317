import type { CodeDraft } from '../crud/code.ts';
import { openProject } from '../orm/open.ts';
import type { OrmMigration } from '../orm/orm.ts';
import type { Notice } from '../plan/change.ts';
import { deriveMigrationName } from '../plan/migration-name.ts';
import { withTableNames } from '../plan/table-names.ts';
import { formatEdit, type FormatOptions, warmFormatter } from '../project/format.ts';
import { readSettings, type Settings } from '../project/settings.ts';
import { shownPaths } from '../project/shown-paths.ts';
import { noticesWithLevels } from '../review/rule-levels.ts';
import type { StartedProject } from '../start.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { proveAndRecord } from './prove-and-record.ts';
import type { AnyRequest, Drafted, Opened } from './types.ts';

export async function draftMigration(request: AnyRequest, started: StartedProject): Promise<Drafted> {
  const { project } = started;
  const settings = await readSettings(project.root);
  const { rehearse, engine, repairSnapshots } = request;
  const orm = await openProject(started, {
    settings,
    rehearse,
    engine,
    repairSnapshots,
    keep: !request.dryRun,
    signal: request.signal,
  });
  try {
    return await draftWith(request, { project, settings, orm, ormName: started.orm });
  } catch (error) {
    await orm.close();
    throw error;
  }
}

/** Schema and code as one list; code may go on editing a file of the schema. */
function withCode(edits: readonly FileEdit[], code: CodeDraft | undefined): readonly FileEdit[] {
  if (code === undefined) return edits;
  const staged = new Map(edits.map((edit) => [edit.path, edit]));
  const further = code.edits.map((edit) => ({
    ...edit,
    before: staged.get(edit.path)?.before ?? edit.before,
  }));
  const paths = new Set(further.map(({ path }) => path));
  return [...edits.filter(({ path }) => !paths.has(path)), ...further];
}

async function draftWith(request: AnyRequest, opened: Opened): Promise<Drafted> {
  const { project, settings, orm } = opened;
  const { before, tableNames } = orm;
  const written = await request.plan(before, () => orm.earlier(), tableNames);
  const plan = withTableNames(written, before, tableNames);
  const { changes, notices: resolving, schema } = await orm.resolve(plan);
  const shown = shownPaths(project);
  const told = noticesWithLevels(shown([...plan.notices, ...resolving, ...orm.notices]), settings.rules);
  const edited = orm.edit(changes);
  const inCode = await request.code?.({
    ...opened,
    ...orm.places,
    ...edited,
    orm: opened.ormName,
    plan,
    schema,
  });
  const ofCode = noticesWithLevels(shown(inCode?.notices ?? []), settings.rules);
  const code = inCode && { ...inCode, notices: ofCode.notices };
  const unformatted = new Map<string, Notice>();
  const options: FormatOptions = {
    root: project.root,
    report: (notice) => void unformatted.set(notice.message, notice),
  };
  if (changes.length === 0) {
    await orm.close();
    const { repairs } = orm;
    if (code === undefined || code.edits.length + code.byHand.length === 0)
      return { status: 'no_changes', project, plan, notices: told.notices, repairs };
    const edits = await formattedEdits(code.edits, code, options);
    const ofFormat = noticesWithLevels(shown([...unformatted.values()]), settings.rules);
    return {
      status: 'code',
      state: 'done',
      project,
      plan,
      notices: [...told.notices, ...ofFormat.notices],
      code: { ...code, edits: [...repairs, ...edits] },
      verification: undefined,
    };
  }
  // What a formatter moves is the same to the ORM, which need not wait for it.
  const formatting = formattedEdits(withCode(edited.edits, code), code, options);

  const name = deriveMigrationName(plan.plan);
  // The ORM works in its own process: what the record needs is loaded meanwhile.
  const writing = import('../record/draft.ts');
  writing.catch(() => undefined);
  void warmFormatter(project.root);
  const generated = await orm.generate({ plan, changes, after: schema, edits: edited.edits, name });
  const edits = await formatting;
  const ofEdits = noticesWithLevels(
    shown([...edited.notices, ...generated.notices, ...unformatted.values()]),
    settings.rules,
  );
  return proveAndRecord({
    ...opened,
    request,
    plan,
    name,
    changes,
    notices: [...told.notices, ...ofEdits.notices],
    errors: [...told.findings, ...ofCode.findings, ...ofEdits.findings],
    edits,
    code,
    migration: await withLockTimeout(await withGuards(generated, settings), settings.lockTimeout),
    record: writing,
  });
}

/** Statements that may run twice, where the settings ask for them (`idempotent-ddl`); up and down. */
async function withGuards(migration: OrmMigration, { optIn }: Settings): Promise<OrmMigration> {
  if (!optIn?.includes('idempotent-ddl')) return migration;
  const { guardedStatements } = await import('../review/guarded-statements.ts');
  const [statements, down] = await Promise.all([
    guardedStatements(migration.statements),
    guardedStatements(migration.down),
  ]);
  return migration.rewritten({
    statements,
    down,
    byHand: ['IF [NOT] EXISTS where a statement can take it (`idempotent-ddl` of package.json)'],
  });
}

/** A lock_timeout before the first statement, as the settings ask for it (`2s`, checked there); up and down. */
async function withLockTimeout(migration: OrmMigration, timeout: string | undefined): Promise<OrmMigration> {
  if (timeout === undefined) return migration;
  // Migrators run migrations in a transaction, with which LOCAL ends.
  const statement = `SET LOCAL lock_timeout = '${timeout}';`;
  return migration.rewritten({
    statements: [statement, ...migration.statements],
    down: [statement, ...migration.down],
    byHand: [`${statement} (the setting lockTimeout of package.json)`],
  });
}

/** Schema and code as the project's formatters write them; new files of the code are so already. */
function formattedEdits(
  edits: readonly FileEdit[],
  code: CodeDraft | undefined,
  options: FormatOptions,
): Promise<FileEdit[]> {
  const written = new Set(code?.edits.filter(({ before }) => before === null).map(({ path }) => path));
  return Promise.all(edits.map((edit) => (written.has(edit.path) ? edit : formatEdit(edit, options))));
}
