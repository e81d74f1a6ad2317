import { TableplanError } from '../errors.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  displayName,
  isSameObject,
  type ObjectName,
  type TableDef,
} from '../plan/database-schema.ts';
import type { NewDomainDocument, PlanValidation } from '../plan/plan.ts';
import { columnsOf, SqlFragmentError } from '../postgres/sql.ts';
import type { TableInSource } from '../schema/edit-result.ts';
import { isOpaqueCheck, orderingsOfCheck, rulesOfCheck } from './check-rules.ts';
import type {
  CrudDomain,
  CrudField,
  CrudParent,
  CrudReference,
  CrudUnique,
  FieldKind,
  FieldRules,
  SoftDeletion,
} from './domain.ts';
import { withoutEmptyTexts } from './empty-texts.ts';
import { readFieldType } from './field-kind.ts';
import { rowTypeOf } from './row-type.ts';
import { listOf } from './list.ts';
import { domainNames } from './names.ts';
import { refuseServers, serverRoleOf } from './server-columns.ts';

/** What is asked of the code of a domain; everything may be left out. */
export type DomainWishes = Pick<
  NewDomainDocument,
  'entity_name' | 'authentication' | 'pagination' | 'search_fields' | 'filter_fields' | 'sort_fields'
> & {
  /** Column → what the plan says of its values. */
  readonly validation?: ReadonlyMap<string, PlanValidation> | undefined;
};

export interface DomainInput {
  readonly table: TableDef;
  readonly schema: DatabaseSchema;
  /** How the source of the project has a table. */
  readonly describe: (table: ObjectName) => TableInSource | undefined;
  readonly orm: 'drizzle' | 'typeorm';
  readonly wishes: DomainWishes;
  /** Texts of the application, which show what columns are for, and how their values are checked. */
  readonly sources: Iterable<string>;
}

/**
 * A table as a CRUD domain: what is in its columns, constraints and source, and what is asked for. Throws
 * `crud-not-possible` for a table without a key of one column, `plan-invalid` for wishes that the columns do not fit.
 * `await loadSqlParser()` first.
 */
export function buildDomain(input: DomainInput): CrudDomain {
  const { table, schema, wishes } = input;
  const source = sourceOf(table, input);
  const id = keyColumn(table);
  const fields = withoutEmptyTexts(fieldsOf(table, source, input), input.sources);
  const field = (column: string): CrudField => fields.find((each) => each.column === column)!;
  const key = field(id);
  const idSource = key.hasDefault ? 'default' : key.kind === 'uuid' ? 'application' : 'client';
  const given = fields.filter(
    (each) => each.kind !== 'opaque' && !each.isGenerated && each.role === undefined,
  );
  const isHidden = ({ column, role }: CrudField): boolean =>
    role === 'deletion' || source.properties.some((each) => each.column === column && each.isHidden === true);
  const readable = fields.filter(
    (each) => each.kind !== 'opaque' && (each === key || !(isSecret(each) || isHidden(each))),
  );
  refuseUnfillable(fields, table);
  refuseServers(fields, table);
  return {
    names: domainNames(table.name, wishes.entity_name),
    table: { schema: table.schema, name: table.name, ...source },
    fields,
    id: key,
    readable,
    idSource,
    creatable: given.filter((each) => each !== key || idSource === 'client'),
    updatable: given.filter((each) => each !== key),
    touched: fields.find((each) => isUpdatedAt(each) && !isTouched(source, each.column)),
    bumped: input.orm === 'drizzle' ? fields.find(({ role }) => role === 'version') : undefined,
    deletion: deletionOf(fields, source),
    uniques: uniquesOf(table, field),
    references: referencesOf(table, fields),
    checks: inOrder(table.checks).map(({ name, expression }) => ({
      name,
      fields: fields.filter(({ column }) => mentions(expression, column)),
      isOpaque: isOpaqueCheck(expression),
    })),
    parents: parentsOf(table, fields, input),
    isReferenced: schema.tables.some((other) =>
      other.foreignKeys.some(
        ({ references, onDelete }) =>
          isSameObject(references, table) && (onDelete === 'no action' || onDelete === 'restrict'),
      ),
    ),
    list: listOf({ table, fields: readable, key, wishes }),
    authentication: wishes.authentication,
  };
}

