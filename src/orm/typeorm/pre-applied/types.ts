import type { AlterColumn } from '../../../plan/change.ts';
import type { DatabaseSchema } from '../../../plan/database-schema.ts';
import { isOfEnum } from '../../../plan/resolve/enum-type.ts';
import { castBack, refusingCast } from '../../../postgres/cast-back.ts';
import type { Engine } from '../../../postgres/engines/engine.ts';
import { quoteIdentifier } from '../../../postgres/quote.ts';
import { parseType } from '../../../postgres/sql.ts';
import { viewsOn } from './dependent-views.ts';
import { alterColumnSql, type StepStatements } from './statements.ts';

type TypeChange = AlterColumn & { readonly type: NonNullable<AlterColumn['type']> };

/**
 * The statements that change a column's type where it stands: TypeORM would drop the column and add another
 * (facts/typeorm.md 4). A default is dropped before and set again after, since one of the old type need not fit
 * the new one; a default that the plan changes is left to TypeORM. `schema` and `engine` are as they are before.
 */
export async function typeStep(
  change: TypeChange,
  schema: DatabaseSchema,
  engine: Pick<Engine, 'query'>,
): Promise<StepStatements> {
  const { table, column, type } = change;
  const head = alterColumnSql(table, column.name);
  const views = await viewsOn(engine, table, column.name);
  const name = quoteIdentifier(column.name);
  const before = columnType(column.type);
  const old = ownDefault(column.default);
  const kept = change.default ? undefined : old;
  const drop = old === undefined ? [] : [`${head} DROP DEFAULT`];
  const set = (value: string | undefined) => (value === undefined ? [] : [`${head} SET DEFAULT ${value}`]);
  const sequence = await sequenceOf(engine, change);
  const resize = (to: string) => (sequence === undefined ? [] : [`ALTER SEQUENCE ${sequence} AS ${to}`]);
  const cast = type.using ?? enumCast(change, schema);
  const inverse = castBack({ column: column.name, from: before, to: type.to, using: type.using });
  const through = castThrough(before, change, schema);
  const back =
    inverse ?? refusingCast(`${name}${through}`, { from: through === '' ? type.to : 'text', to: before });
  return {
    up: [
      ...views.before,
      ...drop,
      `${head} TYPE ${type.to}${cast === undefined ? '' : ` USING ${cast}`}`,
      ...set(kept),
      ...resize(type.to),
      ...views.after,
    ],
    down: [
      ...views.before,
      ...(kept === undefined ? [] : [`${head} DROP DEFAULT`]),
      ...resize(before),
      `${head} TYPE ${before}${back === name ? '' : ` USING ${back}`}`,
      ...set(old),
      ...views.after,
    ],
    why: `the new type of ${column.name} where it stands, so that its rows stay: TypeORM would drop the column and add another`,
  };
}

/** Whether a change is one of the type. */
export function isTypeChange(change: AlterColumn): change is TypeChange {
  return change.type !== undefined;
}

const SERIALS: Readonly<Record<string, string>> = {
  smallserial: 'smallint',
  serial: 'integer',
  bigserial: 'bigint',
};

/** A serial column holds integers. */
function columnType(type: string): string {
  return SERIALS[type] ?? type;
}

/** A default that a new type concerns; the next value of a sequence stays where it is. */
function ownDefault(expression: string | undefined): string | undefined {
  return expression === undefined || /^nextval\(/i.test(expression) ? undefined : expression;
}

/** Text becomes an enum, and one enum another, only by way of text. */
function enumCast({ column, type }: TypeChange, schema: DatabaseSchema): string | undefined {
  if (!isEnum(type.to, schema)) return undefined;
  const arrays = /(\[\d*\])+$/.exec(type.to)?.[0] ?? '';
  return `${quoteIdentifier(column.name)}::text${arrays}::${type.to}`;
}

function castThrough(before: string, { type }: TypeChange, schema: DatabaseSchema): string {
  return isEnum(before, schema) && !isEnumFree(type.to) ? '::text' : '';
}

function isEnumFree(type: string): boolean {
  return ['text', 'varchar'].includes(parseType(type).name);
}

function isEnum(type: string, schema: DatabaseSchema): boolean {
  return schema.enums.some((item) => isOfEnum({ name: '', type, notNull: false }, item));
}

const INTEGERS = new Set(['smallint', 'integer', 'bigint']);

/** The sequence of a serial or identity column, which would go on counting in the old type. */
async function sequenceOf(
  engine: Pick<Engine, 'query'>,
  { table, column, type }: TypeChange,
): Promise<string | undefined> {
  if (!INTEGERS.has(type.to) || !INTEGERS.has(columnType(column.type))) return undefined;
  const [row] = await engine.query<{ name: string | null }>(
    "select pg_get_serial_sequence(quote_ident($1) || '.' || quote_ident($2), $3) as name",
    [table.schema, table.name, column.name],
  );
  return row?.name?.replace(/^public\./, '');
}
