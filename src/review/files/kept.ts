import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Judged } from './judged.ts';

/** What earlier runs have found, by the content that they looked at. */
export interface KeptReviews {
  get(key: string): Judged | undefined;
  set(key: string, judged: Judged): void;
  /** Writes what is new; never throws: what is kept can be made again. */
  save(): Promise<void>;
}

const FILE = 'review.json';
/** Characters of all that is kept; the longest unused go first. */
const MOST_KEPT = 16_000_000;

/**
 * The reviews kept in a folder, all in one file: a thousand small ones take longer to open than to read. A file that is
 * damaged, or written by another version of the rules, counts for nothing.
 */
export async function keptReviews(folder: string): Promise<KeptReviews> {
  const path = join(folder, FILE);
  const old = await read(path);
  const used = new Map<string, Judged>();
  let isNew = false;
  return {
    get(key) {
      const found = old.get(key);
      if (found) used.set(key, found);
      return found;
    },
    set(key, judged) {
      used.set(key, judged);
      isNew = true;
    },
    async save() {
      if (!isNew) return;
      // Another run may have written meanwhile: both are kept.
      await write(path, new Map([...(await read(path)), ...used])).catch(() => undefined);
    },
  };
}

/** A key for a text under given circumstances. */
export function keyOf(circumstances: readonly unknown[], sql: string): string {
  return createHash('sha256').update(JSON.stringify(circumstances)).update('\n').update(sql).digest('base64');
}

async function read(path: string): Promise<Map<string, Judged>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end === -1 || text.slice(0, end) !== sealOf(body)) return new Map();
  return new Map(JSON.parse(body) as [string, Judged][]);
}

/** Written beside and renamed: another run sees it whole or not at all. */
async function write(path: string, kept: ReadonlyMap<string, Judged>): Promise<void> {
  let length = 0;
  const newestFirst = [...kept].toReversed().map((entry) => JSON.stringify(entry));
  const fitting = newestFirst.filter((entry) => (length += entry.length) <= MOST_KEPT);
  const body = `[${fitting.toReversed().join(',\n')}]`;
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, `${sealOf(body)}\n${body}`);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

let code: string | undefined;

/** Holds only for this text and for the code that has written it. */
function sealOf(body: string): string {
  code ??= codeIdentity();
  return createHash('sha256').update(code).update(body).digest('base64');
}

/** Names, sizes and dates of tableplan's own modules: the rules cannot change without them. */
function codeIdentity(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // Bundled, all modules lie in one folder; as sources, they lie below `src`.
  const isSource = import.meta.url.endsWith('.ts');
  const folder = isSource ? join(here, '../..') : here;
  return readdirSync(folder, { recursive: isSource, encoding: 'utf8' })
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .toSorted()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .join('\n');
}
