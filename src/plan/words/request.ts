import { TableplanError } from '../../errors.ts';
import type { Notice } from '../change.ts';
import type { PlanDocument, PlanPath } from '../plan.ts';
import type { TableConventions } from '../table-conventions.ts';
import { visible } from '../visible.ts';

/** What words can mean depends on what there is: the tables of the current schema. */
export interface WordsContext {
  readonly tables: readonly WordsTable[];
  readonly enums?: readonly WordsEnum[];
  /** What a new table gets besides the columns that are said; nothing where there are none. */
  readonly conventions?: TableConventions | undefined;
}

export interface WordsEnum {
  readonly schema: string;
  readonly name: string;
  readonly values: readonly string[];
}

export interface WordsTable {
  readonly schema: string;
  readonly name: string;
  /** Without the prefix or suffix that all tables have. */
  readonly bareName?: string | undefined;
  readonly columns: readonly string[];
  /** The column of a primary key of one column. */
  readonly key?: { readonly name: string; readonly type: string } | undefined;
  readonly foreignKeys: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly refTable: string;
  }[];
}

export interface Word {
  readonly text: string;
  /** Offset in the words joined by spaces. */
  readonly offset: number;
}

/** The words of a plan: the first one says what to do, or to which table; `tokens` are its parts in lower case. */
export interface Request {
  readonly first: Word;
  readonly tokens: readonly string[];
  readonly rest: readonly Word[];
  readonly context: WordsContext;
}

/** Which word a value of the plan came from. */
export interface Origin {
  readonly path: PlanPath;
  readonly word: Word;
}

/** One way of reading a request: the document that it means, or nothing when the words say something else. */
export interface Understood {
  readonly document: PlanDocument;
  readonly origins: readonly Origin[];
  readonly notices: readonly Notice[];
}

export type Pattern = (request: Request) => Understood | undefined;

/** Understood, but something is missing. `supply` is the whole line to type instead, `others` are further ones that fit. */
export function missing(
  request: Request,
  field: string,
  question: string,
  supply: readonly string[],
  others: readonly string[] = [],
): TableplanError {
  const line = visible(supply.join(' '));
  return new TableplanError('answer-needed', visible(question), {
    at: atWord(request.first),
    hint: `Type: ${[line, ...others.map(visible)].join('\n  or: ')}`,
    missing: [{ field: visible(field), question: visible(question), supply: line }],
  });
}

/** Words that are no plan, and where. */
export function refusal(word: Word, message: string, hint?: string, offset = 0): TableplanError {
  return new TableplanError('plan-invalid', visible(message), {
    at: atWord(word, offset),
    hint: hint && visible(hint),
  });
}

export function atWord(word: Word, offset = 0) {
  return { file: '<words>', line: 1, column: word.offset + offset + 1 };
}

/** A word as messages show it. */
export function shown(word: Word): string {
  return `"${visible(word.text)}"`;
}
