import { cacheWriter, readCached } from '../../workspace/own/cache.ts';
import type { Query } from './child/child.ts';

/** The SQL of migrations that were replayed once, by the key of the history that ends with them. */
export interface KeptStatements {
  get(key: string): readonly Query[] | undefined;
  set(key: string, queries: readonly Query[]): void;
  /** Writes what is new; never throws: what is kept can be made again. */
  save(): Promise<void>;
}

/** Characters of all that is kept; the longest unused go first. */
const MOST_KEPT = 16_000_000;

type Entries = Map<string, readonly Query[]>;

const FILE = 'typeorm-statements.json';

/** Reads what is kept in a folder; without one nothing is, and nothing is written. A damaged file counts for nothing. */
export async function keptStatements(folder: string | undefined): Promise<KeptStatements> {
  const writer = cacheWriter();
  const old = folder === undefined ? new Map<string, readonly Query[]>() : await read(folder);
  const used: Entries = new Map();
  let isNew = false;
  return {
    get(key) {
      const found = used.get(key) ?? old.get(key);
      if (found) used.set(key, found);
      return found;
    },
    set(key, queries) {
      used.set(key, queries);
      isNew = true;
    },
    async save() {
      if (!isNew || folder === undefined) return;
      // Another run may have written meanwhile: both are kept.
      await writer.write(folder, FILE, async () => bodyOf(new Map([...(await read(folder)), ...used])));
    },
  };
}

async function read(folder: string): Promise<Entries> {
  const body = await readCached(folder, FILE);
  return new Map(body && (JSON.parse(body.toString()) as [string, readonly Query[]][]));
}

function bodyOf(entries: Entries): Uint8Array {
  let length = 0;
  const newestFirst = [...entries].toReversed().map((entry) => JSON.stringify(entry));
  const fitting = newestFirst.filter((entry) => (length += entry.length) <= MOST_KEPT);
  return Buffer.from(`[${fitting.toReversed().join(',\n')}]`);
}
