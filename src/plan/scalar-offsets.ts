import type { Scalar } from 'yaml';

/** Decodes a scalar as YAML does and keeps, for each character of the value, where it stood in the text. */
interface Decoded {
  value: string;
  offsets: number[];
}

/**
 * Where in the source the character at `offset` of a scalar's value stands, through quoting, escapes, folding and
 * indentation. Falls back to the start of the scalar for a form that cannot be followed.
 */
export function sourceOffset(source: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const decoded = decode(source.slice(start, end), scalar.type);
  const value = String(scalar.value);
  if (decoded === undefined || decoded.value.trimEnd() !== value.trimEnd()) return start;
  const found = decoded.offsets[offset];
  if (found !== undefined) return start + found;
  const last = decoded.offsets.at(-1);
  return start + (last === undefined ? 0 : last + 1);
}

function decode(raw: string, type: Scalar.Type | undefined): Decoded | undefined {
  switch (type) {
    case 'PLAIN':
      return decodeFlow(raw, 0, raw.length, () => undefined);
    case 'QUOTE_SINGLE':
      return decodeFlow(raw, 1, raw.length - 1, singleQuoteEscape);
    case 'QUOTE_DOUBLE':
      return decodeFlow(raw, 1, raw.length - 1, doubleQuoteEscape);
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return decodeBlock(raw, type);
    default:
      return undefined;
  }
}

/** An escape at a position: what it stands for and how long it is. */
type Escape = (raw: string, index: number) => { readonly text: string; readonly length: number } | undefined;

function decodeFlow(raw: string, from: number, to: number, escapeAt: Escape): Decoded {
  const decoded: Decoded = { value: '', offsets: [] };
  let trimTo = 0;
  for (let index = from; index < to;) {
    const escape = escapeAt(raw, index);
    const fold = escape ? undefined : foldAt(raw, index, to);
    if (fold) {
      dropTrailingBlanks(decoded, trimTo);
      push(decoded, fold.text, index);
      trimTo = decoded.value.length;
      index += fold.length;
    } else {
      push(decoded, escape?.text ?? raw.charAt(index), index);
      if (escape) trimTo = decoded.value.length;
      index += escape?.length ?? 1;
    }
  }
  return decoded;
}

/** A line break in flow text is a space; each empty line behind it is a line break. */
function foldAt(raw: string, index: number, to: number) {
  const breaks = /^\r?\n(?:[ \t]*\r?\n)*[ \t]*/.exec(raw.slice(index, to));
  if (!breaks) return undefined;
  const count = breaks[0].split('\n').length - 1;
  return { text: count === 1 ? ' ' : '\n'.repeat(count - 1), length: breaks[0].length };
}

function dropTrailingBlanks(decoded: Decoded, downTo: number): void {
  const kept = decoded.value.slice(downTo).trimEnd().length + downTo;
  decoded.value = decoded.value.slice(0, kept);
  decoded.offsets.length = kept;
}

function push(decoded: Decoded, text: string, offset: number): void {
  decoded.value += text;
  for (let count = 0; count < text.length; count++) decoded.offsets.push(offset);
}

const singleQuoteEscape: Escape = (raw, index) =>
  raw.startsWith("''", index) ? { text: "'", length: 2 } : undefined;

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    '/': '/',
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }),
);

const doubleQuoteEscape: Escape = (raw, index) => {
  if (raw[index] !== '\\') return undefined;
  const lineEnd = /^\\\r?\n[ \t]*/.exec(raw.slice(index));
  if (lineEnd) return { text: '', length: lineEnd[0].length };
  const hex = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))/i.exec(raw.slice(index, index + 10));
  const digits = hex?.[1] ?? hex?.[2] ?? hex?.[3];
  if (hex && digits !== undefined)
    return { text: String.fromCodePoint(Number.parseInt(digits, 16)), length: hex[0].length };
  const text = SIMPLE_ESCAPES.get(raw.charAt(index + 1));
  return text === undefined ? undefined : { text, length: 2 };
};

interface BlockLine {
  readonly text: string;
  readonly start: number;
}

function decodeBlock(raw: string, type: 'BLOCK_LITERAL' | 'BLOCK_FOLDED'): Decoded {
  const header = /^[|>][^\n]*\n/.exec(raw)?.[0] ?? raw;
  const lines = linesOf(raw, header.length);
  const first = lines.find((line) => line.text.trim() !== '');
  const indent = /^ */.exec(first?.text ?? '')?.[0].length ?? 0;
  const decoded: Decoded = { value: '', offsets: [] };
  for (const [index, line] of lines.entries()) {
    const body = { text: line.text.slice(indent), start: line.start + indent };
    for (let at = 0; at < body.text.length; at++) push(decoded, body.text.charAt(at), body.start + at);
    const next = lines[index + 1];
    if (next)
      push(
        decoded,
        type === 'BLOCK_LITERAL' ? '\n' : lineJoin(body.text, next.text.slice(indent)),
        line.start + line.text.length,
      );
  }
  return decoded;
}

/** Folding joins lines by a space; around empty and more indented lines the breaks stay. */
function lineJoin(line: string, next: string): string {
  if (next === '') return line === '' ? '\n' : '';
  if (line === '') return '\n';
  return /^[ \t]/.test(line) || /^[ \t]/.test(next) ? '\n' : ' ';
}

function linesOf(raw: string, from: number): BlockLine[] {
  const lines: BlockLine[] = [];
  for (let start = from; start < raw.length;) {
    const end = raw.indexOf('\n', start);
    const stop = end === -1 ? raw.length : end;
    lines.push({ text: raw.slice(start, stop).replace(/\r$/, ''), start });
    start = stop + 1;
  }
  return lines;
}
