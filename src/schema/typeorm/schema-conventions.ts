import { type ColumnDef, findTable } from '../../plan/database-schema.ts';
import { sameType } from '../../postgres/sql.ts';
import type { SchemaFile } from '../source-file.ts';
import type { Run } from './context.ts';
import { isKeyName } from './key-types.ts';
import { type SchemaSample, schemaColumnsOf, type SchemaSampleColumn } from './schema-samples.ts';
import { itemsOf, keysOf, spreadsOf, valueOf } from './snippet.ts';
import { normalName } from './type-words.ts';
import { majority } from './vote.ts';

/** A name that the project's schemas share, and a file that has it. */
export interface SharedName {
  readonly text: string;
  readonly file: SchemaFile;
}

/** How EntitySchemas are written around a place. */
export interface SchemaConvention {
  readonly samples: readonly SchemaSample[];
  /** What stands for types, by their usual name: `String`, `TIMESTAMP_COLUMN_TYPE`; none where a string does. */
  readonly types: ReadonlyMap<string, SharedName>;
  /** Options of columns, of indexes and of relations stand on lines of their own. */
  readonly isBroken: boolean;
  /** `unique: false` stands in indexes that are none. */
  readonly writesUnique: boolean;
  /** Indexes stand above relations. */
  readonly isIndexFirst: boolean;
  /** `onDelete` stands above `joinColumn`. */
  readonly isActionFirst: boolean;
}

export function schemaConvention(samples: readonly SchemaSample[]): SchemaConvention {
  const columns = samples.flatMap(schemaColumnsOf);
  const indexes = samples.flatMap(({ options }) => itemsOf(valueOf(options, 'indices') ?? '[]') ?? []);
  const plain = indexes.filter((item) => valueOf(item, 'unique') !== 'true');
  const relations = samples.flatMap(({ options }) => valuesIn(valueOf(options, 'relations') ?? '{}'));
  const objects = [...columns.map(({ value }) => value), ...indexes, ...relations].filter((text) =>
    text.startsWith('{'),
  );
  return {
    samples,
    types: typeTexts(columns),
    isBroken: majority(objects.map((text) => text.includes('\n'))) ?? false,
    writesUnique: majority(plain.map((item) => valueOf(item, 'unique') === 'false')) ?? false,
    isIndexFirst: majority(samples.map(({ options }) => isBefore(options, 'indices', 'relations'))) ?? false,
    isActionFirst: majority(relations.map((each) => isBefore(each, 'onDelete', 'joinColumn'))) ?? false,
  };
}

function valuesIn(object: string): readonly string[] {
  return (keysOf(object)?.keys ?? []).flatMap((key) => valueOf(object, key) ?? []);
}

function isBefore(object: string, first: string, second: string): boolean | undefined {
  const keys = keysOf(object)?.keys ?? [];
  const [a, b] = [keys.indexOf(first), keys.indexOf(second)];
  return a === -1 || b === -1 ? undefined : a < b;
}

function typeTexts(columns: readonly SchemaSampleColumn[]): ReadonlyMap<string, SharedName> {
  const votes = new Map<string, { text: string; file: SchemaFile }[]>();
  for (const { column, value, sample } of columns) {
    const text = valueOf(value, 'type');
    const name = normalName(column.type);
    if (text !== undefined) votes.set(name, [...(votes.get(name) ?? []), { text, file: sample.source.file }]);
  }
  return new Map(
    [...votes].flatMap(([name, said]) => {
      const text = majority(said.map((each) => each.text))!;
      const found = said.find((each) => each.text === text)!;
      return /^[A-Za-z_$][\w$]*$/.test(text) ? [[name, found] as const] : [];
    }),
  );
}

/**
 * The constant that neighbours have for columns like this one: of the same type, a key or none (`ApIdSchema`). Undefined
 * where most write such columns out.
 */
export function sharedColumn(
  { editing }: Run,
  { samples }: SchemaConvention,
  { def, property, isKey }: { readonly def: ColumnDef; readonly property: string; readonly isKey: boolean },
): SharedName | undefined {
  const asked = isKey || isKeyName(property);
  const alike = samples.flatMap(schemaColumnsOf).filter(({ column, sample }) => {
    const table = findTable(editing.input.before, sample.entity.table);
    const known = table?.columns.find(({ name }) => name === column.column);
    const isKeyLike = column.isPrimary || isKeyName(column.property);
    return known !== undefined && isKeyLike === asked && sameType(known.type, def.type);
  });
  const named = alike.map((each) => ({ ...each, text: constantIn(each.value) }));
  const text = majority(named.map((each) => each.text ?? ''));
  const found = named.find((each) => each.text === text);
  return text === undefined || text === '' || found === undefined
    ? undefined
    : { text, file: found.sample.source.file };
}

/** `ApIdSchema` of `ApIdSchema` and of `{ ...ApIdSchema, nullable: true }`. */
function constantIn(value: string): string | undefined {
  if (/^[A-Za-z_$][\w$]*$/.test(value)) return value;
  const [spread, ...others] = value.startsWith('{') ? spreadsOf(value) : [];
  return spread !== undefined && others.length === 0 && /^[A-Za-z_$][\w$]*$/.test(spread)
    ? spread
    : undefined;
}
