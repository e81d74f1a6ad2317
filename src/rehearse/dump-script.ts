import { TableplanError } from '../errors.ts';

/** What of a dump puts rows somewhere; `line` is where it begins in the file, counted from 1. */
export type DumpPart =
  | {
      readonly kind: 'copy';
      readonly line: number;
      readonly sql: string;
      readonly table: string;
      readonly data: string;
      /** Line of the first row. */
      readonly dataLine: number;
    }
  | { readonly kind: 'insert'; readonly line: number; readonly sql: string; readonly table: string }
  /** A value of a sequence: `setval`. */
  | { readonly kind: 'sequence'; readonly line: number; readonly sql: string }
  /** The schema that names without one are in. */
  | { readonly kind: 'search-path'; readonly line: number; readonly sql: string }
  /** UPDATE, DELETE, TRUNCATE, MERGE, WITH. */
  | { readonly kind: 'change'; readonly line: number; readonly sql: string };

const IDENTIFIER = '(?:"(?:[^"]|"")+"|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*)';
const TABLE = `(${IDENTIFIER}(?:\\s*\\.\\s*${IDENTIFIER})?)`;
const COPY = new RegExp(`^copy\\s+${TABLE}[^;]*?\\sfrom\\s+stdin\\b`, 'i');
const INSERT = new RegExp(`^insert\\s+into\\s+${TABLE}`, 'i');

/**
 * Reads a plain SQL dump (pg_dump with or without the schema, or written by hand) as psql would, and returns what of it is
 * about rows, in its order: the schema comes from the migrations. Throws `dump-invalid` with file and line.
 */
export function readDumpScript(text: string, file: string): DumpPart[] {
  const lines = lineCounter(text);
  const refuse = refusal(file);
  const parts: DumpPart[] = [];
  let database: string | undefined;
  let at = 0;
  for (;;) {
    at = afterBlank(text, at);
    if (at >= text.length) return parts;
    const line = lines(at);
    if (text[at] === '\\') {
      const end = endOfLine(text, at);
      const [command = '', argument = ''] = text
        .slice(at + 1, end)
        .trim()
        .split(/\s+/);
      if (command === 'q') return parts;
      if (command === 'c' || command === 'connect') {
        if (database !== undefined)
          throw refuse(line, 'There is a second \\connect: it has several databases.');
        database = argument;
      } else if (!IGNORED_COMMANDS.has(command)) {
        throw refuse(line, `psql's command \\${command} is not run here.`);
      }
      at = end;
      continue;
    }
    const end = endOfStatement(text, at, (offset, message) => refuse(lines(offset), message));
    const sql = text.slice(at, end);
    at = end + 1;
    const copied = COPY.exec(sql)?.[1];
    if (copied !== undefined) {
      const start = endOfLine(text, end) + 1;
      const dataEnd = endOfCopy(text, start);
      if (dataEnd === undefined)
        throw refuse(line, 'The rows after this COPY have no end (a line with \\. alone).');
      const data = text.slice(start, dataEnd);
      parts.push({
        kind: 'copy',
        line,
        sql,
        table: copied,
        data,
        dataLine: line + newlines(text, end, start, sql),
      });
      at = endOfLine(text, dataEnd);
      continue;
    }
    const settings = SETTING.exec(sql);
    if (settings) requireSetting(settings, (message) => refuse(line, message));
    const part = partOf(sql, line);
    if (part) parts.push(part);
  }
}

/** What they do to a terminal or to psql itself is of no matter here. */
const IGNORED_COMMANDS = new Set(
  'restrict unrestrict encoding echo qecho warn set unset pset timing x a t o r'.split(' '),
);

const SETTING =
  /^set\s+(?:session\s+|local\s+)?(client_encoding|standard_conforming_strings)\s*(?:=|\sto)\s*'?([\w-]+)'?/i;

function requireSetting(
  [, name = '', value = '']: RegExpExecArray,
  refuse: (message: string) => TableplanError,
): void {
  if (name.toLowerCase() === 'client_encoding' && !/^utf-?8$/i.test(value)) {
    throw refuse(`It is written in ${value}; make it with pg_dump --encoding=UTF8.`);
  }
  if (name.toLowerCase() === 'standard_conforming_strings' && /^(?:off|false|0|no)$/i.test(value)) {
    throw refuse('standard_conforming_strings is off, whose strings are not read here.');
  }
}

