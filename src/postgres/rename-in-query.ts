import { type Node, parseSync, SqlError } from 'libpg-query';
import { utf16OffsetsByByte } from './parser.ts';
import { quoteIdentifier } from './quote.ts';

interface RelationName {
  readonly schema: string;
  readonly name: string;
}

export interface QueryRename {
  readonly table: RelationName;
  /** A column of the table, or the table itself where this is left out. */
  readonly column?: string | undefined;
  readonly to: string;
  /** Whether another relation has a column of that name, which an unqualified name may mean then. */
  readonly hasColumn: (relation: RelationName) => boolean;
  /** The text is an expression and no query. */
  readonly isExpression: boolean;
  /** It is about a row of the table, which is in scope without being named. */
  readonly isOwnRow: boolean;
  /** Only names in double quotes, as a query builder writes them. */
  readonly quotedOnly: boolean;
}

export interface RenamedQuery {
  readonly sql: string;
  /**
   * The column is selected under its own name: what selects from the query sees another name now. A table before the
   * name where there is only one is no query builder's, and then the names outside are said elsewhere.
   */
  readonly isSelected: boolean;
}

/**
 * Renames a table or a column in a query or in the expression of a policy, as Postgres itself does in what it has stored:
 * aliases, literals and columns of other relations stay. A text that Postgres cannot parse stays as it is. Needs
 * `loadSqlParser`.
 *
 * @example renameInQuery('select "title" from "docs"', { table, column: 'title', to: 'name', … }).sql // 'select "name" from "docs"'
 */
export function renameInQuery(sql: string, rename: QueryRename): RenamedQuery {
  const head = rename.isExpression ? 'SELECT 1 WHERE (' : '';
  const text = rename.isExpression ? `${head}${sql}\n)` : sql;
  const found = namesIn(text);
  if (found === undefined) return { sql, isSelected: false };
  const edits = editsOf(text, found, rename);
  const renamed = edits.reduceRight(
    (result, { start, end, text: name }) => result.slice(0, start) + name + result.slice(end),
    text,
  );
  const sqlNow = rename.isExpression ? renamed.slice(head.length, -'\n)'.length) : renamed;
  const starts = new Set(edits.map(({ ref }) => ref));
  return { sql: sqlNow, isSelected: found.selected.some((ref) => starts.has(ref)) };
}

interface NamedRef {
  readonly names: readonly string[];
  readonly start: number;
}

interface Found {
  readonly relations: readonly (NamedRef & { readonly alias: string | undefined })[];
  readonly columns: readonly NamedRef[];
  /** Starts of the columns that are selected without an alias. */
  readonly selected: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;

function namesIn(text: string): Found | undefined {
  const offsets = utf16OffsetsByByte(text);
  const startOf = (node: Json): number => offsets[Number(node['location'] ?? 0)] ?? 0;
  const relations: Found['relations'][number][] = [];
  const columns: NamedRef[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value as Json)) {
      const node = child as Json;
      if (key === 'RangeVar') {
        const names = [node['schemaname'], node['relname']].filter((name) => typeof name === 'string');
        const alias = (node['alias'] as Json | undefined)?.['aliasname'];
        relations.push({
          names,
          start: startOf(node),
          alias: typeof alias === 'string' ? alias : undefined,
        });
      }
      if (key === 'ColumnRef') columns.push({ names: stringsOf(node['fields']), start: startOf(node) });
      visit(child);
    }
  };
  const statement = parsed(text);
  if (statement === undefined) return undefined;
  visit(statement);
  const targets = 'SelectStmt' in statement ? (statement.SelectStmt.targetList ?? []) : [];
  const selected = targets.flatMap((target) => {
    const { name, val } = 'ResTarget' in target ? target.ResTarget : {};
    if (name !== undefined || !val || !('ColumnRef' in val)) return [];
    const isBuilt = relations.length > 1 || val.ColumnRef.fields?.length === 1;
    return isBuilt ? [startOf(val.ColumnRef as Json)] : [];
  });
  return { relations, columns, selected };
}

function parsed(text: string): Node | undefined {
  try {
    const { stmts = [] } = parseSync(text);
    return stmts.length === 1 ? stmts[0]?.stmt : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function stringsOf(nodes: unknown): string[] {
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: { String?: { sval?: string } }) =>
    node.String?.sval === undefined ? [] : [node.String.sval],
  );
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Where the reference starts that it is in. */
  readonly ref: number;
}

function editsOf(text: string, { relations, columns }: Found, rename: QueryRename): Edit[] {
  const { table, column, to } = rename;
  const isTable = ({ names }: NamedRef): boolean =>
    names.at(-1) === table.name && (names.at(-2) ?? 'public') === table.schema;
  const own = relations.filter(isTable);
  const callers = new Set([
    ...own.map(({ alias }) => alias ?? table.name),
    ...(rename.isOwnRow ? [table.name] : []),
  ]);
  const others = relations.filter((relation) => !isTable(relation));
  const isAmbiguous = others.some(({ names }) =>
    rename.hasColumn({ schema: names.at(-2) ?? 'public', name: names.at(-1) ?? '' }),
  );
  const meant: { readonly ref: NamedRef; readonly part: number }[] =
    column === undefined
      ? [
          ...own.map((ref) => ({ ref, part: ref.names.length - 1 })),
          ...columns
            .filter(({ names }) => names.at(-2) === table.name && callers.has(table.name))
            .map((ref) => ({ ref, part: ref.names.length - 2 })),
        ]
      : columns
          .filter(({ names }) => {
            const by = names.at(-2);
            if (names.at(-1) !== column) return false;
            return by === undefined ? callers.size > 0 && !isAmbiguous : callers.has(by);
          })
          .map((ref) => ({ ref, part: ref.names.length - 1 }));
  return meant
    .flatMap(({ ref, part }) => {
      const token = tokenAt(text, ref.start, part);
      const isQuoted = token?.text.startsWith('"') ?? false;
      if (!token || (rename.quotedOnly && !isQuoted)) return [];
      const name = !isQuoted && /^[a-z_][a-z0-9_]*$/.test(to) ? to : quoteIdentifier(to);
      return [{ start: token.start, end: token.start + token.text.length, text: name, ref: ref.start }];
    })
    .toSorted((a, b) => a.start - b.start);
}

/** One part of a qualified name. */
function tokenAt(text: string, start: number, part: number): { start: number; text: string } | undefined {
  const token = /\s*("(?:[^"]|"")*"|[\w$\u0080-\uFFFF]+)\s*\.?/y;
  token.lastIndex = start;
  for (let at = 0; ; at += 1) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match?.[1]) return undefined;
    if (at === part) return { start: from + match[0].indexOf(match[1]), text: match[1] };
  }
}
