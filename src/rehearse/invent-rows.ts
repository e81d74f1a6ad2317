import { quoteIdentifier } from '../postgres/quote.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { type TableRef, tableKey } from '../review/operation.ts';
import { castableText, type NewTypes } from './casts.ts';
import { type ColumnFacts, readTableFacts, type TableFacts } from './table-facts.ts';
import type { ZoneChange } from './zone-changes.ts';
import { FLAVOURS, type Flavour, valueFor } from './values.ts';

/** What rows were put where; a table that took none says why. */
export interface InventedRows {
  readonly table: string;
  readonly count: number;
  /** Postgres' words for the last attempt, where not a single row could be made. */
  readonly refusal: string | undefined;
}

export interface InventOptions {
  /** Tables that have rows: they are left as they are. */
  readonly already?: ReadonlySet<string>;
  /** A text that is to become something else gets a row that can. */
  readonly newTypes?: NewTypes;
  /** Times at which the zones of a conversion change. */
  readonly zoneChanges?: ReadonlyMap<string, ZoneChange>;
  /** Number of the first row, for rows beside others; 0 unless given. */
  readonly first?: number;
}

/**
 * Puts rows into the tables concerned and into those that they refer to, parents first: an ordinary one, one with NULL
 * wherever that is allowed, the longest, the smallest, a multibyte one, and one that repeats the first where nothing
 * must be unique. Foreign keys are taken from rows that are there; what a CHECK refuses is tried again with the
 * constants that the CHECK names. Commits nothing by itself: the caller decides.
 */
export async function inventRows(
  engine: Engine,
  affected: readonly TableRef[],
  { already = new Set(), ...how }: InventOptions = {},
): Promise<InventedRows[]> {
  const facts = await readTableFacts(engine, affected);
  const wanted = new Set(affected.map(tableKey));
  const ordered = parentsFirst(
    facts,
    facts.filter(({ table }) => wanted.has(tableKey(table))),
  );
  const done: InventedRows[] = [];
  for (const table of ordered) {
    if (!already.has(tableKey(table.table))) done.push(await fill(engine, table, how));
  }
  return done;
}

