/**
 * A text that is not JSON: where it stops being JSON, counted from 1. The message quotes nothing of the text, as that of
 * JSON.parse does: where a symbolic link leads, it is somebody else's.
 */
export class NotJson extends Error {
  override readonly name = 'NotJson';
  readonly line: number;
  readonly column: number;

  constructor(text: string) {
    const before = text.slice(0, faultOf(text));
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    super(`line ${line}, column ${column}`);
    this.line = line;
    this.column = column;
  }
}

/** Throws what `fail` makes of a text that is not JSON. */
export function parseJson(text: string, fail: (where: NotJson) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fail(new NotJson(text));
  }
}

const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("[^"\\\u0000-\u001F]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\u0000-\u001F]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w))|$)/y;

/** What may stand where: `v` a value, `k` a key, `$` the end, else the character itself. */
function afterValue(open: readonly string[]): string {
  return { '{': ',}', '[': ',]', '': '$' }[open.at(-1) ?? ''] ?? '';
}

/** Where the first token begins that no JSON has there; the end of the text where only something is missing. */
function faultOf(text: string): number {
  const open: string[] = [];
  let expected = 'v';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) return start + /^[\t\n\r ]*/.exec(text.slice(start))![0].length;
    const [whole, sign, string, plain] = found;
    const at = start + whole.length - (sign ?? string ?? plain ?? '').length;
    const isClosing = sign === '}' || sign === ']';
    if (sign === '{' || sign === '[' || string !== undefined || plain !== undefined) {
      const isKey = string !== undefined && expected.includes('k');
      if (!isKey && !expected.includes('v')) return at;
      if (sign !== undefined) open.push(sign);
      expected = isKey ? ':' : sign === '{' ? 'k}' : sign === '[' ? 'v]' : afterValue(open);
    } else if (sign === undefined || !expected.includes(sign)) {
      return at;
    } else if (isClosing) {
      open.pop();
      expected = afterValue(open);
    } else {
      expected = sign === ',' && open.at(-1) === '{' ? 'k' : 'v';
    }
  }
}
