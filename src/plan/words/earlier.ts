import { toSnakeCase } from '../migration-name.ts';
import type { PlanDocument } from '../plan.ts';
import type { WordsContext, WordsEnum, WordsTable } from './request.ts';

/** Earlier states of the schema, newest first: what a drop or a rename names may stand there only. */
export type EarlierStates = () => AsyncIterable<WordsContext>;

/** Whether a plan only takes away or renames: said twice, it has found its object gone the second time. */
export function onlyTakesAway(document: PlanDocument | undefined): boolean {
  switch (document?.migration_type) {
    case 'drop_table':
    case 'rename_table':
    case 'drop_enum':
      return true;
    case 'modify_existing':
      return Object.keys(document.changes).every((key) => /^(drop|rename)_/.test(key));
    case 'modify_enum':
      return document.changes.add_values === undefined;
    default:
      return false;
  }
}

/** The present with what only an earlier state had: its tables, in the tables that stayed its columns and keys, and the values of its enums. */
export function withEarlier(present: WordsContext, earlier: WordsContext): WordsContext {
  const stayed = present.tables.map((table) => {
    const before = sameTable(earlier.tables, table);
    return before ? withFormerParts(table, before) : table;
  });
  return { tables: [...stayed, ...goneTables(present, earlier)], enums: enumsWithEarlier(present, earlier) };
}

/**
 * Whether an earlier state had a table of exactly this name that is gone now. Then words that drop "item" mean that one,
 * and not `items`, which only sounds like it.
 */
export function hadTable(present: WordsContext, earlier: WordsContext, name: string): boolean {
  return goneTables(present, earlier).some((table) => toSnakeCase(table.name) === name);
}

function enumsWithEarlier({ enums = [] }: WordsContext, earlier: WordsContext): WordsEnum[] {
  return enums.map((item) => {
    const before = earlier.enums?.find(({ schema, name }) => schema === item.schema && name === item.name);
    return { ...item, values: [...new Set([...item.values, ...(before?.values ?? [])])] };
  });
}

function goneTables(present: WordsContext, earlier: WordsContext): WordsTable[] {
  return earlier.tables.filter((table) => !sameTable(present.tables, table));
}

function sameTable(tables: readonly WordsTable[], { schema, name }: WordsTable): WordsTable | undefined {
  return tables.find((table) => table.schema === schema && table.name === name);
}

function withFormerParts(table: WordsTable, before: WordsTable): WordsTable {
  return {
    ...table,
    columns: [...new Set([...table.columns, ...before.columns])],
    foreignKeys: [
      ...table.foreignKeys,
      ...before.foreignKeys.filter(({ name }) => !table.foreignKeys.some((key) => key.name === name)),
    ],
  };
}
