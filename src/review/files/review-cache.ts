import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheWriter, readCached } from '../../workspace/own/cache.ts';
import type { Judged } from './judged.ts';

/** What earlier runs have found, by the content that they looked at. */
export interface ReviewCache {
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
export async function reviewCache(folder: string): Promise<ReviewCache> {
  const writer = cacheWriter();
  const old = await read(folder);
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
      await writer.write(folder, FILE, async () => bodyOf(new Map([...(await read(folder)), ...used])));
    },
  };
}

/** A key for a text under given circumstances. */
export function keyOf(circumstances: readonly unknown[], sql: string): string {
  return createHash('sha256').update(JSON.stringify(circumstances)).update('\n').update(sql).digest('base64');
}

async function read(folder: string): Promise<Map<string, Judged>> {
  const text = (await readCached(folder, FILE))?.toString() ?? '';
  const end = text.indexOf('\n');
  if (end === -1 || text.slice(0, end) !== version()) return new Map();
  return new Map(JSON.parse(text.slice(end + 1)) as [string, Judged][]);
}

function bodyOf(kept: ReadonlyMap<string, Judged>): Uint8Array {
  let length = 0;
  const newestFirst = [...kept].toReversed().map((entry) => JSON.stringify(entry));
  const fitting = newestFirst.filter((entry) => (length += entry.length) <= MOST_KEPT);
  return Buffer.from(`${version()}\n[${fitting.toReversed().join(',\n')}]`);
}

let code: string | undefined;

/** Holds only for the code that has written it. */
function version(): string {
  return (code ??= createHash('sha256').update(codeIdentity()).digest('base64'));
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
