import type { Change } from '../../../plan/change.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  findEnum,
  type ObjectName,
} from '../../../plan/database-schema.ts';
import { isOfEnum } from '../../../plan/resolve/enum-type.ts';
import { quoteIdentifier, quoteLiteral } from '../../../postgres/quote.ts';
import { alterColumnSql, type StepStatements, typeSql } from './statements.ts';

export type EnumChange = Extract<
  Change,
  { readonly kind: 'add-enum-value' | 'rename-enum-value' | 'drop-enum-value' }
>;

/**
 * The statements of a change of an enum's values. TypeORM 1.1 adds a value at the end only and its way back fails
 * where a column has a default; 0.3 builds the type anew for every change (facts/typeorm.md 4). `schema` is the one
 * before the change.
 */
export function enumStep(change: EnumChange, schema: DatabaseSchema): StepStatements {
  const { enum: name } = change;
  const type = typeSql(name);
  const values = findEnum(schema, name)?.values ?? [];
  const columns = columnsOf(schema, name);
  switch (change.kind) {
    case 'rename-enum-value': {
      const { from, to } = change;
      const rename = (a: string, b: string) =>
        `ALTER TYPE ${type} RENAME VALUE ${quoteLiteral(a)} TO ${quoteLiteral(b)}`;
      return { up: [rename(from, to)], down: [rename(to, from)], why: `the value ${from} renamed in place` };
    }
    case 'add-enum-value':
      return {
        up: [addValue(type, change)],
        down: rebuild(name, values, columns),
        why: `the value ${change.value} added in its place; the rollback drops and sets defaults around the new type`,
      };
    case 'drop-enum-value': {
      const at = values.indexOf(change.value);
      const left = values.filter((value) => value !== change.value);
      const [before, after] = [values[at + 1], values[at - 1]];
      return {
        up: rebuild(name, left, columns),
        down: [
          addValue(type, { value: change.value, before, after: before === undefined ? after : undefined }),
        ],
        why: `a type without ${change.value} in place of the old one`,
      };
    }
  }
}

interface EnumColumn {
  readonly table: ObjectName;
  readonly column: ColumnDef;
}

function columnsOf(schema: DatabaseSchema, name: ObjectName): EnumColumn[] {
  return schema.tables.flatMap((table) =>
    table.columns.filter((column) => isOfEnum(column, name)).map((column) => ({ table, column })),
  );
}

function addValue(
  type: string,
  { value, before, after }: { value: string; before?: string | undefined; after?: string | undefined },
): string {
  const place =
    before !== undefined
      ? ` BEFORE ${quoteLiteral(before)}`
      : after === undefined
        ? ''
        : ` AFTER ${quoteLiteral(after)}`;
  return `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)}${place}`;
}

/** Postgres cannot drop a value: a new type takes the place of the old one, as TypeORM itself writes it. */
function rebuild(name: ObjectName, values: readonly string[], columns: readonly EnumColumn[]): string[] {
  const type = typeSql(name);
  const old = { ...name, name: `${name.name}_old` };
  return [
    `ALTER TYPE ${type} RENAME TO ${quoteIdentifier(old.name)}`,
    `CREATE TYPE ${type} AS ENUM(${values.map(quoteLiteral).join(', ')})`,
    ...columns.flatMap(({ table, column }) => {
      const head = alterColumnSql(table, column.name);
      const arrays = /(\[\d*\])+$/.exec(column.type)?.[0] ?? '';
      const cast = `USING ${quoteIdentifier(column.name)}::"text"${arrays}::${type}${arrays}`;
      const kept = column.default;
      return [
        ...(kept === undefined ? [] : [`${head} DROP DEFAULT`]),
        `${head} TYPE ${type}${arrays} ${cast}`,
        ...(kept === undefined ? [] : [`${head} SET DEFAULT ${kept}`]),
      ];
    }),
    `DROP TYPE ${typeSql(old)}`,
  ];
}
