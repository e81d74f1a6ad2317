import type { FileStyle } from './source-file.ts';

/** What a file is written like when there is nothing to read it from: as the reference project (prettier, single quotes). */
const DEFAULT: FileStyle = {
  quote: "'",
  semicolon: ';',
  indent: '  ',
  eol: '\n',
  trailingComma: ',',
  arrowParens: 'always',
};

/**
 * Reads how a text is written: quotes, semicolons, indent, line ends, trailing commas. What it does not show comes
 * from `fallback`.
 */
export function readStyle(source: string, fallback: FileStyle = DEFAULT): FileStyle {
  const text = withoutComments(source);
  return {
    quote: majority(count(text, /"[^"'\n]*"/g), count(text, /'[^"'\n]*'/g), {
      more: '"',
      less: "'",
      none: fallback.quote,
    }),
    semicolon: majority(
      count(text, /;[ \t]*\r?$/gm),
      count(text, /(['")\]}\w])[ \t]*\r?\n(?=\r?\n|$|export|import|const)/g),
      {
        more: ';',
        less: '',
        none: fallback.semicolon,
      },
    ),
    indent: /^(\t+| {2,})\S/m.exec(text)?.[1]?.replace(/^\t+$/, '\t') ?? fallback.indent,
    eol: text.includes('\n') ? (text.includes('\r\n') ? '\r\n' : '\n') : fallback.eol,
    trailingComma: majority(
      count(text, /,[ \t]*\r?\n\s*[}\])]/g),
      count(text, /[^\s,;{[(][ \t]*\r?\n\s*[}\]]/g),
      {
        more: ',',
        less: '',
        none: fallback.trailingComma,
      },
    ),
    arrowParens: majority(count(text, /\(\w+\)\s*=>/g), count(text, /(?<![\w$.)])\w+\s*=>/g), {
      more: 'always',
      less: 'avoid',
      none: fallback.arrowParens,
    }),
    importGroups: hasImportGroups(text) ?? fallback.importGroups,
    typeImports: hasTypeImports(text) ?? fallback.typeImports,
  };
}

/** Whether a blank line stands between the last import of a package and the first of a project file; undefined without both. */
function hasImportGroups(text: string): boolean | undefined {
  const between = [
    ...text.matchAll(/ from ['"](?!@\/)[\w@][^'"]*['"];?[ \t]*\r?\n(\s*)import\s[^;'"]*['"](?:[.~#]|@\/)/g),
  ];
  return between.length === 0
    ? undefined
    : between.filter(([, blank]) => /\n/.test(blank!)).length * 2 > between.length;
}

/** Undefined where nothing is imported as a type from a module that gives values too. */
function hasTypeImports(text: string): boolean | undefined {
  const types = [...text.matchAll(/^import type \{[^}]*\} from (['"][^'"]+['"])/gm)].map(([, from]) => from!);
  const hasApart = types.some((from) =>
    new RegExp(`^import \\{[^}]*\\} from ${from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm').test(text),
  );
  if (hasApart) return true;
  return /^import \{[^}]*\btype \w[^}]*\} from/m.test(text) ? false : undefined;
}

/** Comments follow no style. A line keeps its end. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[ \t])\/\/[^\n\r]*/gm, '');
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function majority<T>(a: number, b: number, answer: { more: T; less: T; none: T }): T {
  if (a === 0 && b === 0) return answer.none;
  return a >= b ? answer.more : answer.less;
}

/** The white space that a line begins with. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
