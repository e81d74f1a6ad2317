import { type Node, SqlError } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { columnsOf, parseExpression } from './expression.ts';
import { type TableRef, tableKey } from './operation.ts';
import { strings } from '../postgres/nodes.ts';
import { qualified, tableRef } from './read-parts.ts';
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

/** What reads a column before a statement, as far as the schema and the script tell: of very many the first ones. */
export function dependantsOf(
  table: TableRef,
  column: string,
  statement: Statement,
  script: Script,
): Dependant[] {
  const { timeline } = script;
  const { place } = statement.before;
  const generated = generatedInSchema(table, column, script).filter(
    (dependant) => !timeline.isDropped(table, dependant.column, place),
  );
  return [...generated, ...viewsBefore(statement, script).reading(table, column)];
}

/** So many of them are told: each of many changes would else list each of many views. */
const MOST_VIEWS = 20;

function firstOf(views: ReadonlyMap<string, View> | undefined): View[] {
  const first: View[] = [];
  for (const view of views?.values() ?? []) {
    if (first.length === MOST_VIEWS) break;
    first.push(view);
  }
  return first;
}

interface View extends Dependant {
  /** That of its statement. */
  readonly index: number;
}

const views = new WeakMap<Script, Views>();

function viewsBefore(statement: Statement, script: Script): Views {
  let known = views.get(script);
  if (!known || known.until > statement.index) {
    known = new Views();
    views.set(script, known);
  }
  while (known.until < statement.index) known.add(script.statements[known.until]!);
  return known;
}

/** The views that the statements so far have made and not dropped, by what they read. */
class Views {
  until = 0;
  readonly #byColumn = new Map<string, Map<string, View>>();
  readonly #columnsOf = new Map<string, readonly string[]>();

  add(statement: Statement): void {
    this.until += 1;
    for (const operation of statement.operations) {
      if (operation.kind === 'drop-view') this.#drop(sqlName(operation.view));
    }
    const view = viewOf(statement);
    if (!view) return;
    this.#drop(view.dependant.name);
    this.#columnsOf.set(view.dependant.name, view.reads);
    for (const key of view.reads) {
      const readers = this.#byColumn.get(key) ?? new Map<string, View>();
      this.#byColumn.set(
        key,
        readers.set(view.dependant.name, { ...view.dependant, index: statement.index }),
      );
    }
  }

  reading(table: TableRef, column: string): readonly Dependant[] {
    return ['*', column]
      .flatMap((name) => firstOf(this.#byColumn.get(`${tableKey(table)}\0${name}`)))
      .toSorted((a, b) => a.index - b.index);
  }

  #drop(name: string): void {
    for (const key of this.#columnsOf.get(name) ?? []) this.#byColumn.get(key)?.delete(name);
    this.#columnsOf.delete(name);
  }
}

function generatedInSchema(table: TableRef, column: string, { schema }: Script) {
  const columns = schema?.tables.find((known) => tableKey(known) === tableKey(table))?.columns ?? [];
  const on = sqlName(table);
  return columns.flatMap(({ name, type, generated }) => {
    if (generated === undefined || !columnsOf(parseExpression(generated)).includes(column)) return [];
    const sql = sqlName({ schema: undefined, name });
    return [
      {
        column: name,
        kind: 'generated column' as const,
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

/** A view that names more tables times columns is taken to read all columns of its tables. */
const MOST_PAIRS = 10_000;

/** A view that a statement makes, and the columns that it reads, of every table that it names: `users\0email`. */
function viewOf(
  statement: Statement,
): { readonly dependant: Dependant; readonly reads: readonly string[] } | undefined {
  if (!statement.operations.some(({ kind }) => kind === 'create-view')) return undefined;
  const view = createViewOf(statement.text);
  if (!view) return undefined;
  const name = sqlName(view.name);
  const names = namesIn(view.query);
  const { tables } = names;
  const isAll = names.columns.includes('*') || tables.length * names.columns.length > MOST_PAIRS;
  const columns = isAll ? ['*'] : names.columns;
  return {
    dependant: {
      kind: 'view',
      name,
      drop: `DROP ${view.isMaterialized ? 'MATERIALIZED ' : ''}VIEW ${name};`,
      create: `${statement.text};`,
    },
    reads: tables.flatMap((table) => columns.map((column) => `${table}\0${column}`)),
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
    const statements = parseSql(sql);
    return statements.length === 1 ? statements[0]?.stmt : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** The tables and columns that a query names; `*` for all columns. */
function namesIn(query: unknown): {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
} {
  const [tables, columns] = [new Set<string>(), new Set<string>()];
  const visit = (tree: unknown): void => {
    if (typeof tree !== 'object' || tree === null) return;
    if ('RangeVar' in tree) {
      tables.add(tableKey(tableRef((tree as Extract<Node, { RangeVar: unknown }>).RangeVar)));
    } else if ('ColumnRef' in tree) {
      const { fields = [] } = (tree as Extract<Node, { ColumnRef: unknown }>).ColumnRef;
      columns.add(fields.some((field) => 'A_Star' in field) ? '*' : qualified(strings(fields)).name);
    } else Object.values(tree).forEach(visit);
  };
  visit(query);
  return { tables: [...tables], columns: [...columns] };
}
