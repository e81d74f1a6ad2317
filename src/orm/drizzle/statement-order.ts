import { quoteIdentifier } from '../../postgres/quote.ts';
import type { SnapshotJson, TableJson } from './snapshot-json.ts';

export interface Ordered {
  readonly statements: readonly string[];
  /** Why statements stand elsewhere than drizzle-kit put them, in words for the record. */
  readonly reasons: readonly string[];
}

type Rule = (statements: readonly string[], from: SnapshotJson) => readonly string[];

const RULES: readonly { readonly reason: string; readonly rule: Rule }[] = [
  {
    reason: 'the order: a foreign key is dropped before the table, key or constraint that it refers to',
    rule: dropForeignKeysFirst,
  },
  {
    reason: 'the order: a foreign key is made after the unique constraint or index that it refers to',
    rule: addForeignKeysLast,
  },
  {
    reason: 'the order: columns of an enum come and go before the enum is made anew',
    rule: settleColumnsBeforeEnum,
  },
];

/**
 * drizzle-kit 0.31 sorts its statements by kind, and in some plans Postgres refuses that order: `DROP TABLE … CASCADE`
 * takes foreign keys along that are dropped by name afterwards, keys are made before what they refer to. Only what
 * would fail is moved, all else stays where it is. `from` is the snapshot that the statements start from.
 */
export function inDependencyOrder(statements: readonly string[], from: SnapshotJson): Ordered {
  let ordered = statements;
  const reasons: string[] = [];
  for (const { reason, rule } of RULES) {
    const next = rule(ordered, from);
    if (next.some((statement, index) => statement !== ordered[index])) reasons.push(reason);
    ordered = next;
  }
  return { statements: ordered, reasons };
}

function dropForeignKeysFirst(statements: readonly string[], from: SnapshotJson): readonly string[] {
  const targets = targetsByDrop(from);
  const takesAway = (target: string) => (statement: string) =>
    statement.startsWith(`DROP TABLE ${target} `) ||
    (statement.startsWith(`ALTER TABLE ${target} DROP CONSTRAINT `) && !targets.has(statement.trim()));
  return statements
    .filter((statement) => targets.has(statement.trim()))
    .reduce(
      (all, statement) => putBefore(all, statement, takesAway(targets.get(statement.trim()) ?? '')),
      statements,
    );
}

/** How the drop of each foreign key is written → the table that the key refers to. */
function targetsByDrop({ tables }: SnapshotJson): ReadonlyMap<string, string> {
  return new Map(
    Object.values(tables).flatMap((table) =>
      Object.values(table.foreignKeys ?? {}).map((key) => [
        `ALTER TABLE ${written(table)} DROP CONSTRAINT ${quoteIdentifier(key.name)};`,
        written({ schema: key.schemaTo ?? '', name: key.tableTo }),
      ]),
    ),
  );
}

const NEW_FOREIGN_KEY =
  /^ALTER TABLE .* ADD CONSTRAINT .* FOREIGN KEY \(.*\) REFERENCES (?:"public"\.)?(".*?")\(/s;

function addForeignKeysLast(statements: readonly string[]): readonly string[] {
  const isKeyOf = (target: string) => (statement: string) =>
    ['ADD CONSTRAINT', 'ADD PRIMARY KEY'].some((what) =>
      statement.startsWith(`ALTER TABLE ${target} ${what}`),
    )
      ? !NEW_FOREIGN_KEY.test(statement) && !/^ALTER TABLE .* ADD CONSTRAINT "[^"]+" CHECK/s.test(statement)
      : statement.startsWith('CREATE UNIQUE INDEX ') && statement.includes(` ON ${target} USING `);
  return statements
    .filter((statement) => NEW_FOREIGN_KEY.test(statement))
    .toReversed()
    .reduce(
      (all, statement) => putAfter(all, statement, isKeyOf(NEW_FOREIGN_KEY.exec(statement)?.[1] ?? '')),
      statements,
    );
}

/**
 * An enum that loses a value is dropped and made anew between two conversions of its columns. A column that goes must
 * be gone by then, with what stands on it; one that comes must be there to be converted.
 */