function deletionOf(fields: readonly CrudField[], source: TableInSource): SoftDeletion | undefined {
  const marks = fields.filter(({ role }) => role === 'deletion');
  const field = marks.find(({ kind }) => kind === 'timestamp') ?? marks[0];
  if (field === undefined) return undefined;
  const isByOrm = source.properties.some(({ column, role }) => column === field.column && role === 'deleted');
  return { field, mark: field.kind === 'boolean' ? 'flag' : 'time', isByOrm };
}

/** What a plan's document asks of the code of its domain. */
export function wishesOf(document: NewDomainDocument): DomainWishes {
  const validation = document.fields.flatMap((field) =>
    field.validation === undefined ? [] : [[field.name, field.validation] as const],
  );
  return { ...document, validation: new Map(validation) };
}

function keyColumn(table: TableDef): string {
  const columns = table.primaryKey?.columns ?? [];
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return only;
  const name = displayName(table);
  throw new TableplanError(
    'crud-not-possible',
    columns.length === 0
      ? `${name} has no primary key, by which single rows could be read and changed.`
      : `The primary key of ${name} has ${columns.length} columns (${columns.join(', ')}); the code is written for one.`,
    { hint: 'Give the table a key of one column, or take `tableplan migration` and write the code by hand.' },
  );
}

/** Plans, sources and catalogs name constraints in different orders; the code is the same. */
function inOrder<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function mentions(expression: string, column: string): boolean {
  try {
    return columnsOf(expression).includes(column);
  } catch (error) {
    if (error instanceof SqlFragmentError) return false;
    throw error;
  }
}

function sourceOf(table: ObjectName, { describe }: DomainInput): TableInSource {
  const source = describe(table);
  if (source !== undefined) return source;
  throw new TableplanError('crud-not-possible', `The schema source has no table ${displayName(table)}.`, {
    hint: 'Does a file that the ORM loads declare it?',
  });
}

function referencesOf(table: TableDef, fields: readonly CrudField[]): readonly CrudReference[] {
  return inOrder(table.foreignKeys).flatMap(({ name, columns, references: target }) => {
    const own = columns.map((column) => fields.find((each) => each.column === column));
    return own.every((each) => each !== undefined) ? [{ name, fields: own, target }] : [];
  });
}

/** The tables that have to hold a row first, deepest first. One that refers to itself, or in a circle, ends there. */
function parentsOf(
  table: TableDef,
  fields: readonly CrudField[],
  input: DomainInput,
  seen: readonly TableDef[] = [table],
): readonly CrudParent[] {
  const found: CrudParent[] = [];
  for (const { fields: own, target } of referencesOf(table, fields)) {
    const parent = input.schema.tables.find((each) => isSameObject(each, target));
    if (parent === undefined || seen.includes(parent) || !own.some(({ isRequired }) => isRequired)) continue;
    const source = input.describe(parent);
    if (source === undefined) continue;
    const all = fieldsOf(parent, source, { ...input, wishes: {} });
    const given = all.filter((each) => each.isRequired);
    const above = parentsOf(parent, given, input, [...seen, parent]);
    const self = {
      table: { schema: parent.schema, name: parent.name, ...source },
      fields: given,
      references: referencesOf(parent, given),
      keys: new Map(source.properties.map(({ column, key }) => [column, key])),
    };
    found.push(
      ...[...above, self].filter((each) => !found.some((other) => isSameObject(other.table, each.table))),
    );
  }
  return found;
}

