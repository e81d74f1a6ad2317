import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

interface Editing {
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  /** Replaces a text in files; each has to have it. */
  readonly change: (from: string, to: string, ...paths: readonly string[]) => void;
  readonly move: (from: string, to: string) => void;
}

/** Edits the files of the project that a test has at the moment, by their paths below its root. */
export function editing(project: () => { readonly root: string }): Editing {
  const place = (path: string): string => {
    const whole = join(project().root, path);
    mkdirSync(dirname(whole), { recursive: true });
    return whole;
  };
  const write = (path: string, text: string): void => writeFileSync(place(path), text);
  const read = (path: string): string => readFileSync(join(project().root, path), 'utf8');
  return {
    write,
    read,
    change: (from, to, ...paths) => {
      for (const path of paths) {
        expect(read(path)).toContain(from);
        write(path, read(path).replaceAll(from, to));
      }
    },
    move: (from, to) => renameSync(join(project().root, from), place(to)),
  };
}
