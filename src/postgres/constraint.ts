import type { ColumnDef, Constraint, Node } from 'libpg-query';
import {
  byteLength,
  parseTableElements,
  SqlFragmentError,
  tokensOf,
  utf16OffsetsByByte,
  type SqlToken,
} from './parser.ts';
import { stringOf } from './type.ts';

export interface SqlReference {
  readonly schema: string | undefined;
  readonly table: string;
  /** Empty: the primary key. */
  readonly columns: readonly string[];
}

export interface SqlSequence {
  readonly always: boolean;
  readonly start?: string;
  readonly increment?: string;
  readonly min?: string;
  readonly max?: string;
  readonly cache?: string;
  readonly cycle?: boolean;
}

export type SqlAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
export type SqlDeferral = 'initially immediate' | 'initially deferred';

/** One constraint of a column, read. `offset` is where it starts in the text. Expressions are kept as written. */
export type SqlConstraint = { readonly offset: number; readonly name?: string } & (
  | { readonly kind: 'null' }
  | { readonly kind: 'not-null' }
  | { readonly kind: 'default'; readonly expression: string }
  | { readonly kind: 'check'; readonly expression: string }
  | { readonly kind: 'generated'; readonly expression: string }
  | { readonly kind: 'identity'; readonly sequence: SqlSequence }
  | { readonly kind: 'primary-key' }
  | { readonly kind: 'unique'; readonly nullsNotDistinct: boolean }
  | {
      readonly kind: 'references';
      readonly reference: SqlReference;
      readonly onDelete: SqlAction;
      readonly onUpdate: SqlAction;
      readonly deferrable?: SqlDeferral;
    }
  | { readonly kind: 'collate'; readonly collation: string }
);

const HEAD = 'CREATE TABLE t (c int ';

/** Letters of pg_constraint.confdeltype and confupdtype. */
const ACTIONS: ReadonlyMap<string, SqlAction> = new Map([
  ['a', 'no action'],
  ['r', 'restrict'],
  ['c', 'cascade'],
  ['n', 'set null'],
  ['d', 'set default'],
]);

/**
 * Reads what may stand behind the type in a column definition: one constraint or several.
 * Throws SqlFragmentError for anything else, and for what no plan can carry (NO INHERIT, NOT ENFORCED, MATCH FULL,
 * virtual generated columns).
 *
 * @example parseConstraints("DEFAULT 'a' NOT NULL") // [{ kind: 'default', expression: "'a'", … }, { kind: 'not-null', … }]
 */
export function parseConstraints(text: string): readonly SqlConstraint[] {
  const column = parseColumn(text);
  const pieces = new Pieces(text, column);
  const collation = column.collClause
    ? [
        {
          kind: 'collate',
          collation: (column.collClause.collname ?? []).map(stringOf).join('.'),
          offset: pieces.offsetOf(column.collClause.location),
        } as const,
      ]
    : [];
  return [...readConstraints(column.constraints ?? [], pieces), ...collation];
}

/** Reads `schema.table(column, …)` as it stands behind REFERENCES. Throws SqlFragmentError. */
export function parseReference(text: string): SqlReference {
  const head = `${HEAD}REFERENCES `;
  const elements = parseTableElements({ head, tail: ')' }, text);
  const constraints = soleColumn(elements, text).constraints ?? [];
  const foreign = constraintOf(constraints[0]);
  const plain =
    constraints.length === 1 &&
    foreign.contype === 'CONSTR_FOREIGN' &&
    foreign.fk_upd_action === 'a' &&
    foreign.fk_del_action === 'a';
  if (!plain || /\bon\s+(delete|update)\b/i.test(text)) {
    throw new SqlFragmentError(
      'more than table(column): actions have keys of their own, on_delete and on_update',
      0,
    );
  }
  return referenceOf(foreign);
}

function parseColumn(text: string): ColumnDef {
  const column = soleColumn(parseTableElements({ head: HEAD, tail: ')' }, text), text);
  if (column.typeName?.arrayBounds?.length) throw new SqlFragmentError('a type, not a constraint', 0);
  if (column.compression || column.storage_name || column.fdwoptions?.length) {
    throw new SqlFragmentError('COMPRESSION, STORAGE and OPTIONS are not constraints', 0);
  }
  return column;
}

