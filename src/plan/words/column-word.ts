import {
  classifyExpression,
  parseType,
  quoteLiteral,
  SqlFragmentError,
  type PgType,
} from '../../postgres/sql.ts';
import type { PlanField } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { refusal, shown, type Word } from './request.ts';

/** `name:type[(args)][!][=default][:unique|:index|:pk|:ref(table[.column][,action])]`, read. */
export interface ColumnWord {
  readonly word: Word;
  readonly name: string;
  readonly type: string | undefined;
  readonly notNull: boolean;
  readonly default: string | undefined;
  readonly unique: boolean;
  readonly index: boolean;
  readonly primaryKey: boolean;
  readonly reference: { readonly target: string; readonly onDelete: string | undefined } | undefined;
}

const ACTIONS: readonly string[] = ['no action', 'restrict', 'cascade', 'set null', 'set default'];
const MODIFIERS = ['unique', 'index', 'pk', 'ref'];
const MODIFIER = /(?<!:):(?:(unique|index|pk)|ref\(([^()]*)\))$/i;
const BARE_WORD = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** Types whose defaults are texts: a bare word behind `=` is one. Types that Postgres does not have itself are enums. */
const TEXT_TYPES = new Set(['text', 'varchar', 'char', 'bpchar', 'citext', 'name']);
const OTHER_TYPES = new Set(
  (
    'integer bigint smallint numeric real double precision boolean uuid json jsonb date time timetz timestamp timestamptz interval ' +
    'bytea inet cidr macaddr macaddr8 money xml bit bit varying point line lseg box path polygon circle tsvector tsquery oid ' +
    'serial bigserial smallserial vector halfvec sparsevec geometry geography int4range int8range numrange tsrange tstzrange daterange'
  ).split(' '),
);

/** Reads a column word. Throws TableplanError `plan-invalid` at the place in the words. */
export function parseColumnWord(word: Word): ColumnWord {
  const colon = word.text.indexOf(':');
  const written = colon === -1 ? word.text : word.text.slice(0, colon);
  const body = colon === -1 ? '' : word.text.slice(colon);
  if (colon === 0) throw refusal(word, `${shown(word)} has no name before the colon`);
  refuseCall(word, written);
  const modifiers = readModifiers(body);
  refuseUnknownModifier(word, modifiers.rest, colon);
  const { type, value, notNull } = readTypeAndDefault(modifiers.rest.slice(1));
  // `author!:ref(user)`: the sign has no type to stand behind.
  const isMarked = type === '' && modifiers.reference !== undefined && written.endsWith('!');
  const name = isMarked ? written.slice(0, -1) : written;
  if (type === '' && modifiers.rest.length > 0)
    throw refusal(word, `${shown(word)} has no type behind the colon`, undefined, colon);
  if (type.endsWith('?')) throw refusal(word, 'the ? is not needed', NULLABLE, colon + type.length);
  const read = type === '' ? undefined : readType(word, type, colon + 1);
  return {
    word,
    name,
    type: type === '' ? undefined : type,
    notNull: notNull || isMarked,
    default: value === undefined ? undefined : readDefaultWord(word, value, read),
    unique: modifiers.flags.has('unique'),
    index: modifiers.flags.has('index'),
    primaryKey: modifiers.flags.has('pk'),
    reference: modifiers.reference === undefined ? undefined : readReferenceWord(word, modifiers.reference),
  };
}

/** The field of a plan that a column word means. Its index is not part of it. */
export function fieldOf(column: ColumnWord, type: string): PlanField {
  const constraints = [
    ...(column.primaryKey ? ['PRIMARY KEY'] : []),
    ...(column.notNull ? ['NOT NULL'] : []),
    ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(column.unique ? ['UNIQUE'] : []),
  ];
  return {
    name: column.name,
    type,
    ...(constraints.length > 0 ? { constraints } : {}),
    ...(column.reference ? { references: column.reference.target } : {}),
    ...(column.reference?.onDelete === undefined ? {} : { on_delete: column.reference.onDelete }),
  };
}

/** Takes the modifiers off the end, as long as there are any: a colon inside a default is none. */
function readModifiers(body: string) {
  const flags = new Set<string>();
  let reference: string | undefined;
  let rest = body;
  for (let match = MODIFIER.exec(rest); match; match = MODIFIER.exec(rest)) {
    if (match[1] === undefined) reference = match[2];
    else flags.add(match[1].toLowerCase());
    rest = rest.slice(0, match.index);
  }
  return { flags, reference, rest };
}

const NULLABLE = 'A column may be NULL unless its type ends with !: note:text may, note:text! may not.';
const ABOUT_NULL = /^(?:not_?)?null(?:able)?$|^optional$|^required$/i;

