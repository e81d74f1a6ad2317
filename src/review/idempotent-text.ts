import { type SqlToken, tokensOf } from '../postgres/parser.ts';
import type { Operation } from './operation.ts';

/** Words of a statement behind which IF [NOT] EXISTS goes; `?` may be left out. */
interface Form {
  readonly words: readonly string[];
  readonly guard: 'IF NOT EXISTS' | 'IF EXISTS';
  /** Words that make it something else: ADD CONSTRAINT is no ADD [COLUMN]. */
  readonly unlessNext?: readonly string[];
}

const NOT_A_COLUMN = [
  'constraint',
  'primary',
  'unique',
  'check',
  'foreign',
  'exclude',
  'value',
  'not',
  'generated',
];
const NOT_DROPPED = ['constraint', 'default', 'not', 'identity', 'expression'];

const FORMS: Partial<Record<Operation['kind'], Form>> = {
  'create-table': { words: ['table'], guard: 'IF NOT EXISTS' },
  'create-index': { words: ['index', 'concurrently?'], guard: 'IF NOT EXISTS' },
  'add-column': { words: ['add', 'column?'], guard: 'IF NOT EXISTS', unlessNext: NOT_A_COLUMN },
  'add-enum-value': { words: ['add', 'value'], guard: 'IF NOT EXISTS' },
  'drop-table': { words: ['drop', 'table'], guard: 'IF EXISTS' },
  'drop-index': { words: ['drop', 'index', 'concurrently?'], guard: 'IF EXISTS' },
  'drop-view': { words: ['drop', 'materialized?', 'view'], guard: 'IF EXISTS' },
  'drop-type': { words: ['drop', 'type'], guard: 'IF EXISTS' },
  'drop-column': { words: ['drop', 'column?'], guard: 'IF EXISTS', unlessNext: NOT_DROPPED },
  'drop-constraint': { words: ['drop', 'constraint'], guard: 'IF EXISTS' },
};

/** What Postgres raises where the object is there already, for what has no IF NOT EXISTS. */
const RAISED: Partial<Record<Operation['kind'], string>> = {
  'create-enum': 'duplicate_object',
  'create-domain': 'duplicate_object',
  'add-constraint': 'duplicate_object OR duplicate_table',
  'create-trigger': 'duplicate_object',
  'create-policy': 'duplicate_object',
};

/** Whether an operation fails when it is run once more, where there is a way to write it so that it does not. */
export function failsTwice(operation: Operation): boolean {
  if (operation.kind === 'create-table' && operation.isTemporary) return false;
  // Without a name Postgres finds a new one each time: IF NOT EXISTS is refused.
  if (operation.kind === 'create-index' && operation.name === undefined) return false;
  if ('ifExists' in operation) return operation.kind in FORMS && !operation.ifExists;
  if ('ifNotExists' in operation) return operation.kind in FORMS && !operation.ifNotExists;
  return operation.kind in RAISED;
}

/** The statement so that it may run twice; undefined where that takes more than words (several things at once). */
export function rerunnableSql(text: string, operations: readonly Operation[]): string | undefined {
  const kinds = [...new Set(operations.filter(failsTwice).map(({ kind }) => kind))];
  const guarded = kinds.every((kind) => FORMS[kind]);
  if (guarded) return `${kinds.reduce((sql, kind) => withGuard(sql, FORMS[kind]!), text)};`;
  const [raised, ...others] = new Set(kinds.map((kind) => RAISED[kind]));
  if (raised === undefined || others.length > 0) return undefined;
  return `DO $$ BEGIN\n  ${text};\nEXCEPTION WHEN ${raised} THEN NULL;\nEND $$;`;
}

function withGuard(sql: string, { words, guard, unlessNext = [] }: Form): string {
  const tokens = tokensOf(sql);
  const places = tokens.flatMap((_, at): number[] => {
    const end = matched(tokens, at, words);
    const next = end === undefined ? undefined : tokens[end]?.text.toLowerCase();
    if (end === undefined || next === 'if' || (next !== undefined && unlessNext.includes(next))) return [];
    return [tokens[end - 1]!.end];
  });
  // A table is named once; further words of the kind are names and expressions.
  const own =
    words[0] === 'add' || words.includes('column?') || words.includes('constraint')
      ? places
      : places.slice(0, 1);
  return own.toReversed().reduce((text, at) => `${text.slice(0, at)} ${guard}${text.slice(at)}`, sql);
}

/** Index of the token after the words; undefined where they do not stand here. */
function matched(tokens: readonly SqlToken[], start: number, words: readonly string[]): number | undefined {
  let at = start;
  for (const word of words) {
    const isThere = tokens[at]?.text.toLowerCase() === word.replace('?', '');
    if (!isThere && !word.endsWith('?')) return undefined;
    if (isThere) at += 1;
  }
  return at;
}