function soleColumn(elements: readonly Node[], text: string): ColumnDef {
  const node = elements[0];
  if (elements.length === 1 && node !== undefined && 'ColumnDef' in node) return node.ColumnDef;
  const comma = tokensOf(text).find((token) => token.text === ',');
  throw new SqlFragmentError('more than one column definition', comma?.start ?? 0);
}

/** The text of a column definition cut at its constraints. */
class Pieces {
  readonly #text: string;
  readonly #tokens: readonly SqlToken[];
  readonly #offsets: Uint32Array;
  readonly #starts: readonly number[];

  constructor(text: string, column: ColumnDef) {
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#offsets = utf16OffsetsByByte(text);
    const constraints = (column.constraints ?? []).map((node) => constraintOf(node).location);
    this.#starts = [...constraints, ...(column.collClause ? [column.collClause.location] : [])].map((at) =>
      this.offsetOf(at),
    );
  }

  offsetOf(location: number | undefined): number {
    return this.#offsets[(location ?? 0) - byteLength(HEAD)] ?? 0;
  }

  /** What stands between the keyword of the constraint that starts here and the next constraint. */
  after(keyword: string, start: number): string {
    const from = this.#keyword(keyword, start).end;
    const next = Math.min(...this.#starts.filter((other) => other > start), this.#text.length);
    return this.#text.slice(from, next).trim();
  }

  /** What stands in the parentheses behind the keyword of the constraint that starts here. */
  inParentheses(keyword: string, start: number): string {
    const from = this.#keyword(keyword, start).end;
    let depth = 0;
    let open = from;
    for (const token of this.#tokens.filter((candidate) => candidate.start >= from)) {
      if (token.text === '(' && depth++ === 0) open = token.end;
      if (token.text === ')' && --depth === 0) return this.#text.slice(open, token.start).trim();
    }
    throw new SqlFragmentError('no expression in parentheses', from);
  }

  #keyword(keyword: string, start: number): SqlToken {
    const token = this.#tokens.find(
      (candidate) => candidate.start >= start && candidate.text.toLowerCase() === keyword,
    );
    if (token === undefined) throw new SqlFragmentError(`no ${keyword.toUpperCase()}`, start);
    return token;
  }
}

function constraintOf(node: Node | undefined): Constraint {
  return node !== undefined && 'Constraint' in node ? node.Constraint : {};
}

function readConstraints(nodes: readonly Node[], pieces: Pieces): SqlConstraint[] {
  const read: SqlConstraint[] = [];
  for (const node of nodes) {
    const constraint = constraintOf(node);
    const offset = pieces.offsetOf(constraint.location);
    const deferral = deferralOf(constraint.contype);
    if (deferral === undefined) read.push(readConstraint(constraint, pieces, offset));
    else read.push(defer(read.pop(), deferral, offset));
  }
  return read;
}

type DeferralWord = 'deferrable' | 'not deferrable' | SqlDeferral;

function deferralOf(contype: string | undefined): DeferralWord | undefined {
  switch (contype) {
    case 'CONSTR_ATTR_DEFERRABLE':
      return 'deferrable';
    case 'CONSTR_ATTR_NOT_DEFERRABLE':
      return 'not deferrable';
    case 'CONSTR_ATTR_DEFERRED':
      return 'initially deferred';
    case 'CONSTR_ATTR_IMMEDIATE':
      return 'initially immediate';
    default:
      return undefined;
  }
}

function defer(previous: SqlConstraint | undefined, word: DeferralWord, offset: number): SqlConstraint {
  if (previous === undefined)
    throw new SqlFragmentError(`misplaced ${word.toUpperCase()}: it belongs behind REFERENCES`, offset);
  if (word === 'not deferrable' || (word === 'initially immediate' && !('deferrable' in previous)))
    return previous;
  if (previous.kind !== 'references')
    throw new SqlFragmentError('only a foreign key can be deferrable in a plan', offset);
  return {
    ...previous,
    deferrable: word === 'initially deferred' ? word : (previous.deferrable ?? 'initially immediate'),
  };
}

