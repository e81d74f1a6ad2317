import { printable } from '../plan/visible.ts';

/**
 * Text of the plan in the record, which is Markdown: what a plan says must look like its text and like nothing that the
 * record says itself (a heading, a ticked box, `**Applied**: …`, HTML).
 */

/** Free text as part of a line: newlines become spaces, and what Markdown would read loses its meaning. */
export function freeText(text: string): string {
  return lineText(text)
    .replaceAll(/[`*]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^(?=[-#+>|=~])|(?<=^\d+)(?=[.)])/, '\\');
}

/** A composed line with SQL or labels in it: one line, without HTML and images; what it marks as code stays. */
export function lineText(text: string): string {
  return oneLine(text)
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '\\\\')
    .replaceAll(/<(?=[a-z/!?])/gi, '\\<')
    .replaceAll('![', '!\\[')
    .replaceAll('](', ']\\(');
}

/** Text as code within a line. */
export function codeText(text: string): string {
  return oneLine(text).replaceAll('`', "'");
}

/** Text as code within the cell of a table. */
export function codeInCell(text: string): string {
  return codeText(text).replaceAll('|', '\\|');
}

/** Text in one line, and nothing in it that is not seen. */
export function oneLine(text: string): string {
  return printable(text.replaceAll(/[\s\u0085\u2028\u2029]+/g, ' ').trim());
}

/** The fence of a code block: longer than any within. */
export function fenceFor(...blocks: readonly string[]): string {
  const runs = blocks.flatMap((block) => block.match(/`{3,}/g) ?? []);
  return '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
}