/** What must not be read by whoever may read the rest. */
function isSecret({ column }: CrudField): boolean {
  return /(^|_)(password|passwd|secret|token|salt|private_key|api_key)(_|$)|(password|token|key)_?(hash|digest)/i.test(
    column,
  );
}

function fieldsOf(
  table: TableDef,
  source: TableInSource,
  { schema, orm, wishes, sources }: Pick<DomainInput, 'schema' | 'orm' | 'wishes' | 'sources'>,
): readonly CrudField[] {
  const checks = table.checks.map(({ expression }) => rulesOfCheck(expression));
  const orderings = table.checks.flatMap(({ expression }) => orderingsOfCheck(expression));
  const isKey = (column: string): boolean => table.primaryKey?.columns.includes(column) ?? false;
  return table.columns.flatMap((column): CrudField[] => {
    const property = source.properties.find((each) => each.column === column.name);
    // A column that the source does not show (a project's own factory) is left to the ORM.
    if (property === undefined) return [];
    const { kind, isArray, rules } = readFieldType(column.type, schema.enums);
    const asked = wishes.validation?.get(column.name);
    const merged = mergedRules(column, rules, checks, asked);
    refuseContradiction(column, { kind, merged, asked });
    const hasDefault =
      column.default !== undefined ||
      column.identity !== undefined ||
      property.hasDefault ||
      isSerial(column.type);
    const isGenerated =
      column.generated !== undefined ||
      column.identity?.always === true ||
      isServerTime({ key: property.key, kind, hasDefault: hasDefault || property.isTouched }) ||
      (isKey(column.name) && hasDefault);
    return [
      {
        key: property.key,
        column: column.name,
        sqlType: column.type,
        kind,
        isArray,
        isNarrowed: property.isNarrowed,
        rowType: property.type ?? rowTypeOf(kind, isArray, { orm, values: rules.values }),
        isNullable: !column.notNull && !isKey(column.name),
        hasDefault,
        isGenerated,
        role: isKey(column.name) ? undefined : serverRoleOf(column, property, { table, schema, sources }),
        isRequired: (column.notNull || isKey(column.name)) && !hasDefault && !isGenerated,
        rank: rankOf(column.name, orderings),
        rules: isArray ? rules : { ...merged, values: merged.values ?? property.values },
      },
    ];
  });
}

type Orderings = ReturnType<typeof orderingsOfCheck>;

/** How long the longest row of columns is that a column is above; a circle ends where it began. */
function rankOf(column: string, orderings: Orderings, above: readonly string[] = []): number {
  if (above.includes(column)) return 0;
  const below = orderings.filter(([, greater]) => greater === column).map(([lesser]) => lesser);
  return Math.max(0, ...below.map((each) => 1 + rankOf(each, orderings, [...above, column])));
}

function isSerial(type: string): boolean {
  return type.endsWith('serial');
}

function isServerTime(field: {
  readonly key: string;
  readonly kind: FieldKind;
  readonly hasDefault: boolean;
}): boolean {
  return field.kind === 'timestamp' && field.hasDefault && /^(created|updated)_?at$/i.test(field.key);
}

function isUpdatedAt({ key, isGenerated }: CrudField): boolean {
  return isGenerated && /^updated_?at$/i.test(key);
}

function isTouched(source: TableInSource, column: string): boolean {
  return source.properties.some((each) => each.column === column && each.isTouched);
}