function readConstraint(constraint: Constraint, pieces: Pieces, offset: number): SqlConstraint {
  refuseAttributes(constraint, offset);
  const head = { offset, ...(constraint.conname === undefined ? {} : { name: constraint.conname }) };
  switch (constraint.contype) {
    case 'CONSTR_NULL':
      return { ...head, kind: 'null' };
    case 'CONSTR_NOTNULL':
      return { ...head, kind: 'not-null' };
    case 'CONSTR_DEFAULT':
      return { ...head, kind: 'default', expression: pieces.after('default', offset) };
    case 'CONSTR_CHECK':
      return { ...head, kind: 'check', expression: pieces.inParentheses('check', offset) };
    case 'CONSTR_GENERATED':
      return { ...head, kind: 'generated', expression: pieces.inParentheses('as', offset) };
    case 'CONSTR_IDENTITY':
      return { ...head, kind: 'identity', sequence: readSequence(constraint, offset) };
    case 'CONSTR_PRIMARY':
      return { ...head, kind: 'primary-key' };
    case 'CONSTR_UNIQUE':
      return { ...head, kind: 'unique', nullsNotDistinct: constraint.nulls_not_distinct === true };
    case 'CONSTR_FOREIGN':
      return { ...head, kind: 'references', ...readForeignKey(constraint, offset) };
    default:
      throw new SqlFragmentError('a constraint that a plan cannot carry', offset);
  }
}

function refuseAttributes(constraint: Constraint, offset: number): void {
  if (constraint.is_no_inherit === true) throw new SqlFragmentError('NO INHERIT is not supported', offset);
  if (constraint.skip_validation === true) throw new SqlFragmentError('NOT VALID is not supported', offset);
  const enforceable = constraint.contype === 'CONSTR_CHECK' || constraint.contype === 'CONSTR_FOREIGN';
  if (enforceable && constraint.is_enforced !== true)
    throw new SqlFragmentError('NOT ENFORCED is not supported', offset);
  if (constraint.contype === 'CONSTR_GENERATED' && String(constraint.generated_kind) === 'v') {
    throw new SqlFragmentError('a virtual generated column is not supported: write STORED', offset);
  }
  if (
    constraint.indexname ||
    constraint.indexspace ||
    (constraint.options?.length && constraint.contype !== 'CONSTR_IDENTITY')
  ) {
    throw new SqlFragmentError('index options of a constraint are not supported', offset);
  }
}

function readForeignKey(constraint: Constraint, offset: number) {
  if (constraint.fk_matchtype !== 's') throw new SqlFragmentError('only MATCH SIMPLE is supported', offset);
  if (constraint.fk_del_set_cols?.length)
    throw new SqlFragmentError('ON DELETE SET NULL of some columns is not supported', offset);
  return {
    reference: referenceOf(constraint),
    onDelete: ACTIONS.get(constraint.fk_del_action ?? 'a') ?? 'no action',
    onUpdate: ACTIONS.get(constraint.fk_upd_action ?? 'a') ?? 'no action',
  };
}

function referenceOf(constraint: Constraint): SqlReference {
  const table = constraint.pktable;
  if (table?.catalogname) throw new SqlFragmentError('a database name before the schema is not supported', 0);
  return {
    schema: table?.schemaname,
    table: table?.relname ?? '',
    columns: (constraint.pk_attrs ?? []).map(stringOf),
  };
}

const SEQUENCE_OPTIONS: ReadonlyMap<string, keyof SqlSequence> = new Map([
  ['start', 'start'],
  ['increment', 'increment'],
  ['minvalue', 'min'],
  ['maxvalue', 'max'],
  ['cache', 'cache'],
  ['cycle', 'cycle'],
]);

function readSequence(constraint: Constraint, offset: number): SqlSequence {
  const options = (constraint.options ?? []).map((node) => readSequenceOption(node, offset));
  return { always: String(constraint.generated_when) === 'a', ...Object.fromEntries(options.flat()) };
}

function readSequenceOption(node: Node, offset: number): [string, string | boolean][] {
  const option = 'DefElem' in node ? node.DefElem : {};
  const key = SEQUENCE_OPTIONS.get(option.defname ?? '');
  if (key === undefined)
    throw new SqlFragmentError(`sequence option ${option.defname ?? ''} is not supported`, offset);
  const value = option.arg;
  if (value === undefined) return [];
  if ('Boolean' in value) return [[key, value.Boolean.boolval === true]];
  if ('Integer' in value) return [[key, String(value.Integer.ival ?? 0)]];
  if ('Float' in value) return [[key, value.Float.fval ?? '0']];
  throw new SqlFragmentError(`sequence option ${option.defname ?? ''} is no number`, offset);
}
