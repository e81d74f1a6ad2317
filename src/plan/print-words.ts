import { type FieldParts, readField } from './fragments.ts';
import { deriveMigrationName, toPascalCase } from './migration-name.ts';
import type {
  ModifyTableDocument,
  NewTableDocument,
  Plan,
  PlanDocument,
  PlanField,
  PlanForeignKey,
  PlanIndex,
} from './plan.ts';
import { readWords } from './words.ts';
import type { WordsContext, WordsTable } from './words/request.ts';
import { quoteForShell } from './quote-for-shell.ts';

/**
 * The one line of words that means the same as a plan, quoted for a shell; undefined where words cannot say it all, or
 * say something else beside the tables of `context`. Wants `loadSqlParser` to have been awaited.
 *
 * @example printWords(plan) // "products 'price:int!=0' brand_id:uuid:ref(brands)"
 */
export function printWords(plan: Plan, context?: WordsContext): string | undefined {
  return toWords(plan, context)?.map(quoteForShell).join(' ');
}

/** The same, word by word. What comes out was read back and found to mean the same. */
export function toWords(plan: Plan, context?: WordsContext): string[] | undefined {
  const [document] = plan.documents;
  if (
    document === undefined ||
    plan.documents.length > 1 ||
    document.safety ||
    document.description !== undefined
  )
    return undefined;
  const short = withoutConventions(document, context);
  const all = [...(short ? candidates(short, { documents: [short] }) : []), ...candidates(document, plan)];
  return all.find((words) => meansTheSame(words, plan, document, context));
}

/** What words say by themselves need not be said. */
function withoutConventions(
  document: PlanDocument,
  context: WordsContext | undefined,
): NewTableDocument | undefined {
  const { conventions } = context ?? {};
  if (conventions === undefined || !('fields' in document)) return undefined;
  const implied = [conventions.key, ...conventions.timestamps].map((field) => JSON.stringify(field));
  const fields = document.fields.filter((field) => !implied.includes(JSON.stringify(field)));
  return fields.length === 0 ? undefined : { ...document, fields };
}

function candidates(document: PlanDocument, plan: Plan): string[][] {
  const rest = restOf(document);
  if (rest === undefined) return [];
  const byName = [toPascalCase(deriveMigrationName(plan)), ...rest];
  const byTable =
    'table_name' in document && document.name === undefined && rest.length > 0
      ? [[document.table_name, ...rest]]
      : [];
  return document.migration_type === 'modify_existing' ? [...byTable, byName] : [byName, ...byTable];
}

function restOf(document: PlanDocument): string[] | undefined {
  switch (document.migration_type) {
    case 'new_domain':
    case 'new_table':
      return newTableWords(document);
    case 'modify_existing':
      return changeWords(document.changes);
    case 'new_enum':
      return [...document.values];
    case 'drop_table':
    case 'rename_table':
    case 'drop_enum':
      return [];
    case 'modify_enum':
      return undefined;
  }
}

function newTableWords(document: NewTableDocument): string[] | undefined {
  const {
    migration_type: _type,
    name: _name,
    schema: _schema,
    table_name: _table,
    fields,
    indexes,
    foreign_keys: keys,
    ...rest
  } = document;
  return Object.keys(rest).length === 0 ? columnWords(fields, indexes, keys) : undefined;
}

function changeWords(changes: ModifyTableDocument['changes']): string[] | undefined {
  const { add_columns: fields, add_indexes: indexes, add_foreign_keys: keys, ...rest } = changes;
  if (fields && Object.keys(rest).length === 0) return columnWords(fields, indexes, keys);
  if (changes.drop_columns) return [...changes.drop_columns];
  if (changes.modify_columns)
    return changes.modify_columns.map(
      (column) =>
        `${column.name}:${column.new_type ?? ''}${column.nullable === false ? '!' : ''}${column.default === undefined ? '' : `=${column.default}`}`,
    );
  if (keys) return keys.map((key) => `${key.field ?? ''}:${referenceWord(key)}`);
  return [
    ...(indexes?.flatMap((index) => index.fields ?? []) ?? []),
    ...(changes.add_unique?.flatMap((unique) => unique.fields) ?? []),
  ];
}

function columnWords(
  fields: readonly PlanField[],
  indexes: readonly PlanIndex[] = [],
  keys: readonly PlanForeignKey[] = [],
): string[] {
  return fields.map((field) => {
    const index = indexes.some(
      (candidate) => candidate.type !== 'unique' && candidate.fields?.join() === field.name,
    );
    const key = keys.find((candidate) => (candidate.field ?? candidate.fields?.join()) === field.name);
    return columnWord(field, readField(field), [
      ...(index ? [':index'] : []),
      ...(key ? [`:${referenceWord(key)}`] : []),
    ]);
  });
}

