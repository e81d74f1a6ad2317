import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A temporary folder with these files; keys are paths relative to it. */
export function makeTree(files: Readonly<Record<string, string>>, name = 'tableplan test-'): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), name)));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Everything below a folder, byte for byte: path, kind, mode and content. Equal texts mean equal trees. */
export function treeOf(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mode = (lstatSync(path).mode & 0o777).toString(8);
      if (entry.isSymbolicLink()) return `${relative(root, path)} -> ${readlinkSync(path)}`;
      if (!entry.isFile()) return `${relative(root, path)}/`;
      return `${relative(root, path)} ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .toSorted()
    .join('\n');
}
