import { byteLength } from '../postgres/parser.ts';
import type { ModifyEnumDocument, ModifyTableDocument, Plan, PlanDocument } from './plan.ts';

/** Longer names are cut at a word; together with the number in front they stay readable and below 63 bytes. */
const LONGEST = 60;

/**
 * The name of the plan's migration: the given one, else one that says what it does, in snake_case.
 *
 * @example deriveMigrationName(plan) // 'create_products_table', 'add_brand_id_to_products'
 */
export function deriveMigrationName(plan: Plan): string {
  const [first, ...rest] = plan.documents;
  if (first === undefined) return 'empty';
  if (first.name !== undefined) return first.name;
  return shorten(toSnakeCase(rest.length === 0 ? nameOfDocument(first) : nameOfDocuments(plan.documents)));
}

/** `AddBrandIdToProducts`, `add-brand-id`, `addBrandId` → `add_brand_id…`; digits stay with the word before. */
export function toSnakeCase(name: string): string {
  return name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replaceAll(/[\s-]+/g, '_')
    .toLowerCase();
}

/** `add_brand_id` → `AddBrandId`. */
export function toPascalCase(name: string): string {
  const words = toSnakeCase(name)
    .split('_')
    .filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** `add_brand_id` → `add-brand-id`. */
export function toKebabCase(name: string): string {
  return toSnakeCase(name).replaceAll('_', '-');
}

function nameOfDocuments(documents: readonly PlanDocument[]): string {
  const tables = documents.flatMap((document) => ('fields' in document ? [document.table_name] : []));
  if (tables.length === documents.length)
    return fitting(`create_${joined(tables)}_tables`, `create_${tables[0]}_and_others`);
  const names = documents.map(nameOfDocument);
  const short = documents.map(shortNameOf);
  // An enum that is made goes without saying beside the tables that are made.
  const made = documents.filter((document) => tables.length === 0 || document.migration_type !== 'new_enum');
  return (
    [joined(names), joined(short), joined(made.map(nameOfDocument)), joined(made.map(shortNameOf))].find(
      fits,
    ) ?? `${short[0]}_and_others`
  );
}

/** What is done to which table or enum: `create_orders`, `alter_users`. */
function shortNameOf(document: PlanDocument): string {
  const [verb = ''] = document.migration_type.split('_');
  const name = 'enum_name' in document ? document.enum_name : document.table_name;
  return `${verb === 'new' ? 'create' : verb === 'modify' ? 'alter' : verb}_${name}`;
}

function nameOfDocument(document: PlanDocument): string {
  switch (document.migration_type) {
    case 'new_domain':
    case 'new_table':
      return `create_${withKind(document.table_name, 'table')}`;
    case 'modify_existing':
      return nameOfChanges(document);
    case 'drop_table':
      return `drop_${withKind(document.table_name, 'table')}`;
    case 'rename_table':
      return `rename_${document.table_name}_to_${document.new_name}`;
    case 'new_enum':
      return `create_${withKind(document.enum_name, 'enum')}`;
    case 'modify_enum':
      return nameOfEnumChanges(document);
    case 'drop_enum':
      return `drop_${withKind(document.enum_name, 'enum')}`;
  }
}

/** `products_table`; what is called `status_enum` already is not a `status_enum_enum`. */
function withKind(name: string, kind: 'table' | 'enum'): string {
  return toSnakeCase(name).endsWith(`_${kind}`) ? name : `${name}_${kind}`;
}

type Changes = ModifyTableDocument['changes'];
type ChangeKey = keyof Changes;

/** What goes with new columns without being worth a word of its own. */
const ALONG_WITH_COLUMNS: readonly ChangeKey[] = [
  'add_columns',
  'add_indexes',
  'add_foreign_keys',
  'add_unique',
  'add_checks',
];

function nameOfChanges(document: ModifyTableDocument): string {
  const { changes, table_name: table } = document;
  const keys = (Object.keys(changes) as ChangeKey[]).filter((key) => changes[key] !== undefined);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (changes.add_columns && keys.every((key) => ALONG_WITH_COLUMNS.includes(key))) {
    return fitting(
      `add_${joined(changes.add_columns.map(({ name }) => name))}_to_${table}`,
      `add_columns_to_${table}`,
    );
  }
  return only === undefined ? `alter_${table}` : nameOfChange(only, changes, table);
}

function nameOfChange(key: ChangeKey, changes: Changes, table: string): string {
  switch (key) {
    case 'rename_table':
      return `rename_${table}_to_${changes.rename_table}`;
    case 'rename_columns':
      return fitting(
        `rename_${joined(changes.rename_columns?.map(({ from, to }) => `${from}_to_${to}`))}_in_${table}`,
        `rename_columns_in_${table}`,
      );
    case 'drop_columns':
      return fitting(`drop_${joined(changes.drop_columns)}_from_${table}`, `drop_columns_from_${table}`);
    case 'modify_columns':
      return fitting(
        `alter_${joined(changes.modify_columns?.map(({ name }) => name))}_in_${table}`,
        `alter_columns_in_${table}`,
      );
    case 'add_indexes':
      return nameOfIndexes(changes.add_indexes ?? [], table);
    case 'add_unique':
      return fitting(
        `add_unique_on_${joined(changes.add_unique?.map(({ fields }) => fields.join('_')))}_to_${table}`,
        `add_unique_to_${table}`,
      );
    case 'add_foreign_keys':
      return fitting(
        `add_foreign_key_on_${joined(changes.add_foreign_keys?.map(({ field, fields }) => fields?.join('_') ?? field ?? ''))}_to_${table}`,
        `add_foreign_keys_to_${table}`,
      );
    case 'add_columns':
    case 'add_checks':
    case 'modify_foreign_keys':
    case 'drop_indexes':
    case 'drop_foreign_keys':
    case 'drop_unique':
    case 'drop_checks':
      return `${key}_${key.startsWith('drop') ? 'from' : key.startsWith('add') ? 'to' : 'in'}_${table}`;
    case 'primary_key':
      return `change_primary_key_of_${table}`;
    case 'comment':
      return `comment_on_${table}`;
  }
}

function nameOfIndexes(indexes: NonNullable<Changes['add_indexes']>, table: string): string {
  const [index] = indexes;
  if (indexes.length !== 1 || index?.fields === undefined) return `add_indexes_to_${table}`;
  return fitting(
    `add_${index.type === 'unique' ? 'unique_' : ''}index_on_${table}_${index.fields.join('_')}`,
    `add_index_on_${table}`,
  );
}

/** Labels may hold anything: what is no word does not go into the name. */
function nameOfEnumChanges(document: ModifyEnumDocument): string {
  const { add_values: added = [], rename_values: renamed = [], drop_values: dropped = [] } = document.changes;
  const words = added.map(({ value }) =>
    toSnakeCase(value.replaceAll(/[^\p{L}\p{N}]+/gu, '_')).replaceAll(/^_+|_+$/g, ''),
  );
  const plain = renamed.length + dropped.length === 0 && words.every((word) => word !== '');
  return plain
    ? fitting(`add_${joined(words)}_to_${document.enum_name}`, `add_values_to_${document.enum_name}`)
    : `alter_${document.enum_name}`;
}

function joined(words: readonly string[] = []): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join('_')}_and_${words.at(-1)}`;
}

function fitting(long: string, short: string): string {
  return fits(long) ? long : short;
}

function fits(name: string): boolean {
  return byteLength(name) <= LONGEST;
}

/** Cuts at the last word that fits, unless that would leave little. */
function shorten(name: string): string {
  if (byteLength(name) <= LONGEST) return name;
  const characters = [...name];
  while (byteLength(characters.join('')) > LONGEST) characters.pop();
  const cut = characters.join('');
  const words = cut.slice(0, cut.lastIndexOf('_'));
  return byteLength(words) > LONGEST / 2 ? words : cut;
}
