import {
  classifyExpression,
  parseType,
  quoteIdentifier,
  quoteLiteral,
  SqlFragmentError,
} from '../../postgres/sql.ts';
import type { ColumnJson, EnumJson, SnapshotJson, TableJson } from './snapshot-json.ts';
import { tableName } from './written-names.ts';

export interface Repaired {
  readonly statements: readonly string[];
  /** What was written otherwise than by drizzle-kit, in words for the record. */
  readonly reasons: readonly string[];
}

/** A text of drizzle-kit that Postgres cannot take, and what it should be. */
interface Repair {
  readonly wrong: string;
  readonly right: string;
  readonly reason: string;
}

/**
 * Puts right what drizzle-kit 0.31 writes wrongly into single statements, measured by running it: labels and defaults with
 * a quote in them are not escaped, a type that it does not know is written as `"undefined"."inet"`, and one with
 * modifiers is quoted as one name. A default that is falsy in JavaScript is left out beside another type. The right texts are in the two snapshots. Needs the SQL parser to be loaded.
 */
export function repairStatements(
  statements: readonly string[],
  { from, to }: { readonly from: SnapshotJson; readonly to: SnapshotJson },
): Repaired {
  const repairs = [
    ...Object.entries(to.enums).flatMap(([key, item]) => labelRepairs(item, from.enums[key])),
    ...Object.values(to.tables).flatMap((table) =>
      Object.values(table.columns).flatMap((column) => [
        ...typeRepairs(table, column),
        ...defaultRepairs(column),
      ]),
    ),
  ];
  const reasons = new Set<string>();
  const repaired = statements.map((statement) =>
    repairs.reduce((text, { wrong, right, reason }) => {
      if (!text.includes(wrong)) return text;
      reasons.add(reason);
      return text.replaceAll(wrong, () => right);
    }, statement),
  );
  const lost = lostDefaults(repaired, { from, to });
  return {
    statements: repaired.flatMap((statement) => [statement, ...(lost.get(statement)?.statements ?? [])]),
    reasons: [...reasons, ...[...lost.values()].flatMap((each) => each.reasons)],
  };
}

/** The default 0 or false of a column that gets another type at once: drizzle-kit writes it only where it is truthy. By the statement that it follows. */
function lostDefaults(
  statements: readonly string[],
  { from, to }: { readonly from: SnapshotJson; readonly to: SnapshotJson },
): ReadonlyMap<string, Repaired> {
  const lost = new Map<string, Repaired>();
  for (const [key, table] of Object.entries(to.tables))
    for (const column of Object.values(table.columns)) {
      const before = from.tables[key]?.columns[column.name];
      if (before === undefined || column.default === undefined || before.default === column.default) continue;
      const head = `ALTER TABLE ${tableName(table)} ALTER COLUMN ${quoteIdentifier(column.name)} `;
      const retyped = statements.find((statement) => statement.startsWith(`${head}SET DATA TYPE `));
      if (retyped === undefined || statements.some((text) => text.startsWith(`${head}SET DEFAULT `)))
        continue;
      lost.set(retyped, {
        statements: [`${head}SET DEFAULT ${column.default};`],
        reasons: [
          `the default of ${table.name}.${column.name}, which drizzle-kit leaves out beside another type`,
        ],
      });
    }
  return lost;
}

/** `ADD VALUE 'it's' BEFORE 'b';` of every label that is new. */
function labelRepairs(item: EnumJson, previous: EnumJson | undefined): Repair[] {
  const known = new Set(previous?.values);
  const name = `${quoteIdentifier(item.schema || 'public')}.${quoteIdentifier(item.name)}`;
  return item.values
    .filter((value) => !known.has(value))
    .flatMap((value) => [
      { value, neighbour: '', place: '' },
      ...item.values.map((neighbour) => ({
        value,
        neighbour,
        place: ` BEFORE ${quoteLiteral(neighbour)}`,
      })),
    ])
    .filter(({ value, neighbour }) => value.includes("'") || neighbour.includes("'"))
    .map(({ value, neighbour, place }) => ({
      wrong: `ALTER TYPE ${name} ADD VALUE '${value}'${neighbour === '' ? '' : ` BEFORE '${neighbour}'`};`,
      right: `ALTER TYPE ${name} ADD VALUE ${quoteLiteral(value)}${place};`,
      reason: `the quotes in the label ${value} of ${item.name}, which drizzle-kit does not escape`,
    }));
}

function typeRepairs(table: TableJson, column: ColumnJson): Repair[] {
  const { name, type, typeSchema } = column;
  if (typeSchema !== undefined) return [];
  const bare = type.replaceAll(ARRAY, '');
  const quoted = `"${bare}"${(type.match(ARRAY) ?? []).join('')}`;
  const right = typeText(type);
  if (right === undefined) return [];
  const reason = `the type of ${table.name}.${name}, ${type}, which drizzle-kit does not know how to write`;
  const isName = /^[\w$]+$/.test(bare);
  const head = `ALTER TABLE ${tableName(table)} ALTER COLUMN ${quoteIdentifier(name)} SET DATA TYPE `;
  return [
    { wrong: `${head}"undefined".${quoted}`, right: head + right, reason },
    ...(isName
      ? []
      : [
          { wrong: `${quoteIdentifier(name)} ${quoted}`, right: `${quoteIdentifier(name)} ${right}`, reason },
        ]),
  ];
}

const ARRAY = /\[\d*\]/g;

/** A type as Postgres takes it; undefined for a text that is none. Names with capitals are names as they are, as elsewhere in drizzle-kit's SQL. */
function typeText(type: string): string | undefined {
  try {
    parseType(type);
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
  const [, name = '', dimensions = ''] = /^(.*?)((?:\[\d*\])*)$/s.exec(type) ?? [];
  return /^\w*[A-Z]\w*$/.test(name) ? `${quoteIdentifier(name)}${dimensions}` : type;
}

/** JSON and arrays as a default, in which quotes are not escaped. */
function defaultRepairs({ name, default: text }: ColumnJson): Repair[] {
  const [, inner, cast = ''] = (typeof text === 'string' && /^'([\s\S]*)'(::[^']*)?$/.exec(text)) || [];
  if (typeof text !== 'string' || inner === undefined || isExpression(text)) return [];
  const right = `${quoteLiteral(inner)}${cast}`;
  if (!isExpression(right)) return [];
  const reason = `the quotes in the default of ${name}, which drizzle-kit does not escape`;
  return [{ wrong: ` DEFAULT ${text}`, right: ` DEFAULT ${right}`, reason }];
}

function isExpression(text: string): boolean {
  try {
    classifyExpression(text);
    return true;
  } catch (error) {
    if (error instanceof SqlFragmentError) return false;
    throw error;
  }
}
