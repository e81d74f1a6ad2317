import { join } from 'node:path';
import type { BackfillInput } from '../docs/backfilled-record.ts';
import type { MigrationsIndex } from '../docs/migrations-index.ts';
import type { Notice } from '../plan/change.ts';
import { addedBy } from '../workspace/git.ts';
import { formatNewFile } from '../project/format.ts';
import { fillRecord, recordFileName } from '../record/record.ts';
import { readRecordTemplate, recordTemplateNotices } from '../record/template.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { type DocsContext, RECORDS } from './docs-context.ts';

type NewFile = FileEdit & { readonly after: string };

/** Records for the migrations that have none, and notices for those whose SQL cannot be read. */
export async function backfill(
  { project, orm, documented, shown }: DocsContext,
  { rows }: MigrationsIndex,
): Promise<{ edits: NewFile[]; notices: Notice[] }> {
  const missing = rows.filter(({ records }) => records.length === 0).map(({ migration }) => migration);
  if (missing.length === 0) return { edits: [], notices: [] };
  const { root } = project;
  const [scripts, template, { backfilledRecord }] = await Promise.all([
    documented.scripts(missing.map(({ tag }) => tag)),
    readRecordTemplate(root),
    import('../docs/backfilled-record.ts'),
    import('../postgres/sql.ts').then(({ loadSqlParser }) => loadSqlParser()),
  ]);
  const edits = await Promise.all(
    missing.map(async (migration) => {
      const script = scripts.get(migration.tag);
      if (!script) return undefined;
      const { number = '', name, tag, file } = migration;
      const path = join(root, RECORDS, recordFileName(number, name).replace('--', '-'));
      const input: BackfillInput = {
        generator: orm.words.generator,
        migration,
        script,
        file: file === undefined ? tag : shown(file),
        downFile: script.downFile && shown(script.downFile),
        author: file === undefined ? undefined : await authorOf(file),
      };
      const text = fillRecord(backfilledRecord(input), template);
      return { path, before: null, after: await formatNewFile(text, path, { root, always: true }) };
    }),
  );
  return {
    edits: edits.filter((edit) => edit !== undefined),
    notices: [
      ...(await recordTemplateNotices(root)),
      ...missing
        .filter(({ tag }) => !scripts.has(tag))
        .map(
          ({ tag }) =>
            ({
              severity: 'warning',
              rule: 'no-record',
              message: `${tag} cannot be read: it gets no record`,
            }) as const,
        ),
    ],
  };
}

/** `Kim, 2026-02-14`: who committed a migration. */
async function authorOf(file: string): Promise<string | undefined> {
  const added = await addedBy(file);
  return added && `${added.name}, ${added.date}`;
}
