import { type Node, parseSync, SqlError } from 'libpg-query';
import { columnsOf, parseExpression } from './expression.ts';
import { type TableRef, tableKey } from './operation.ts';
import { qualified, strings, tableRef } from './read-parts.ts';
import { sqlName } from './print.ts';
import type { Script, Statement } from './rule.ts';

/** What Postgres will not have pulled from under it: a view or a generated column that reads a column. */
export interface Dependant {
  readonly kind: 'view' | 'generated column';
  /** As SQL: `active_users`, `users.full_name`. */
  readonly name: string;
  /** SQL that takes it away, and SQL that makes it again. */
  readonly drop: string;
  readonly create: string;
}

/** What reads a column before a statement, as far as the schema and the script tell. */
export function dependantsOf(
  table: TableRef,
  column: string,
  statement: Statement,
  script: Script,
): Dependant[] {
  const found = new Map<string, Dependant>(
    generatedInSchema(table, column, script).map((dependant) => [dependant.name, dependant]),
  );
  for (const earlier of script.statements.slice(0, script.statements.indexOf(statement))) {
    for (const operation of earlier.operations) {
      if (operation.kind === 'drop-view') found.delete(sqlName(operation.view));
      if (operation.kind === 'drop-column') {
        found.delete(`${sqlName(operation.table)}.${sqlName({ schema: undefined, name: operation.column })}`);
      }
    }
    const view = viewOf(earlier, table, column);
    if (view) found.set(view.name, view);
  }
  return [...found.values()];
}

function generatedInSchema(table: TableRef, column: string, { schema }: Script): Dependant[] {
  const columns = schema?.tables.find((known) => tableKey(known) === tableKey(table))?.columns ?? [];
  const on = sqlName(table);
  return columns.flatMap(({ name, type, generated }): Dependant[] => {
    if (generated === undefined || !columnsOf(parseExpression(generated)).includes(column)) return [];
    const sql = sqlName({ schema: undefined, name });
    return [
      {
        kind: 'generated column',
        name: `${on}.${sql}`,
        drop: `ALTER TABLE ${on} DROP COLUMN ${sql};`,
        create: `ALTER TABLE ${on} ADD COLUMN ${sql} ${type} GENERATED ALWAYS AS (${generated}) STORED;`,
      },
    ];
  });
}

interface CreateView {
  readonly name: TableRef;
  readonly query: unknown;
  readonly isMaterialized: boolean;
}

function viewOf(statement: Statement, table: TableRef, column: string): Dependant | undefined {
  if (!statement.operations.some(({ kind }) => kind === 'create-view')) return undefined;
  const view = createViewOf(statement.text);
  if (!view || !readsTable(view.query, table) || !readsColumn(view.query, column)) return undefined;
  const name = sqlName(view.name);
  return {
    kind: 'view',
    name,
    drop: `DROP ${view.isMaterialized ? 'MATERIALIZED ' : ''}VIEW ${name};`,
    create: `${statement.text};`,
  };
}

function createViewOf(sql: string): CreateView | undefined {
  const node = onlyNode(sql);
  if (!node) return undefined;
  if ('CreateTableAsStmt' in node) {
    const { into, query } = node.CreateTableAsStmt;
    return { name: tableRef(into?.rel), query, isMaterialized: true };
  }
  if (!('ViewStmt' in node)) return undefined;
  // The package's types leave this one out of `Node`.
  const { view, query } = node.ViewStmt as { view?: Parameters<typeof tableRef>[0]; query?: unknown };
  return { name: tableRef(view), query, isMaterialized: false };
}

function onlyNode(sql: string): Node | undefined {
  try {
    const statements = parseSync(sql).stmts ?? [];
    return statements.length === 1 ? statements[0]?.stmt : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function readsTable(tree: unknown, table: TableRef): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('RangeVar' in tree) {
    return tableKey(tableRef((tree as Extract<Node, { RangeVar: unknown }>).RangeVar)) === tableKey(table);
  }
  return Object.values(tree).some((part) => readsTable(part, table));
}

/** By its name, or with all others (`*`). */
function readsColumn(tree: unknown, column: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('ColumnRef' in tree) {
    const { fields = [] } = (tree as Extract<Node, { ColumnRef: unknown }>).ColumnRef;
    return fields.some((field) => 'A_Star' in field) || qualified(strings(fields)).name === column;
  }
  return Object.values(tree).some((part) => readsColumn(part, column));
}
