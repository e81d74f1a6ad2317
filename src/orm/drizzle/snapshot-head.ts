/** What tells a snapshot's place in the chain; undefined for what the file does not say. */
export interface SnapshotHead {
  readonly id: string | undefined;
  readonly prevId: string | undefined;
  readonly version: string | undefined;
}

const PAIR = /\s*"(\w+)"\s*:\s*"([^"\\]*)"\s*,/y;

/**
 * Reads the head of a snapshot from the start of its text: drizzle-kit writes `id`, `prevId`, `version`, `dialect` first,
 * older versions in another order. Undefined when the start does not show both ids.
 */
export function readSnapshotHead(start: string): SnapshotHead | undefined {
  const open = /^\uFEFF?\s*\{/.exec(start);
  if (!open) return undefined;
  const pairs = new Map<string, string>();
  PAIR.lastIndex = open[0].length;
  for (let pair = PAIR.exec(start); pair; pair = PAIR.exec(start)) pairs.set(pair[1] ?? '', pair[2] ?? '');
  const [id, prevId, version] = ['id', 'prevId', 'version'].map((key) => pairs.get(key));
  return id === undefined || prevId === undefined || version === undefined
    ? undefined
    : { id, prevId, version };
}
