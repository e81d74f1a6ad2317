import { ts } from '../compiler.cjs';
import type { ColumnStyle } from './column-text.ts';
import { casedName, toCase, toIdentifier } from '../case.ts';
import { literalText } from './chain.ts';
import type { ColumnModel, ColumnsModel, ExtrasModel, TableModel } from './model.ts';
import { type Casing, readColumns } from './read-columns.ts';
import { keysUsed, readExtras } from './read-extras.ts';
import type { FileStyle } from '../source-file.ts';

/** A table read for the way in which it is written. */
export interface Sample {
  readonly table: TableModel;
  readonly columns: ColumnsModel | undefined;
  readonly extras: ExtrasModel | undefined;
}

export function sampleOf(table: TableModel, casing: Casing): Sample {
  const extras = readExtras(table);
  return { table, columns: readColumns(table, casing), extras: extras === 'opaque' ? undefined : extras };
}

/** The more of one kind than of the other, in the nearest samples; `fallback` when there is neither. */
function mostOf<T>(values: readonly T[], fallback: T): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [fallback, 0] as [
    T,
    number,
  ])[0];
}

/** How keys of columns are cased: only names of two words tell. */
export function keyCase(samples: readonly Sample[]): 'camel' | 'snake' {
  for (const sample of samples) {
    const keys = (sample.columns?.columns ?? []).map((column) => column.key);
    const snake = keys.filter((key) => /[a-z0-9]_[a-z0-9]/.test(key)).length;
    const camel = keys.filter((key) => /[a-z0-9][A-Z]/.test(key)).length;
    if (snake + camel > 0) return snake > camel ? 'snake' : 'camel';
  }
  return 'camel';
}

/** The key of a column in the case of its table; the name as it is when it is no snake_case. */
export function columnKey(name: string, wordCase: 'camel' | 'snake', casing: Casing): string {
  if (wordCase === 'snake' || !/[_\-\s]|^[A-Z]/.test(name))
    return /^[\w$]+$/.test(name) ? name : toIdentifier(name);
  const key = toCase(name, 'camel');
  const isReadBack = casing === undefined || casedName(key, casing) === name;
  return toIdentifier(isReadBack ? key : key);
}

/** Whether a column's name is written though it could be left out, by the convention of the columns around. */
export function writesName(
  samples: readonly Sample[],
  column: { key: string; name: string },
  casing: Casing,
): boolean {
  if (casedName(column.key, casing) !== column.name) return true;
  for (const { columns } of samples) {
    const known = (columns?.columns ?? []).filter(
      (each) => each.chain !== undefined && isDerivable(each, casing),
    );
    const alike = known.filter((each) => (each.key === each.name) === (column.key === column.name));
    const pool = alike.length > 0 ? alike : known;
    if (pool.length > 0)
      return pool.filter((each) => each.nameLiteral !== undefined).length * 2 >= pool.length;
  }
  return casing === undefined;
}

function isDerivable(column: ColumnModel, casing: Casing): boolean {
  return casedName(column.key, casing) === column.name;
}

/** How builders and their modifiers are written around here. */
export function columnStyle(samples: readonly Sample[], style: FileStyle, prefix: string): ColumnStyle {
  const columns = samples.flatMap((sample) => [...(sample.columns?.columns ?? [])]);
  const orders = columns.flatMap((column) => defaultOrder(column));
  const short = orders.filter((order) => order.isShort).map((order) => order.place);
  const value = orders.filter((order) => !order.isShort).map((order) => order.place);
  const timestampMode = modesOf(columns, 'timestamp', ['date', 'string']);
  return {
    quote: style.quote,
    prefix,
    bigintMode: mostOf(modesOf(columns, 'bigint', ['number', 'bigint']), 'number') as 'number' | 'bigint',
    timestampMode: mostOf(timestampMode, undefined) as 'date' | 'string' | undefined,
    shortDefault: mostOf(short, mostOf(value, 'before-not-null')),
    valueDefault: mostOf(value, 'after-not-null'),
    key: mostOf(columns.flatMap(keyPlace), 'before-default'),
    numeric: mostOf(columns.flatMap(numericName), 'numeric'),
  };
}

/** Where `.primaryKey()` stands beside a default. */
function keyPlace({ chain }: ColumnModel): ColumnStyle['key'][] {
  const names = chain?.links.map((link) => link.name) ?? [];
  const [key, at] = [names.indexOf('primaryKey'), names.findIndex(isDefault)];
  if (key === -1 || at === -1) return [];
  return [key < at ? 'before-default' : 'after-default'];
}

function numericName({ chain }: ColumnModel): ColumnStyle['numeric'][] {
  return chain?.root === 'numeric' || chain?.root === 'decimal' ? [chain.root] : [];
}

function isDefault(link: string): boolean {
  return /^default(Now|Random)?$/.test(link);
}

interface DefaultOrder {
  readonly isShort: boolean;
  readonly place: 'before-not-null' | 'after-not-null';
}