/** The schema part of a dump is nothing here, nor are its transactions and settings. */
function partOf(sql: string, line: number): DumpPart | undefined {
  const inserted = INSERT.exec(sql)?.[1];
  if (inserted !== undefined) return { kind: 'insert', line, sql, table: inserted };
  if (/^select\s[^;]*?\bsetval\s*\(/i.test(sql)) return { kind: 'sequence', line, sql };
  if (/^set\s+(?:session\s+|local\s+)?search_path\b/i.test(sql)) return { kind: 'search-path', line, sql };
  if (/^select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path'/i.test(sql)) {
    return { kind: 'search-path', line, sql };
  }
  if (/^(?:update|delete|truncate|merge|with)\b/i.test(sql)) return { kind: 'change', line, sql };
  return undefined;
}

function refusal(file: string): (line: number, message: string) => TableplanError {
  return (line, message) =>
    new TableplanError('dump-invalid', `The dump cannot be loaded. ${message}`, {
      at: { file, line },
      hint: 'Make it with pg_dump --data-only (plain format).',
    });
}

/** Line of an offset; offsets are asked for in their order. */
function lineCounter(text: string): (offset: number) => number {
  let known = 0;
  let line = 1;
  return (offset) => {
    for (
      let next = text.indexOf('\n', known);
      next !== -1 && next < offset;
      next = text.indexOf('\n', known)
    ) {
      line += 1;
      known = next + 1;
    }
    return line;
  };
}

function newlines(text: string, from: number, to: number, more: string): number {
  return text.slice(from, to).split('\n').length + more.split('\n').length - 2;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Offset of the line `\.`. */
function endOfCopy(text: string, start: number): number | undefined {
  for (let at = start; ; at += 1) {
    at = text.indexOf('\\.', at);
    if (at === -1) return undefined;
    const isAlone = /^\\\.\r?(?:\n|$)/.test(text.slice(at, at + 4));
    if (isAlone && (at === start || text[at - 1] === '\n')) return at;
  }
}

/** After white space and comments. */
function afterBlank(text: string, start: number): number {
  const blank = /\s+/y;
  for (let at = start; ;) {
    blank.lastIndex = at;
    if (blank.test(text)) at = blank.lastIndex;
    else if (text.startsWith('--', at)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) at = endOfComment(text, at);
    else return text[at] === ';' ? afterBlank(text, at + 1) : at;
  }
}

/** Comments nest. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

const MARK =
  /(?<![\w$])e'|'|"|(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|--|\/\*|[;()\\]|\bbegin\s+atomic\b|\b(?:case|end)\b/gi;

/**
 * Offset of the semicolon that ends a statement: outside quotes, comments, brackets (the commands of a rule) and bodies
 * of SQL functions (BEGIN ATOMIC … END).
 */
function endOfStatement(
  text: string,
  start: number,
  refuse: (offset: number, message: string) => TableplanError,
): number {
  let brackets = 0;
  let bodies = 0;
  MARK.lastIndex = start;
  for (let found = MARK.exec(text); found; found = MARK.exec(text)) {
    const [mark] = found;
    const past = MARK.lastIndex;
    const ended = (end: number): void => {
      if (end === -1) throw refuse(found!.index, 'What is quoted from here on has no end.');
      MARK.lastIndex = end;
    };
    if (mark === ';' && brackets <= 0 && bodies === 0) return found.index;
    if (mark === '(') brackets += 1;
    else if (mark === ')') brackets -= 1;
    else if (mark === '\\') throw refuse(found.index, "psql's commands inside a statement are not run here.");
    else if (mark === '--') MARK.lastIndex = endOfLine(text, past);
    else if (mark === '/*') MARK.lastIndex = endOfComment(text, found.index);
    else if (mark.startsWith('$')) ended(after(text, mark, past));
    else if (mark === '"' || mark === "'") ended(after(text, mark, past));
    else if (mark.endsWith("'")) ended(afterEscapes(text, past));
    else if (/^begin/i.test(mark)) bodies += 1;
    else if (bodies > 0) bodies += /^case$/i.test(mark) ? 1 : -1;
  }
  return text.length;
}

/** A doubled quote is seen as the end of one string and the beginning of the next, which comes to the same. */
function after(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? -1 : end + mark.length;
}

function afterEscapes(text: string, from: number): number {
  const mark = /\\|'/g;
  mark.lastIndex = from;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === "'") return mark.lastIndex;
    mark.lastIndex += 1;
  }
  return -1;
}