/** The tables with all that they refer to, those that are referred to before those that refer. */
function parentsFirst(all: readonly TableFacts[], tables: readonly TableFacts[]): TableFacts[] {
  const ordered = new Set<TableFacts>();
  const visiting = new Set<TableFacts>();
  const visit = (table: TableFacts): void => {
    if (ordered.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const { tableOid } of table.foreignKeys) {
      const parent = all.find(({ oid }) => oid === tableOid);
      if (parent) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}

type How = Omit<InventOptions, 'already'>;

async function fill(engine: Engine, table: TableFacts, how: How): Promise<InventedRows> {
  const name = tableKey(table.table);
  let count = 0;
  let refusal: string | undefined;
  for (const [index, flavour] of FLAVOURS.entries()) {
    const row = await parentValues(engine, table, index);
    for (const attempt of attempts(table, flavour, index, how)) {
      const values = new Map([...attempt, ...row]);
      refusal = await insert(engine, table, values);
      if (refusal !== undefined) continue;
      count += 1;
      break;
    }
  }
  return { table: name, count, refusal: count === 0 ? (refusal ?? 'no row fits') : undefined };
}

type Values = ReadonlyMap<string, string | null>;

/** The row as its flavour has it, then milder forms, then with the constants of the checks in it. */
function* attempts(
  table: TableFacts,
  flavour: Flavour,
  index: number,
  { newTypes = new Map(), zoneChanges = new Map(), first = 0 }: How,
): Generator<Values> {
  const open = table.columns.filter(({ isFilled }) => !isFilled);
  const unique = new Set(table.uniques.flat());
  const row = (chosen: Flavour, overrides: Values = new Map()): Values => {
    const values = open.flatMap((column): [string, string | null][] => {
      const given = overrides.get(column.name);
      if (given !== undefined) return [[column.name, given]];
      // What repeats may not repeat a key; serials keep their own counting.
      const serial = first + (chosen === 'repeated' && !unique.has(column.name) ? 0 : index);
      if (column.hasDefault && unique.has(column.name) && /^int|^float/.test(column.base)) return [];
      const key = `${tableKey(table.table)}.${column.name}`;
      const change = chosen === 'multibyte' ? timeOf(zoneChanges.get(key), column) : undefined;
      if (change !== undefined) return [[column.name, change]];
      const become = newTypes.get(key);
      const castable =
        chosen === 'ordinary' && /^(text|varchar|bpchar|citext)$/.test(column.base) && !column.isArray
          ? castableText(become ?? '')
          : undefined;
      const value = castable ?? valueFor(column, chosen, serial);
      return value === undefined ? [] : [[column.name, value]];
    });
    return new Map(values);
  };
  yield row(flavour);
  // Beside other rows: keys that those have already.
  const ordinary = new Map(
    open
      .filter(({ name }) => unique.has(name))
      .flatMap((column): [string, string | null][] => {
        const value = valueFor(column, 'ordinary', first + index);
        return value === undefined || (column.hasDefault && /^int\d$/.test(column.base))
          ? []
          : [[column.name, value]];
      }),
  );
  if (first > 0 && ordinary.size > 0 && flavour !== 'ordinary') yield row(flavour, ordinary);
  const constants = constantsOf(table.checks);
  yield* withConstants(open, constants, (overrides) => row(flavour, overrides));
  if (flavour === 'ordinary' || flavour === 'repeated') return;
  yield row('ordinary');
  yield* withConstants(open, constants, (overrides) => row('ordinary', overrides));
}

/** What the type of a column takes of such times. */
function timeOf(change: ZoneChange | undefined, { base, isArray }: ColumnFacts): string | undefined {
  if (!change || isArray) return undefined;
  if (base === 'timestamptz') return change.instant ?? undefined;
  return /^(timestamp|text|varchar)$/.test(base) ? (change.local ?? undefined) : undefined;
}

/** How many constants are tried at most: a CHECK over many columns has more combinations than anybody waits for. */
const MOST_ATTEMPTS = 40;

function* withConstants(
  columns: readonly ColumnFacts[],
  constants: ReadonlyMap<string, readonly string[]>,
  row: (overrides: Values) => Values,
): Generator<Values> {
  const named = columns.filter(({ name }) => constants.has(name));
  const width = Math.max(0, ...named.map(({ name }) => constants.get(name)!.length));
  for (let turn = 0; turn < Math.min(width, MOST_ATTEMPTS); turn += 1) {
    yield row(
      new Map(
        named.map(({ name }) => [name, constants.get(name)![turn % constants.get(name)!.length]!] as const),
      ),
    );
  }
}

/** Column → constants that stand beside it in a check, numbers with their neighbours. */
function constantsOf(checks: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const check of checks) {
    const texts = [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
    const numbers = [...check.matchAll(/(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])/g)].flatMap(([text]) => [
      String(Number(text) + 1),
      text,
      String(Number(text) - 1),
    ]);
    const names = [...check.matchAll(/"((?:[^"]|"")+)"|\b([a-z_][a-z0-9_$]*)\b/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
    for (const name of new Set(names)) {
      found.set(name, [...(found.get(name) ?? []), ...texts, ...numbers]);
    }
  }
  return found;
}

/** Values of the foreign keys, taken from the parents' rows; NULL where the parent has none and NULL is allowed. */
async function parentValues(
  engine: Engine,
  table: TableFacts,
  index: number,
): Promise<[string, string | null][]> {
  const values: [string, string | null][] = [];
  for (const key of table.foreignKeys) {
    const columns = key.refColumns.map(
      (column) => `${quoteIdentifier(column)}::text as ${quoteIdentifier(column)}`,
    );
    const parents = await engine.query<Record<string, string | null>>(
      `select ${columns.join(', ')} from ${sqlTable(key.table)} limit 10`,
    );
    const parent = parents[index % Math.max(1, parents.length)];
    for (const [position, column] of key.columns.entries()) {
      const nullable = table.columns.find(({ name }) => name === column)?.notNull === false;
      const value = index === 1 && nullable ? null : (parent?.[key.refColumns[position] ?? ''] ?? null);
      values.push([column, value]);
    }
  }
  return values;
}

/** Inserts one row; returns Postgres' words where it does not take it. */
async function insert(engine: Engine, table: TableFacts, values: Values): Promise<string | undefined> {
  const columns = [...values.keys()];
  const target = sqlTable(table.table);
  const casts = columns.map((column, index) => {
    const type = table.columns.find(({ name }) => name === column)?.type ?? 'text';
    return `$${index + 1}::text::${type}`;
  });
  const sql =
    columns.length === 0
      ? `insert into ${target} default values`
      : `insert into ${target} (${columns.map(quoteIdentifier).join(', ')}) values (${casts.join(', ')})`;
  try {
    await engine.exec('savepoint invented');
    await engine.query(sql, [...values.values()]);
    await engine.exec('release savepoint invented');
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    await engine.exec('rollback to savepoint invented');
    return error.message;
  }
}

function sqlTable({ schema, name }: TableRef): string {
  return `${quoteIdentifier(schema ?? 'public')}.${quoteIdentifier(name)}`;
}
