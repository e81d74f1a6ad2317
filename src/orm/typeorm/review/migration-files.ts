import { dirname } from 'node:path';
import { readRegularText } from '../../../read-regular-file.ts';
import type { MigrationFile } from '../../../review/files/migration-file.ts';
import type { Finding } from '../../../review/finding.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import type { LoadedDataSource, Query, TypeormMigration } from '../child/child.ts';
import { transactionModeOf } from '../run-migration.ts';
import { type MigrationText, migrationText } from '../source/migration-text.ts';
import type { Split } from '../source/sourced-script.ts';
import { forbiddenOverride } from '../transaction-override.ts';
import type { LazyTypeorm } from './lazy.ts';
import { queriesByRunning, type RanQueries } from './queries-by-running.ts';

type Named = Pick<TypeormMigration, 'name' | 'className'> & { readonly file: string };

export interface FilesInput {
  /** Findings name files relative to it. */
  readonly cwd: string;
  /** In the order in which they run. */
  readonly migrations: readonly Named[];
  /** Where some have to be run to be known; undefined outside any project. */
  readonly lazy: LazyTypeorm | undefined;
  readonly transactionMode: LoadedDataSource['transactionMode'];
  /** Whether each is deployed by itself, or all of a folder together. */
  readonly together: boolean;
}

export interface ReviewableFiles {
  readonly files: readonly MigrationFile[];
  /** `file` is absolute. */
  readonly findings: readonly Finding[];
}

/**
 * The SQL in the way up of migrations, as files that can be judged. Constant queries are read; for a way up with anything
 * else in it the migrations are run on a disposable database. Where that does not work, what is constant in it is judged,
 * and a finding says so.
 */
export async function reviewableFiles(input: FilesInput): Promise<ReviewableFiles> {
  const { cwd, migrations, lazy, transactionMode, together } = input;
  const read = await Promise.all(
    migrations.map(async (named) => {
      const text = await readRegularText(named.file);
      return { named, text: migrationText(named.file, text, named, await splitFor(text)) };
    }),
  );
  const unknown = read.filter(({ text }) => text.written?.up.queries === undefined);
  const ran =
    unknown.length > 0
      ? await queriesByRunning(
          unknown.map(({ named }) => named.name),
          lazy,
        )
      : undefined;
  const files: MigrationFile[] = [];
  const findings: Finding[] = [];
  for (const { named, text } of read) {
    const { file: path, name } = named;
    const { written } = text;
    const known = written?.up.queries ?? ran?.queries.get(name);
    if (!known || (ran?.failed === name && !written?.up.queries)) findings.push(notRun(named, text, ran));
    const override = forbiddenOverride({ transactionMode }, { name, transaction: written?.transaction });
    if (override) findings.push(asFinding({ ...override, file: path, ...written?.place }));
    const script = text.scriptOf('up', known ?? constantsOf(text));
    files.push({
      path,
      file: posixRelative(cwd, path),
      sql: script.sql,
      batch: together ? dirname(path) : `${path} ${name}`,
      transaction: transactionModeOf({ transactionMode }, { transaction: written?.transaction }),
      inFile: (finding) => text.place(finding, script),
    });
  }
  return { files, findings };
}

/** The parser is loaded only where a comment may hold for several statements. */
async function splitFor(text: string): Promise<Split | undefined> {
  if (!/\/\/\s*tableplan:allow/.test(text)) return undefined;
  const [{ loadSqlParser }, { parseScript }] = await Promise.all([
    import('../../../postgres/sql.ts'),
    import('../../../postgres/parse-script.ts'),
  ]);
  await loadSqlParser();
  return parseScript;
}

function constantsOf({ written }: MigrationText): readonly Query[] {
  return written?.up.constants ?? [];
}

function notRun({ name, file }: Named, { written }: MigrationText, ran: RanQueries | undefined): Finding {
  const reason = ran?.reason ?? 'the data source does not have it';
  const what = ran?.failed === name ? 'What it ran up to there' : 'What stands in it as plain text';
  return asFinding({
    rule: 'unanalysable',
    severity: 'warning',
    message: `${name} has to be run to know its SQL, and could not be to its end: ${reason}. ${what} is judged alone.`,
    fix: 'Write its statements as plain queries, or see to it that the migrations before it run on an empty database.',
    file,
    ...written?.up.place,
  });
}

/** A finding about a file as a whole, unless a place is given. */
export function asFinding(
  finding: Pick<Finding, 'rule' | 'severity' | 'message'> & Partial<Finding>,
): Finding {
  return { statement: '', objects: [], line: 1, column: 1, observed: false, ...finding };
}
