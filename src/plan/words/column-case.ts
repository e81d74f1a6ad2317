import type { Notice } from '../change.ts';
import { toSnakeCase } from '../migration-name.ts';
import type { ModifyTableDocument, NewTableDocument, PlanDocument, PlanField, PlanIndex } from '../plan.ts';
import { inCaseOf } from './name-case.ts';
import type { Understood, WordsContext, WordsTable } from './request.ts';
import { columnNamed, tablesNamed } from './tables.ts';

/**
 * The same plan with its columns called as the database calls columns: one that is there by its own name, a new one in
 * the case of its neighbours. A notice names each new column that is called otherwise than it was typed.
 */
export function inColumnCase(understood: Understood, context: WordsContext): Understood {
  const { document } = understood;
  if (document.migration_type === 'modify_existing') {
    const { table_name: name, schema = 'public', changes } = document;
    const table = context.tables.find((each) => each.name === name && each.schema === schema);
    const names = columnNames(table, changes.add_columns ?? [], context);
    return withNotices(understood, { ...document, changes: changesWith(changes, names) }, names);
  }
  if (!isNewTable(document)) return understood;
  const names = columnNames(undefined, document.fields, context);
  return withNotices(understood, newTableWith(document, names), names);
}

interface ColumnNames {
  /** A column that is there or that the plan adds; any other name stays. */
  readonly known: (name: string) => string;
  readonly fresh: (name: string) => string;
  /** `brands(ownerId)` with the names of that table and its column. */
  readonly target: (reference: string) => string;
  readonly renamed: readonly { readonly typed: string; readonly name: string }[];
  /** Whose columns show the case: the table's own where they are of several words. */
  readonly neighbours: string;
}

function columnNames(
  table: WordsTable | undefined,
  added: readonly PlanField[],
  context: WordsContext,
): ColumnNames {
  const hasWords = (names: readonly string[]) => names.some((name) => /.[_\p{Lu}]/u.test(name));
  const isOwn = table !== undefined && hasWords(table.columns);
  const examples = isOwn ? table.columns : context.tables.flatMap(({ columns }) => columns);
  const there = (name: string) => table && columnNamed([toSnakeCase(name)], table);
  const fresh = (name: string) =>
    table?.columns.includes(name) ? name : (there(name) ?? inCaseOf(name, examples));
  const typed = added.map(({ name }) => name);
  return {
    fresh,
    known: (name) =>
      table?.columns.includes(name)
        ? name
        : (there(name) ??
          (typed.some((each) => toSnakeCase(each) === toSnakeCase(name)) ? fresh(name) : name)),
    target: (reference) => namedReference(reference, context),
    renamed: typed
      .map((name) => ({ typed: name, name: fresh(name) }))
      .filter((each) => each.name !== each.typed),
    neighbours: isOwn ? `the columns of ${table.name}` : 'the columns of the other tables',
  };
}

function namedReference(reference: string, { tables }: WordsContext): string {
  const { path = '', column } = /^(?<path>[^()]*)(?:\((?<column>[^()]*)\))?$/.exec(reference)?.groups ?? {};
  const [schema, name] = path.includes('.') ? path.split('.', 2) : ['public', path];
  const inSchema = tables.filter((table) => table.schema === schema);
  const found = tablesNamed([toSnakeCase(name ?? '')], inSchema).filter(
    (table) => table.name === name || toSnakeCase(table.name) === toSnakeCase(name ?? ''),
  );
  const table = found.find((each) => each.name === name) ?? found[0];
  if (table === undefined) return reference;
  const head = `${path.slice(0, path.length - (name ?? '').length)}${table.name}`;
  return column === undefined
    ? head
    : `${head}(${columnNamed([column], table) ?? columnNamed([toSnakeCase(column)], table) ?? column})`;
}

type Changes = ModifyTableDocument['changes'];

function changesWith(changes: Changes, names: ColumnNames): Changes {
  const { known, fresh, target } = names;
  const { add_columns, add_indexes, add_unique, add_foreign_keys } = changes;
  const { drop_columns, modify_columns, rename_columns } = changes;
  return {
    ...changes,
    ...(add_columns && { add_columns: add_columns.map((field) => fieldWith(field, names)) }),
    ...(add_indexes && { add_indexes: indexesWith(add_indexes, names) }),
    ...(add_unique && {
      add_unique: add_unique.map((unique) => ({ ...unique, fields: unique.fields.map(known) })),
    }),
    ...(add_foreign_keys && {
      add_foreign_keys: add_foreign_keys.map((key) => ({
        ...key,
        ...(key.field === undefined ? {} : { field: known(key.field) }),
        references: target(key.references),
      })),
    }),
    ...(drop_columns && { drop_columns: drop_columns.map(known) }),
    ...(modify_columns && {
      modify_columns: modify_columns.map((column) => ({ ...column, name: known(column.name) })),
    }),
    ...(rename_columns && {
      rename_columns: rename_columns.map(({ from, to }) => ({ from: known(from), to: fresh(to) })),
    }),
  };
}

function newTableWith(document: NewTableDocument, names: ColumnNames): NewTableDocument {
  const { fields, indexes } = document;
  return {
    ...document,
    fields: fields.map((field) => fieldWith(field, names)),
    ...(indexes && { indexes: indexesWith(indexes, names) }),
  };
}

function fieldWith(field: PlanField, { fresh, target }: ColumnNames): PlanField {
  return {
    ...field,
    name: fresh(field.name),
    ...(field.references === undefined ? {} : { references: target(field.references) }),
  };
}

function indexesWith(indexes: readonly PlanIndex[], { known }: ColumnNames): PlanIndex[] {
  return indexes.map((index) => ({ ...index, ...(index.fields && { fields: index.fields.map(known) }) }));
}

function withNotices(
  understood: Understood,
  document: PlanDocument,
  { renamed, neighbours }: ColumnNames,
): Understood {
  const notices = renamed.map(({ typed, name }): Notice => ({
    severity: 'info',
    rule: 'words-column-case',
    message: `${typed} is added as ${name}, like ${neighbours}; a plan in YAML keeps names as they are typed`,
  }));
  return { ...understood, document, notices: [...understood.notices, ...notices] };
}

function isNewTable(document: PlanDocument): document is NewTableDocument {
  return document.migration_type === 'new_table' || document.migration_type === 'new_domain';
}
