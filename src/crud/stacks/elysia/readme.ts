import { join } from 'node:path';
import { readRegularFileSync } from '../../../read-regular-file.ts';
import { readStyle } from '../../../schema/style.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { WiringEdit } from '../../stack.ts';

/** Adds a line to the table of endpoints in the project's README; nothing where it has none. */
export function readmeEdits(
  { names }: CrudDomain,
  { root }: CrudProject,
  url: string,
): readonly WiringEdit[] {
  const path = join(root, 'README.md');
  const document = `docs/modules/${names.plural.kebab}-README.md`;
  const cells = (header: string): string => {
    if (/endpoint|route|path|url/i.test(header)) return `\`${url}\``;
    if (/doc|readme|link/i.test(header)) return `[${names.plural.kebab}](${document})`;
    return /module|domain|name|resource|feature|entity|table/i.test(header) ? names.plural.kebab : '';
  };
  const edit = (text: string): string => (text.includes(`\`${url}\``) ? text : withRow(text, cells));
  const text = textOf(path);
  if (text === undefined || (edit(text) === text && !text.includes(`\`${url}\``))) return [];
  return [
    {
      path,
      what: `${names.plural.words} in the table of README.md`,
      paste: `| ${names.plural.kebab} | \`${url}\` |`,
      edit,
    },
  ];
}

function textOf(path: string): string | undefined {
  try {
    return readRegularFileSync(path).toString('utf8');
  } catch {
    return undefined;
  }
}

/** A row at the end of the first table with a column of endpoints; cells are as wide as the header's. */
function withRow(text: string, cell: (header: string) => string): string {
  const { eol } = readStyle(text);
  const lines = text.split(/\r?\n/);
  const head = lines.findIndex(
    (line, at) =>
      /^\s*\|.*\b(endpoints?|routes?)\b/i.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? ''),
  );
  if (head === -1) return text;
  const past = lines.findIndex((line, at) => at > head && !/^\s*\|/.test(line));
  const end = past === -1 ? lines.length : past;
  const headers = lines[head]!.trim()
    .replace(/^\||\|$/g, '')
    .split('|');
  // A column that is not understood would be empty.
  if (headers.some((header) => cell(header) === '')) return text;
  const row = `|${headers.map((header) => ` ${cell(header).padEnd(header.length - 2)} `).join('|')}|`;
  return lines.toSpliced(end, 0, row).join(eol);
}
