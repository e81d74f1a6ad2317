import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { makeTree } from '../workspace/tree.ts';

/** Stands in the files of the victim; a command that shows it has read them. */
export const PRIVATE = 'nobody-else-may-read-this';

/** A folder outside every repository, with what a hostile one would like to reach. */
export function makeVictim(): string {
  const root = makeTree({
    'x/notes.txt': PRIVATE,
    'conf.json': `{ "token": "${PRIVATE}" }`,
    'journal/manifest.json': PRIVATE,
    'journal/image': PRIVATE,
    'conf.sealed': PRIVATE,
    'undo/conf.sealed': PRIVATE,
    lock: PRIVATE,
    'lock.mine': PRIVATE,
    '.gitignore': '*\n',
    'review.json': PRIVATE,
    'pglite-old.tar.gz': PRIVATE,
    '.cache/tableplan/review.json': PRIVATE,
    'typeorm/0123456789abcdef0123456789abcdef.js': PRIVATE,
  });
  mkdirSync(join(root, 'empty'));
  for (let index = 0; index < 25; index += 1) writeFileSync(join(root, `pglite-${index}.tar.gz`), PRIVATE);
  chmodSync(join(root, 'conf.json'), 0o600);
  return root;
}

/** Everything about a folder that a command could change: names, kinds, modes, owners, times, bytes. */
export function fingerprint(root: string): string {
  return [root, ...readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))]
    .toSorted()
    .map((path) => {
      const { mode, uid, gid, mtimeMs, ctimeMs, nlink } = lstatSync(path);
      const info = lstatSync(path);
      const content = info.isFile()
        ? readFileSync(path, 'utf8')
        : info.isSymbolicLink()
          ? readlinkSync(path)
          : '/';
      return JSON.stringify([relative(root, path), mode, uid, gid, mtimeMs, ctimeMs, nlink, content]);
    })
    .join('\n');
}