/** `index(email)`, as SQL has it. */
function refuseCall(word: Word, written: string): void {
  const [, what = '', column = ''] = /^(index|unique|pk|ref|check)\(([^,]*)/i.exec(written) ?? [];
  if (what === '') return;
  const modifier = what.toLowerCase() === 'ref' ? 'ref(table)' : what.toLowerCase();
  throw refusal(
    word,
    `${shown(word)} is no column`,
    modifier === 'check'
      ? 'A check goes into a YAML plan.'
      : `Write it behind the column: ${column.replace(')', '') || 'name'}:text:${modifier}. One of several columns goes into a YAML plan.`,
  );
}

/** What stands behind a colon at the end and is no modifier; the first colon is the one before the type. */
const UNKNOWN_MODIFIER = /(?<=[^:]):([a-z_]+)(?:\([^()]*\))?$/i;

function refuseUnknownModifier(word: Word, rest: string, colon: number): void {
  const match = UNKNOWN_MODIFIER.exec(rest);
  const name = match?.[1];
  if (!match || name === undefined) return;
  const isAction = ACTIONS.includes(name.toLowerCase().replaceAll('_', ' '));
  throw refusal(
    word,
    `:${name} is not known here`,
    ABOUT_NULL.test(name)
      ? NULLABLE
      : isAction
        ? `What becomes of a reference stands in it: :ref(table,${name.toLowerCase()}).`
        : (didYouMean(name, MODIFIERS) ?? `Known here: ${MODIFIERS.join(', ')}.`),
    colon + match.index,
  );
}

/** `type!`, `type!=default`, `type=default` and `type=default!`: no SQL expression ends with `!`. */
function readTypeAndDefault(text: string) {
  const equals = indexOutsideParentheses(text, '=');
  const head = equals === -1 ? text : text.slice(0, equals);
  const tail = equals === -1 ? undefined : text.slice(equals + 1);
  const value = tail?.endsWith('!') ? tail.slice(0, -1) : tail;
  return { type: head.replace(/!$/, '').trim(), notNull: head.endsWith('!') || value !== tail, value };
}

function indexOutsideParentheses(text: string, sign: string): number {
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 && character === sign) return [...text].slice(0, index).join('').length;
  }
  return -1;
}

function readType(word: Word, type: string, offset: number): PgType {
  try {
    return parseType(type);
  } catch (error) {
    if (error instanceof SqlFragmentError)
      throw refusal(word, `type: ${error.message}`, undefined, offset + error.offset);
    throw error;
  }
}

/**
 * The default as SQL. A bare word that is no SQL by itself (`=active`) is the text 'active' where the column holds
 * text or an enum; for any other type it is refused.
 */
function readDefaultWord(word: Word, value: string, type: PgType | undefined): string {
  if (value === '') throw refusal(word, `${shown(word)} has no default behind the =`);
  if (!BARE_WORD.test(value) || standsForItself(value)) return value;
  if (type === undefined || holdsText(type)) return quoteLiteral(value);
  throw refusal(
    word,
    `"${value}" is no default for ${type.text}`,
    `Write SQL, for instance =${value}() for a function or ='${value}' for a text.`,
    word.text.lastIndexOf(`=${value}`) + 1,
  );
}

function standsForItself(value: string): boolean {
  try {
    return classifyExpression(value).kind !== 'other';
  } catch (error) {
    if (error instanceof SqlFragmentError) return false;
    throw error;
  }
}

function holdsText(type: PgType): boolean {
  if (type.arrayDims > 0) return false;
  return TEXT_TYPES.has(type.name) || (!OTHER_TYPES.has(type.name) && !type.name.includes(' '));
}

/** `brands`, `brands.id`, `app.brands.id`, `brands(id)` is written `brands.id`; behind a comma the action on delete. */
function readReferenceWord(word: Word, text: string): NonNullable<ColumnWord['reference']> {
  const [path = '', action, ...more] = text.split(',').map((part) => part.trim());
  const parts = path.split('.');
  if (more.length > 0 || parts.length > 3 || parts.includes('')) {
    throw refusal(
      word,
      `ref(${text}) is no reference`,
      'Write ref(table), ref(table.column) or ref(table,cascade).',
      word.text.indexOf(`ref(${text}`),
    );
  }
  const column = parts.length > 1 ? `(${parts.at(-1)})` : '';
  const table = parts.length > 1 ? parts.slice(0, -1).join('.') : path;
  return {
    target: `${table}${column}`,
    onDelete: action === undefined ? undefined : readActionWord(word, action),
  };
}

function readActionWord(word: Word, text: string): string {
  const action = text.toLowerCase().replaceAll('_', ' ');
  if (ACTIONS.includes(action)) return action;
  throw refusal(
    word,
    `"${text}" is no action of a foreign key`,
    didYouMean(action, ACTIONS),
    word.text.lastIndexOf(text),
  );
}