function columnWord(field: PlanField, parts: FieldParts, more: readonly string[]): string {
  const { column, references } = parts;
  const serial = column.type.endsWith('serial');
  const notNull = column.notNull && !parts.primaryKey && !serial ? '!' : '';
  const reference = references
    ? [
        `:ref(${[targetWord(references), ...(references.onDelete === 'no action' ? [] : [references.onDelete.replaceAll(' ', '_')])].join(',')})`,
      ]
    : [];
  const flags = [
    ...(parts.primaryKey ? [':pk'] : []),
    ...(parts.unique ? [':unique'] : []),
    ...reference,
    ...more,
  ];
  return `${field.name}:${field.type.trim()}${notNull}${column.default === undefined ? '' : `=${column.default}`}${flags.join('')}`;
}

function targetWord(reference: NonNullable<FieldParts['references']>): string {
  const schema = reference.table.schema === 'public' ? '' : `${reference.table.schema}.`;
  return `${schema}${reference.table.name}${reference.columns.map((column) => `.${column}`).join('')}`;
}

function referenceWord(key: PlanForeignKey): string {
  const target = key.references.replace(/\((.*)\)$/, '.$1').replaceAll(' ', '');
  return `ref(${[target, ...(key.on_delete === undefined ? [] : [key.on_delete.toLowerCase().replaceAll(' ', '_')])].join(',')})`;
}

/** Words are only told when they are understood, and as this very plan. */
function meansTheSame(
  words: readonly string[],
  plan: Plan,
  document: PlanDocument,
  context: WordsContext = { tables: tablesOf(document) },
): boolean {
  try {
    const { plan: again } = readWords(words, context);
    const named = deriveMigrationName(again) === deriveMigrationName(plan);
    return named && JSON.stringify(meaningOf(again.documents[0])) === JSON.stringify(meaningOf(document));
  } catch {
    return false;
  }
}

/** The table that a change needs, with the columns that it speaks of. */
function tablesOf(document: PlanDocument): WordsTable[] {
  if (!('table_name' in document) || 'fields' in document) return [];
  const schema = document.schema ?? 'public';
  const columns = document.migration_type === 'modify_existing' ? columnsOfChanges(document.changes) : [];
  return [{ schema, name: document.table_name, columns, foreignKeys: [] }];
}

function columnsOfChanges(changes: ModifyTableDocument['changes']): string[] {
  return [
    ...(changes.drop_columns ?? []),
    ...(changes.rename_columns ?? []).map(({ from }) => from),
    ...(changes.modify_columns ?? []).map(({ name }) => name),
    ...(changes.add_indexes ?? []).flatMap(({ fields }) => fields ?? []),
    ...(changes.add_unique ?? []).flatMap(({ fields }) => fields),
    ...(changes.add_foreign_keys ?? []).flatMap(({ field, fields }) => fields ?? [field ?? '']),
  ].filter((column) => !changes.add_columns?.some(({ name }) => name === column));
}

/** A document without what is the same said otherwise: keys or constraints, a key on the field or beside it. */
function meaningOf(document: PlanDocument | undefined): unknown {
  if (document === undefined) return undefined;
  const { name: _name, ...rest } = document;
  if (rest.migration_type === 'new_table' || rest.migration_type === 'new_domain') {
    const { fields, foreign_keys: keys, indexes = [], ...table } = rest;
    const plain = { ...table, migration_type: 'new_table', indexes: indexes.map(meaningOfIndex) };
    return sorted({ ...plain, fields: fields.map((field) => meaningOfField(field, keys)) });
  }
  if (rest.migration_type !== 'modify_existing') return sorted(rest);
  const {
    add_columns: fields,
    add_foreign_keys: keys = [],
    add_indexes: indexes = [],
    ...changes
  } = rest.changes;
  const own = fields ? keys.filter((key) => !fields.some((field) => field.name === key.field)) : keys;
  const added = fields?.map((field) => meaningOfField(field, keys));
  return sorted({
    ...rest,
    changes: sorted({
      ...changes,
      fields: added,
      keys: own.map(meaningOfKey),
      indexes: indexes.map(meaningOfIndex),
    }),
  });
}

function meaningOfField(field: PlanField, keys: readonly PlanForeignKey[] = []): unknown {
  const key = keys.find((candidate) => (candidate.field ?? candidate.fields?.join()) === field.name);
  const { field: _field, fields: _fields, ...reference } = key ?? { field: undefined, fields: undefined };
  const { references, on_delete, on_update, ...extra } = reference as Partial<PlanForeignKey>;
  const whole = key
    ? {
        ...field,
        references: references ?? '',
        ...(on_delete ? { on_delete } : {}),
        ...(on_update ? { on_update } : {}),
      }
    : field;
  const { column, ...parts } = readField(whole);
  return sorted({ ...parts, column: sorted({ ...column }), extra: sorted({ ...extra, raw: field.raw }) });
}

function meaningOfKey(key: PlanForeignKey): unknown {
  return sorted({
    ...key,
    fields: undefined,
    field: key.field ?? key.fields?.join(),
    references: key.references.replaceAll(' ', ''),
    on_delete: key.on_delete?.toLowerCase(),
  });
}

function meaningOfIndex(index: PlanIndex): unknown {
  return sorted({ ...index, type: index.type ?? 'index' });
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
