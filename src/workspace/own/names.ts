import { isAbsolute } from 'node:path';

/** Whether a text can be a file's name and nothing else: no separator, no `..`, nothing hidden, no control character. */
export function isName(text: string): boolean {
  return /^\w[\w .-]{0,149}$/.test(text) && !text.includes('..') && !/[ .]$/.test(text);
}

/** The nearest name for a text that may be none. */
export function asName(text: string): string {
  const name = text
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[^A-Za-z0-9_]+|[.-]+$/g, '')
    .slice(0, 100)
    .replace(/[.-]+$/, '');
  return name === '' ? 'run' : name;
}

/** Whether a relative path with `/` stays below its folder, and out of `.git` and tableplan's own folder. */
export function isInnerPath(path: string): boolean {
  if (path.includes('\0') || isAbsolute(path)) return false;
  if (process.platform === 'win32' && /[\\:]/.test(path)) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !isReservedName(part));
}

/**
 * Whether a file or folder of this name is git's or tableplan's own: nothing in it is ever the project's. Names that a file
 * system takes for the same count too (`.GIT`, `.git.`, `git~1`, invisible characters in it), as git itself does.
 */
export function isReservedName(part: string): boolean {
  const plain = part
    .replaceAll(/[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[ .]+$/, '');
  return plain === '.git' || plain === 'git~1' || plain === '.tableplan';
}
