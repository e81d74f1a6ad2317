import type { CodeWishes } from '../crud/write-code.ts';
import type { CodeOutcome, RunOutcome } from '../pipeline/types.ts';
import type { DatabaseSchema, ObjectName } from '../plan/database-schema.ts';
import { NO_PLAN } from '../plan/parse.ts';
import { type TableNames, withAffixes } from '../plan/table-names.ts';
import { type MigrationOptions, runMigrationCommand } from './migration.ts';

export interface CrudOptions extends Omit<MigrationOptions, 'interview'> {
  readonly interview?:
    | (NonNullable<MigrationOptions['interview']> & {
        /** Tables that are there, chosen in the conversation. */
        readonly existing: readonly ObjectName[];
        readonly confirmCode: (drafted: CodeOutcome) => Promise<boolean>;
        readonly askStack?: CodeWishes['askStack'];
        /** Who may use the routes, chosen in the conversation. */
        readonly authentication?: CodeWishes['authentication'];
      })
    | undefined;
  /** The stack by its name, instead of the one that the project shows. */
  readonly stack?: string | undefined;
  /** The folder of the application that the code is for, where several use the schema. */
  readonly app?: string | undefined;
  /** Instead of the plan's. */
  readonly authentication?: CodeWishes['authentication'];
  /** Write generated files anew that somebody has edited. */
  readonly force: boolean;
}

/**
 * `tableplan crud [plan.yaml | words… | table]`: the migration of a new domain, and the code that uses its table, in one
 * go; for a table that is there, the code alone. Throws TableplanError; nothing was changed then.
 */
export async function runCrudCommand(options: CrudOptions): Promise<RunOutcome> {
  const { stack, app, authentication, force, ...migration } = options;
  const { interview } = migration;
  const { codeWriter } = await import('../crud/write-code.ts');
  const tables: ObjectName[] = [];
  return runMigrationCommand({
    ...migration,
    code: codeWriter({
      stack,
      app: app === undefined ? undefined : { named: app, cwd: options.cwd },
      askStack: interview?.askStack,
      // Known once the interview is over.
      get authentication() {
        return authentication ?? interview?.authentication;
      },
      force,
      tables: () => [...tables, ...(interview?.existing ?? [])],
    }),
    confirmCode: interview?.confirmCode,
    readWords(words: readonly string[], schema: DatabaseSchema, names: TableNames | undefined) {
      const named = words.map((word) => existing(word, schema, names));
      if (!named.every((table) => table !== undefined)) return undefined;
      tables.push(...named);
      return NO_PLAN;
    },
  });
}

/** A word that is the name of a table: with its schema, in public, or the only one of that name. */
function existing(
  word: string,
  { tables }: DatabaseSchema,
  names: TableNames | undefined,
): ObjectName | undefined {
  const [schema, name = ''] = word.includes('.') ? word.split('.', 2) : [undefined, word];
  const exact = tables.filter((table) => table.name === name);
  const completed = names === undefined ? name : withAffixes(name, names);
  const named = exact.length > 0 ? exact : tables.filter((table) => table.name === completed);
  const inSchema = named.find((table) => table.schema === (schema ?? 'public'));
  return inSchema ?? (schema === undefined && named.length === 1 ? named[0] : undefined);
}
