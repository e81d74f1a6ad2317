import { separateWords } from '../../schema/case.ts';
import type { Query } from './child/child.ts';
import type { FileStyle, MigrationStyle } from './migration-style.ts';

export interface MigrationContent {
  readonly className: string;
  readonly up: readonly Query[];
  readonly down: readonly Query[];
  /** `none`: a statement cannot run in a transaction, and the class says so. */
  readonly transaction: 'default' | 'none';
}

/** The text of a migration file in TypeORM's own form and the project's style; queries keep their parameters. */
export function renderMigration(content: MigrationContent, style: MigrationStyle): string {
  return style.extension === '.js' ? renderJavaScript(content, style) : renderTypeScript(content, style);
}

function renderTypeScript(
  { className, up, down, transaction }: MigrationContent,
  style: MigrationStyle,
): string {
  const { indent, quote, modifier } = style;
  const end = style.propertyEnd;
  const method = (name: string, queries: readonly Query[]) =>
    `${indent}${modifier}async ${name}(queryRunner: QueryRunner): Promise<void> {
${renderQueries(queries, style)}${indent}}
`;
  return `${style.imports}

export class ${className} implements MigrationInterface {
${indent}name = ${quote}${className}${quote}${end}
${transaction === 'none' ? `${indent}transaction = false${end}\n` : ''}
${method('up', up)}
${method('down', down)}${style.lastLine === 'blank' ? '\n' : ''}}
`;
}

function renderJavaScript(
  { className, up, down, transaction }: MigrationContent,
  style: MigrationStyle,
): string {
  const { indent, quote } = style;
  const end = style.propertyEnd;
  const method = (name: string, queries: readonly Query[]) =>
    `${indent}/**
${indent} * @param {QueryRunner} queryRunner
${indent} */
${indent}async ${name}(queryRunner) {
${renderQueries(queries, style)}${indent}}
`;
  return `/**
 * @typedef {import('typeorm').MigrationInterface} MigrationInterface
 * @typedef {import('typeorm').QueryRunner} QueryRunner
 */

/**
 * @class
 * @implements {MigrationInterface}
 */
${style.module === 'esm' ? 'export' : 'module.exports ='} class ${className} {
${indent}name = ${quote}${className}${quote}${end}
${transaction === 'none' ? `${indent}transaction = false${end}\n` : ''}
${method('up', up)}
${method('down', down)}}
`;
}

function renderQueries(queries: readonly Query[], { indent, statementEnd }: MigrationStyle): string {
  return queries
    .map(({ sql, parameters }) => {
      const more =
        parameters === undefined || parameters.length === 0 ? '' : `, ${JSON.stringify(parameters)}`;
      return `${indent}${indent}await queryRunner.query(\`${escapeTemplate(sql)}\`${more})${statementEnd}\n`;
    })
    .join('');
}

/** A text inside backticks: what would end it, escape or interpolate is escaped. */
function escapeTemplate(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${');
}

/** Class and file of a migration. `name` in snake_case. */
export function migrationNames(
  name: string,
  stamp: number,
  { file, extension }: Pick<MigrationStyle, 'file' | 'extension'>,
): { readonly className: string; readonly fileName: string } {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  // The stamp is the last thirteen digits of the class: nothing before it may be one (facts/typeorm.md 6).
  if (/\d$/.test(words.at(-1) ?? '')) words.push('migration');
  const pascal = words.map(capital).join('');
  return {
    className: `${/^\d/.test(pascal) ? 'Migration' : ''}${pascal}${stamp}`,
    fileName: `${stamp}${file.separator}${inWords(words, file.words)}${extension}`,
  };
}

function inWords(words: readonly string[], style: FileStyle['words']): string {
  switch (style) {
    case 'pascal':
      return words.map(capital).join('');
    case 'camel':
      return words.map((word, index) => (index === 0 ? word.toLowerCase() : capital(word))).join('');
    case 'kebab':
      return separateWords(words.join('-'), '-');
    case 'snake':
      return separateWords(words.join('_'), '_');
  }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