/** The narrowest of what type, checks and plan say. */
function mergedRules(
  column: ColumnDef,
  type: FieldRules,
  checks: readonly ReadonlyMap<string, FieldRules>[],
  plan: PlanValidation | undefined,
): FieldRules {
  const all = [type, ...checks.flatMap((check) => check.get(column.name) ?? []), fromPlan(plan)];
  const numbers = (pick: (rules: FieldRules) => number | undefined): number[] =>
    all.map(pick).filter((value) => value !== undefined);
  const highest = (values: number[]): number | undefined =>
    values.length === 0 ? undefined : Math.max(...values);
  const lowest = (values: number[]): number | undefined =>
    values.length === 0 ? undefined : Math.min(...values);
  return {
    minLength: highest(numbers((rules) => rules.minLength)),
    maxLength: lowest(numbers((rules) => rules.maxLength)),
    min: highest(numbers((rules) => rules.min)),
    max: lowest(numbers((rules) => rules.max)),
    pattern: plan?.pattern ?? all.find((rules) => rules.pattern !== undefined)?.pattern,
    format: plan?.format,
    values: all.find((rules) => rules.values !== undefined)?.values,
    precision: type.precision,
    scale: type.scale,
  };
}

const NUMBERS: readonly FieldKind[] = ['integer', 'bigint', 'decimal', 'float'];

/** What the plan's `validation` says of values that the column does not have, or that its type and checks rule out. */
function refuseContradiction(
  { name, type }: ColumnDef,
  {
    kind,
    merged,
    asked,
  }: { readonly kind: FieldKind; readonly merged: FieldRules; readonly asked: PlanValidation | undefined },
): void {
  if (asked === undefined) return;
  const refuse = (what: string): never => {
    throw new TableplanError('plan-invalid', `validation of ${name}: ${what}.`, {
      hint: `The column is ${type}. Its type and CHECKs are validated automatically.`,
    });
  };
  for (const key of ['min_length', 'max_length', 'pattern', 'format'] as const)
    if (asked[key] !== undefined && kind !== 'text') refuse(`${key} is for texts`);
  for (const key of ['min', 'max'] as const) {
    const bound = asked[key];
    if (bound === undefined) continue;
    if (!NUMBERS.includes(kind)) refuse(`${key} is for numbers`);
    if ((kind === 'integer' || kind === 'bigint') && !Number.isInteger(bound))
      refuse(`${key} ${bound} is no whole number`);
  }
  const { min = -Infinity, max = Infinity, minLength = 0, maxLength = Infinity } = merged;
  if (min > max) refuse(`no value is at least ${min} and at most ${max}`);
  if (minLength > maxLength) refuse(`no text has at least ${minLength} and at most ${maxLength} characters`);
}

function fromPlan(plan: PlanValidation | undefined): FieldRules {
  if (plan === undefined) return {};
  return { minLength: plan.min_length, maxLength: plan.max_length, min: plan.min, max: plan.max };
}

function uniquesOf(table: TableDef, field: (column: string) => CrudField | undefined): readonly CrudUnique[] {
  const constraints = table.uniques.map(({ name, columns }) => ({ name, columns }));
  const indexes = table.indexes
    .filter(({ unique, columns }) => unique && columns.length > 0)
    .map(({ name, columns, where }) => ({
      name,
      columns: columns.filter(({ isExpression }) => !isExpression).map(({ expression }) => expression),
      isConditional: where !== undefined || columns.some(({ isExpression }) => isExpression),
    }));
  const { primaryKey } = table;
  const key = primaryKey === undefined ? [] : [{ name: primaryKey.name, columns: primaryKey.columns }];
  return inOrder([...key, ...constraints, ...indexes]).map(({ columns, ...unique }) => ({
    ...unique,
    fields: columns.flatMap((column) => field(column) ?? []),
  }));
}

/** A column that a client cannot give and Postgres does not fill makes every insert fail. */
function refuseUnfillable(fields: readonly CrudField[], table: TableDef): void {
  const stuck = fields.find((each) => each.kind === 'opaque' && each.isRequired);
  if (stuck === undefined) return;
  throw new TableplanError(
    'crud-not-possible',
    `${displayName(table)}.${stuck.column} is NOT NULL without a default, and values of type ${stuck.sqlType} have no form in JSON that tableplan knows.`,
    { hint: 'Give the column a default, or make it nullable; or write the code of this table by hand.' },
  );
}
