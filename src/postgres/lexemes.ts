/** What is told apart to find the ends of statements: no more than that. */
export interface Lexeme {
  /** `quoted`: a string, a quoted name or a dollar-quoted text. Of signs only `;`, `(` and `)` are told. */
  readonly kind: 'word' | 'quoted' | 'comment' | 'sign' | 'other';
  /** UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
}

const SPACE = /[\s\ufeff]+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const OTHER = /\d[\w.]*|[^]/y;

/** The lexemes of SQL by Postgres' rules from an offset on, in one pass; what is never closed reaches to the end. */
export function* lexemes(sql: string, start = 0): Iterable<Lexeme> {
  let at = start;
  const matches = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(sql) ? pattern.lastIndex : -1;
  };
  while (at < sql.length) {
    const from = at;
    const space = matches(SPACE);
    if (space !== -1) {
      at = space;
      continue;
    }
    const character = sql[at];
    let kind: Lexeme['kind'] = 'other';
    if (character === '-' && sql[at + 1] === '-') [kind, at] = ['comment', endOfLine(sql, at)];
    else if (character === '/' && sql[at + 1] === '*') [kind, at] = ['comment', endOfComment(sql, at)];
    else if (character === "'" || character === '"') [kind, at] = ['quoted', endOfQuoted(sql, at, character)];
    else if (character === '$') {
      const tag = matches(DOLLAR_TAG);
      [kind, at] = tag === -1 ? ['other', at + 1] : ['quoted', endOfDollars(sql, at, tag)];
    } else if (character === ';' || character === '(' || character === ')') [kind, at] = ['sign', at + 1];
    else {
      const word = matches(WORD);
      if (word === -1) at = matches(OTHER);
      else if (word === at + 1 && (character === 'e' || character === 'E') && sql[word] === "'") {
        [kind, at] = ['quoted', endOfEscaped(sql, word)];
      } else if (word === at + 1 && /U&["']/iy.test(sql.slice(at, at + 3))) {
        [kind, at] = ['quoted', endOfQuoted(sql, at + 2, sql[at + 2]!)];
      } else [kind, at] = ['word', word];
    }
    yield { kind, from, to: at };
  }
}

/** A lexeme with its text. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words, quoted texts and single signs of SQL, comments left out. Far cheaper than Postgres' scanner, which tells more. */
export function wordsOf(sql: string): readonly Word[] {
  return [...lexemes(sql)].flatMap(({ kind, from, to }) =>
    kind === 'comment' ? [] : [{ text: sql.slice(from, to), start: from, end: to }],
  );
}

function endOfLine(sql: string, from: number): number {
  const end = sql.indexOf('\n', from);
  return end === -1 ? sql.length : end;
}

/** Comments nest. */
function endOfComment(sql: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

/** A doubled quote does not end it. */
function endOfQuoted(sql: string, from: number, quote: string): number {
  let end = sql.indexOf(quote, from + 1);
  while (end !== -1 && sql[end + 1] === quote) end = sql.indexOf(quote, end + 2);
  return end === -1 ? sql.length : end + 1;
}

/** `E'it\'s'` */
function endOfEscaped(sql: string, quote: number): number {
  const next = /\\[^]|''|'/g;
  next.lastIndex = quote + 1;
  for (let found = next.exec(sql); found; found = next.exec(sql)) {
    if (found[0] === "'") return next.lastIndex;
  }
  return sql.length;
}

function endOfDollars(sql: string, from: number, open: number): number {
  const end = sql.indexOf(sql.slice(from, open), open);
  return end === -1 ? sql.length : end + open - from;
}