function settleColumnsBeforeEnum(statements: readonly string[], from: SnapshotJson): readonly string[] {
  let all = statements;
  for (const enumName of rebuiltEnums(statements)) {
    const block = enumBlock(all, enumName);
    const isGone = columnDrops(from, enumName);
    const last = all.findLastIndex((statement) => isGone.has(statement.trim()));
    const early = all.filter(
      (statement, index) =>
        index > block.end &&
        (isGone.has(statement.trim()) ||
          (index < last && /^(DROP INDEX|ALTER TABLE .* DROP CONSTRAINT) /s.test(statement)) ||
          block.added.some((start) => statement.startsWith(start))),
    );
    const start = all[block.start];
    for (const statement of early) all = putBefore(all, statement, (other) => other === start);
    all = withoutConversionsOf(isGone, all);
  }
  return all;
}

/** What drizzle-kit converts of a column that is gone by then. */
function withoutConversionsOf(drops: ReadonlySet<string>, statements: readonly string[]): readonly string[] {
  return statements.filter((statement, index) => {
    const [, table, column] = /^(ALTER TABLE .*?) ALTER COLUMN ("(?:[^"]|"")+") /s.exec(statement) ?? [];
    if (table === undefined || column === undefined) return true;
    const drop = `${table} DROP COLUMN ${column};`;
    return !drops.has(drop) || !statements.slice(0, index).some((earlier) => earlier.trim() === drop);
  });
}

/** The types that are dropped and made again at once: `"public"."mood"`. */
function rebuiltEnums(statements: readonly string[]): string[] {
  return statements.flatMap((statement, index) => {
    const name = /^DROP TYPE (.*);/.exec(statement)?.[1];
    return name !== undefined && statements[index + 1]?.startsWith(`CREATE TYPE ${name} AS`) ? [name] : [];
  });
}

interface EnumBlock {
  /** The first of the conversions to text, or the drop itself; and the new type. */
  readonly start: number;
  readonly end: number;
  /** How the statements begin that add a column which is converted. */
  readonly added: readonly string[];
}

const TO_TEXT =
  /^(ALTER TABLE .*) ALTER COLUMN ("(?:[^"]|"")+") (?:SET DATA TYPE text|SET DEFAULT .*::text);$/s;

function enumBlock(statements: readonly string[], enumName: string): EnumBlock {
  const drop = statements.findIndex((statement) => statement.startsWith(`DROP TYPE ${enumName};`));
  let start = drop;
  while (start > 0 && TO_TEXT.test(statements[start - 1]?.trim() ?? '')) start -= 1;
  const added = statements.slice(start, drop).map((statement) => {
    const [, table = '', column = ''] = TO_TEXT.exec(statement.trim()) ?? [];
    return `${table} ADD COLUMN ${column} `;
  });
  return { start, end: drop + 1, added };
}

/** How the drops of an enum's columns are written. */
function columnDrops({ tables }: SnapshotJson, enumName: string): ReadonlySet<string> {
  return new Set(
    Object.values(tables).flatMap((table) =>
      Object.values(table.columns)
        .filter(
          ({ type, typeSchema }) =>
            `${quoteIdentifier(typeSchema ?? '')}.${quoteIdentifier(type.replace(/(\[\d*\])+$/, ''))}` ===
            enumName,
        )
        .map((column) => `ALTER TABLE ${written(table)} DROP COLUMN ${quoteIdentifier(column.name)};`),
    ),
  );
}

/** A table as drizzle-kit writes it in ALTER TABLE. */
function written({ schema, name }: Pick<TableJson, 'schema' | 'name'>): string {
  const quoted = quoteIdentifier(name);
  return schema === '' || schema === 'public' ? quoted : `${quoteIdentifier(schema)}.${quoted}`;
}

/** Moves a statement before the first that `isLater` says, where it stands after it. */
function putBefore(
  statements: readonly string[],
  statement: string,
  isLater: (other: string) => boolean,
): readonly string[] {
  const to = statements.findIndex(isLater);
  const at = statements.indexOf(statement);
  return to < 0 || at < to ? statements : statements.toSpliced(at, 1).toSpliced(to, 0, statement);
}

/** Moves a statement after the last that `isEarlier` says, where it stands before it. */
function putAfter(
  statements: readonly string[],
  statement: string,
  isEarlier: (other: string) => boolean,
): readonly string[] {
  const to = statements.findLastIndex(isEarlier);
  const at = statements.indexOf(statement);
  return at > to ? statements : statements.toSpliced(to + 1, 0, statement).toSpliced(at, 1);
}