function defaultOrder({ chain }: ColumnModel): DefaultOrder[] {
  const names = chain?.links.map((link) => link.name) ?? [];
  const notNull = names.indexOf('notNull');
  const at = names.findIndex(isDefault);
  if (notNull === -1 || at === -1) return [];
  return [{ isShort: names[at] !== 'default', place: at < notNull ? 'before-not-null' : 'after-not-null' }];
}

function modesOf(
  columns: readonly ColumnModel[],
  root: string,
  modes: readonly string[],
): (string | undefined)[] {
  return columns.filter((column) => column.chain?.root === root).map((column) => modeOf(column, modes));
}

function modeOf({ chain }: ColumnModel, modes: readonly string[]): string | undefined {
  const mode = configValue(chain?.rootCall, 'mode');
  return mode !== undefined && modes.includes(mode) ? mode : undefined;
}

/** A text in the configuration of a builder: `mode` of `timestamp('a', { mode: 'string' })`. */
export function configValue(call: ts.CallExpression | undefined, key: string): string | undefined {
  const config = call?.arguments.find(ts.isObjectLiteralExpression);
  const property = config?.properties.find(
    (each) => ts.isPropertyAssignment(each) && ts.isIdentifier(each.name) && each.name.text === key,
  );
  return property && ts.isPropertyAssignment(property) ? literalText(property.initializer) : undefined;
}

/** How the third argument is written around here. The reference project's own example returns an object from a block. */
export interface ExtrasConvention {
  readonly form: 'object' | 'array';
  readonly isBlock: boolean;
  readonly parameter: string;
}

export function extrasConvention(samples: readonly Sample[]): ExtrasConvention {
  const extras = samples.flatMap((sample) => sample.extras ?? []);
  if (extras.length === 0) return { form: 'array', isBlock: false, parameter: 'table' };
  const form = mostOf(
    extras.map((each) => each.form),
    'object' as 'object' | 'array',
  );
  const alike = extras.filter((each) => each.form === form);
  const parameters = alike
    .flatMap((each) => each.parameter ?? [])
    .filter((name) => !samples.some((sample) => sample.table.variable === name));
  return {
    form,
    isBlock: mostOf(
      alike.map((each) => each.isBlock),
      false,
    ),
    parameter: mostOf(parameters, 'table'),
  };
}

/** How the keys of an object of extras are made from what they are about. */
export type ExtraKeyConvention = (subject: ExtraSubject) => string;

export interface ExtraSubject {
  readonly kind: 'index' | 'unique' | 'check' | 'foreignKey' | 'primaryKey';
  readonly name: string;
  readonly keys: readonly string[];
}

const SUFFIX: Readonly<Record<ExtraSubject['kind'], string>> = {
  index: 'Idx',
  unique: 'Unique',
  check: 'Check',
  foreignKey: 'Fk',
  primaryKey: 'Pk',
};

const KEY_HABITS: readonly ExtraKeyConvention[] = [
  ({ keys, kind }) => joinKeys(keys.map((key) => key.replace(/(?<=.)(Id|_id)$/, ''))) + SUFFIX[kind],
  ({ keys, kind }) => joinKeys(keys) + SUFFIX[kind],
  ({ keys }) => `${joinKeys(keys)}Index`,
  ({ name }) => toCase(name, 'camel'),
  ({ name }) => name,
  ({ keys }) => `${keys.join('_')}_idx`,
  ({ keys }) => `idx_${keys.join('_')}`,
  ({ keys }) => `idx${toCase(keys.join('_'), 'pascal')}`,
  ({ keys }) => joinKeys(keys),
];

/** The way of making keys that most entries around here follow; the reference project's (`categoryIdx`) when none does. */
export function extraKeyConvention(samples: readonly Sample[]): ExtraKeyConvention {
  const known = samples.flatMap((sample) => (sample.extras?.form === 'object' ? entriesOf(sample) : []));
  const score = (convention: ExtraKeyConvention) =>
    known.filter(({ key, subject }) => convention(subject) === key).length;
  return KEY_HABITS.reduce((best, next) => (score(next) > score(best) ? next : best));
}

function entriesOf({ table, extras }: Sample): { key: string; subject: ExtraSubject }[] {
  const owners = new Set([extras?.parameter ?? '', table.variable]);
  return (extras?.entries ?? []).flatMap(({ key, chain }) => {
    if (key === undefined || chain === undefined || !/^(uniqueIndex|index)$/.test(chain.root)) return [];
    const on = chain.links.find((link) => link.name === 'on' || link.name === 'using');
    const keys = on ? keysUsed(on.call, owners) : [];
    return [
      {
        key,
        subject: { kind: 'index' as const, name: literalText(chain.rootCall.arguments[0]) ?? '', keys },
      },
    ];
  });
}

function joinKeys(keys: readonly string[]): string {
  const parts = keys.map((key) => toCase(key, 'camel'));
  return parts
    .map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');
}
