import { relative } from 'node:path';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { Colors } from './terminal-text.ts';

/** One file of a run in a line: what is done to it, and its path. */
export function fileLine({ path, before, after }: FileEdit, root: string, colors: Colors): string {
  const file = relative(root, path).replaceAll('\\', '/');
  if (before === null) return `  ${colors.green('create')} ${file}`;
  return `  ${colors.yellow(after === null ? 'delete' : 'modify')} ${file}`;
}

/** A unified diff in colours. */
export function paint(diff: string, colors: Colors): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(\+\+\+|---) /.test(line)) return colors.bold(line);
      if (line.startsWith('+')) return colors.green(line);
      if (line.startsWith('-')) return colors.red(line);
      return line.startsWith('@@') ? colors.cyan(line) : line;
    })
    .join('\n');
}

/** Two spaces before each line. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
