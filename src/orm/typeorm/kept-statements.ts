import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Reads what is kept in a folder; without one nothing is, and nothing is written. A damaged file counts for nothing. */
export async function keptStatements(folder: string | undefined): Promise<KeptStatements> {
  const path = folder === undefined ? undefined : join(folder, 'typeorm-statements.json');
  const old = path === undefined ? new Map<string, readonly Query[]>() : await read(path);
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
      if (!isNew || path === undefined || folder === undefined) return;
      await mkdir(folder, { recursive: true }).catch(() => undefined);
      // Another run may have written meanwhile: both are kept.
      await write(path, new Map([...(await read(path)), ...used])).catch(() => undefined);
    },
  };
}

async function read(path: string): Promise<Entries> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end === -1 || text.slice(0, end) !== sealOf(body)) return new Map();
  return new Map(JSON.parse(body) as [string, readonly Query[]][]);
}

/** Written beside and renamed: another run sees it whole or not at all. */
async function write(path: string, entries: Entries): Promise<void> {
  let length = 0;
  const newestFirst = [...entries].toReversed().map((entry) => JSON.stringify(entry));
  const body = `[${newestFirst
    .filter((entry) => (length += entry.length) <= MOST_KEPT)
    .toReversed()
    .join(',\n')}]`;
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, `${sealOf(body)}\n${body}`);
  await rename(temporary, path);
}

function sealOf(body: string): string {
  return createHash('sha256').update(body).digest('base64');
}
