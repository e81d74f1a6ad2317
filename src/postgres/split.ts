import { lexemes } from './lexemes.ts';

/** Where a statement stands in a text: from its first word to its last, without comments around it and its semicolon. */
export interface Span {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

/**
 * The statements of a text, told apart by its semicolons: those in quotes and comments are none, nor those in the body of
 * a rule or of a function with BEGIN ATOMIC. One pass, and it never throws. Postgres' parser builds the tree of all that
 * it is given at once: a large file has to be given to it in pieces.
 */
export function* statementSpans(sql: string): Iterable<Span> {
  let start = -1;
  let end = 0;
  let body = new Body();
  for (const { kind, from, to } of lexemes(sql)) {
    if (kind === 'comment') continue;
    if (kind === 'sign' && sql[from] === ';' && !body.isOpen) {
      if (start !== -1) yield { start, end };
      start = -1;
      body = new Body();
      continue;
    }
    if (start === -1) start = from;
    end = to;
    if (kind === 'word') body.word(sql, from, to);
    else if (kind === 'sign') body.sign(sql[from]!);
  }
  if (start !== -1) yield { start, end };
}

const RULE = /^create (?:or replace )?rule /;
const ROUTINE = /^create (?:or replace )?(?:function|procedure) /;
/** The words that tell a rule from a routine from all else. */
const HEAD_WORDS = 4;

/** Whether a statement is in the middle of a body that has semicolons of its own. */
class Body {
  #head = '';
  #words = 0;
  #isRule = false;
  #isRoutine = false;
  #last = '';
  /** Parentheses of a rule; BEGIN ATOMIC and CASE of a routine. */
  #depth = 0;

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  sign(sign: string): void {
    if (!this.#isRule) return;
    if (sign === '(') this.#depth += 1;
    if (sign === ')') this.#depth -= 1;
  }

  word(sql: string, from: number, to: number): void {
    this.#words += 1;
    if (this.#words > HEAD_WORDS && !this.#isRoutine) return;
    const word = sql.slice(from, to).toLowerCase();
    if (this.#words <= HEAD_WORDS) {
      this.#head += `${word} `;
      this.#isRule = RULE.test(this.#head);
      this.#isRoutine = ROUTINE.test(this.#head);
    }
    if (!this.#isRoutine) return;
    if (word === 'atomic' && this.#last === 'begin') this.#depth = 1;
    if (word === 'case' && this.#depth > 0) this.#depth += 1;
    if (word === 'end' && this.#depth > 0) this.#depth -= 1;
    this.#last = word;
  }
}

/** The text with spaces for comments in comments, byte for byte: Postgres' scanner reads those once for every level. */
export function withoutNestedComments(sql: string): string {
  if (!/\/\*[^]*?\/\*/.test(sql)) return sql;
  let text = '';
  let done = 0;
  for (const { kind, from, to } of lexemes(sql)) {
    if (kind !== 'comment' || sql[from] === '-' || !sql.slice(from + 2, to).includes('/*')) continue;
    const length = Buffer.byteLength(sql.slice(from, to));
    text += `${sql.slice(done, from)}${' '.repeat(length)}`;
    done = to;
  }
  return text + sql.slice(done);
}
