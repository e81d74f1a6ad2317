import { basename, extname } from 'node:path';
import type { SourceText } from '../../workspace/file-edit.ts';

/** How a project writes its migrations. */
export interface MigrationStyle {
  readonly extension: '.ts' | '.js';
  /** How a class leaves a JavaScript file. */
  readonly module: 'esm' | 'commonjs';
  readonly quote: '"' | "'";
  /** What ends a property, and a statement: TypeORM writes a semicolon after statements only. */
  readonly propertyEnd: ';' | '';
  readonly statementEnd: ';' | '';
  readonly indent: string;
  /** `public async up`, as TypeORM writes it. */
  readonly modifier: 'public ' | '';
  /** The import of the two interfaces, as the newest migration has it. */
  readonly imports: string;
  readonly lastLine: 'blank' | 'none';
  readonly file: FileStyle;
}

/** What stands after the stamp in the name of a file: `-AddPrice`, `_add_price`. */
export interface FileStyle {
  readonly separator: '-' | '_';
  readonly words: 'pascal' | 'camel' | 'kebab' | 'snake';
}

/** TypeORM's own form (`migration:generate` of 0.3 and 1.x), for a project without migrations. */
export const TYPEORM_STYLE: MigrationStyle = {
  extension: '.ts',
  module: 'esm',
  quote: "'",
  propertyEnd: '',
  statementEnd: ';',
  indent: '    ',
  modifier: 'public ',
  imports: 'import { MigrationInterface, QueryRunner } from "typeorm";',
  lastLine: 'blank',
  file: { separator: '-', words: 'pascal' },
};

/** The style of the newest migration; TypeORM's own where there is none. Texts oldest first. */
export function readMigrationStyle(migrations: readonly SourceText[]): MigrationStyle {
  const newest = migrations.findLast(({ text }) => /\bup\s*\(/.test(text));
  if (!newest) return TYPEORM_STYLE;
  const { path, text } = newest;
  const up = /^([ \t]+)(public\s+)?async\s+up\s*\(/m.exec(text);
  const name = /^[ \t]+name\s*(?::\s*string\s*)?=\s*(['"`])[^'"`]*['"`](;?)/m.exec(text);
  const statementEnd = endOfStatements(text);
  const imports = /^import\s+(?:type\s+)?\{[^}]*\bQueryRunner\b[^}]*\}\s*from\s*(['"])typeorm\1;?/m.exec(
    text,
  );
  const extension = extname(path) === '.js' ? '.js' : '.ts';
  const quote = (name?.[1] === '"' || name?.[1] === "'" ? name[1] : imports?.[1]) as '"' | "'" | undefined;
  return {
    extension,
    module: /\bmodule\.exports\b|\bexports\./.test(text) ? 'commonjs' : 'esm',
    quote: quote ?? TYPEORM_STYLE.quote,
    propertyEnd: (name?.[2] ?? statementEnd ?? '') === ';' ? ';' : '',
    statementEnd: statementEnd ?? ';',
    indent: up?.[1] ?? TYPEORM_STYLE.indent,
    modifier: extension === '.ts' && up?.[2] === undefined ? '' : TYPEORM_STYLE.modifier,
    imports: interfacesOnly(imports?.[0]) ?? TYPEORM_STYLE.imports,
    lastLine: /\}\r?\n\s*\r?\n\}\s*$/.test(text) ? 'blank' : 'none',
    file: readFileStyle(migrations.map((each) => each.path)) ?? TYPEORM_STYLE.file,
  };
}

/** What most calls end with that another statement, an empty line or the end of the method follows. */
function endOfStatements(text: string): ';' | '' | undefined {
  const ends = [...text.matchAll(/\)(;?)[ \t]*\r?\n(?=[ \t]*(?:await\b|\}|\r?\n))/g)].map(([, end]) => end);
  if (ends.length === 0) return undefined;
  return ends.filter((end) => end === ';').length * 2 >= ends.length ? ';' : '';
}

/** The same import with the two interfaces alone: the newest migration may bring `Table` too. */
function interfacesOnly(imports: string | undefined): string | undefined {
  return imports?.replace(/\{[^}]*\}/, (names) =>
    /\btype\s+QueryRunner\b/.test(names)
      ? '{ type MigrationInterface, type QueryRunner }'
      : '{ MigrationInterface, QueryRunner }',
  );
}

/** As the newest file is called that shows how words are parted; one word in small letters does not. */
function readFileStyle(paths: readonly string[]): FileStyle | undefined {
  const names = paths.flatMap((path): readonly { separator: '-' | '_'; words: string }[] => {
    const [, separator, words] = /^\d+([-_])(.+)\.[cm]?[jt]s$/.exec(basename(path)) ?? [];
    return words !== undefined && (separator === '-' || separator === '_') ? [{ separator, words }] : [];
  });
  const newest = names.findLast(({ words }) => !/^[a-z\d]+$/.test(words)) ?? names.at(-1);
  return newest && { separator: newest.separator, words: caseOf(newest.words) };
}

function caseOf(words: string): FileStyle['words'] {
  if (/^[a-z\d]+(_[a-z\d]+)+$/.test(words)) return 'snake';
  if (/^[a-z\d]+(-[a-z\d]+)*$/.test(words)) return 'kebab';
  return /^[a-z]/.test(words) ? 'camel' : 'pascal';
}
