import { createHash } from 'node:crypto';
import type { Limits } from '../../limits.ts';
import type { PgliteEngine, PgliteOptions } from '../../postgres/engines/pglite.ts';
import { historyKeys, type KeptHistories, startFrom } from '../../rehearse/kept-history.ts';

import { cacheWriter, readCached } from '../../workspace/own/cache.ts';
import { asShadow, type Shadow } from './shadow.ts';

/** A disposable database that processes of the project can reach. */
export interface ShadowHost {
  /** For `startTypeormChild`: started at the first statement, if nothing has started it before. */
  readonly engine: () => Promise<Shadow>;
  /**
   * Starts it from what the last run remembers, while it is not known yet whether that still holds. Resolves when this
   * thread may be kept busy with other things.
   */
  prepare(cacheFolder: string | undefined): Promise<void>;
  /** The database with the longest part of the history that is kept; `replayed` counts its migrations. */
  open(input: OpenInput): Promise<{ readonly shadow: Shadow; readonly replayed: number }>;
  /** Writes down for the next run which history was the newest. */
  remember(start: KnownStart, cacheFolder: string): Promise<void>;
  close(): Promise<void>;
}

interface OpenInput {
  /** Of `historyKeys`. */
  readonly keys: readonly string[];
  readonly extensions: readonly string[];
  readonly cacheFolder: string | undefined;
  /** Whatever is kept or started: one without any history. */
  readonly isEmpty?: boolean | undefined;
}

export interface KnownStart {
  readonly key: string;
  readonly extensions: readonly string[];
}

interface Started {
  readonly engine: PgliteEngine;
  readonly shadow: Shadow;
  readonly extensions: readonly string[];
  /** Key of the history that it has. */
  readonly key: string;
}

/** Loading them costs up to 0.25 s together (measured, pgcrypto most), and TypeORM asks for `uuid-ossp` by itself. Sorted. */
export const EXTENSIONS: readonly string[] = [
  'btree_gin',
  'btree_gist',
  'citext',
  'hstore',
  'ltree',
  'pg_trgm',
  'pgcrypto',
  'unaccent',
  'uuid-ossp',
];

export interface HostOptions {
  readonly keep: boolean;
  readonly limits?: Limits | undefined;
  /** Folder of the project, whose package pgvector is taken from. */
  readonly from?: string | undefined;
}

/** `name`: what the start is remembered under, the path of the data source. */
export function shadowHost(name: string, { keep, limits, from }: HostOptions): ShadowHost {
  let started: Promise<Started> | undefined;
  const begin = (starting: Promise<Started>): Promise<Started> => {
    starting.catch(() => undefined);
    started = starting;
    return starting;
  };
  return {
    async engine() {
      return (
        await (started ?? begin(startAt([], EXTENSIONS, { cacheFolder: undefined, keep, limits, from })))
      ).shadow;
    },
    prepare(cacheFolder) {
      return new Promise((begun) => {
        if (started) return begun();
        const cache = { cacheFolder, keep, limits, from, begun };
        begin(recall(cacheFolder, name).then((known) => startKnown(known, cache))).then(
          () => begun(),
          () => begun(),
        );
      });
    },
    async open({ keys, extensions, cacheFolder, isEmpty = false }) {
      const ready = await started?.catch(() => undefined);
      const replayed = ready && !isEmpty ? fitting(ready, keys, extensions) : undefined;
      if (ready && replayed !== undefined) return { shadow: ready.shadow, replayed };
      await ready?.engine.close();
      const found = await begin(
        startAt(isEmpty ? [] : keys.slice(1), extensions, { cacheFolder, keep, limits, from }),
      );
      return { shadow: found.shadow, replayed: keys.indexOf(found.key) };
    },
    async remember(start, cacheFolder) {
      await cacheWriter().write(cacheFolder, fileOf(name), async () => Buffer.from(JSON.stringify(start)));
    },
    async close() {
      await started?.then(
        ({ engine }) => engine.close(),
        () => undefined,
      );
    },
  };
}

/** How much of a history a started database has; undefined where it is of another one. */
function fitting(
  { key, extensions }: Started,
  keys: readonly string[],
  wanted: readonly string[],
): number | undefined {
  if (extensions.join() !== wanted.join()) return undefined;
  const at = keys.indexOf(key);
  return at === -1 ? undefined : at;
}

type Cache = KeptHistories & Pick<PgliteOptions, 'limits' | 'from' | 'begun'>;

function startKnown(known: KnownStart | undefined, cache: Cache): Promise<Started> {
  return known ? startAt([known.key], known.extensions, cache) : startAt([], EXTENSIONS, cache);
}

/** The longest that is kept of these histories, else an empty database. */
async function startAt(
  histories: readonly string[],
  extensions: readonly string[],
  cache: Cache,
): Promise<Started> {
  const keys = [...historyKeys([], extensions), ...histories];
  const { engine, replayed } = await startFrom(
    keys,
    { extensions, limits: cache.limits, from: cache.from, begun: cache.begun },
    cache,
  );
  return { engine, shadow: asShadow(engine), extensions, key: keys[replayed]! };
}

function fileOf(name: string): string {
  return `typeorm-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.json`;
}

async function recall(cacheFolder: string | undefined, name: string): Promise<KnownStart | undefined> {
  const bytes = cacheFolder === undefined ? undefined : await readCached(cacheFolder, fileOf(name));
  return bytes && (JSON.parse(bytes.toString()) as KnownStart);
}
