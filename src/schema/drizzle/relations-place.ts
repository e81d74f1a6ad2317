import type { Editing } from './editing.ts';
import type { TableRef } from './model.ts';
import type { RelationsBlock } from './relations-model.ts';
import { directoryOf } from './specifier.ts';
import { mapName } from './word-names.ts';

/** Where the block of a table goes, and the neighbour that it is written after. */
export interface RelationsPlace {
  readonly path: string;
  readonly like: RelationsBlock;
}

/**
 * Decides which file gets the relations() block of a table: the table's own, where neighbours have theirs beside
 * the table; the one relations file of the project; or a file of its own, where every table's relations have one.
 */
export function relationsFileFor(editing: Editing, table: TableRef, blocks: readonly RelationsBlock[]): RelationsPlace {
  const beside = blocks.filter((block) => isBesideTable(editing, block));
  const apart = blocks.filter((block) => !isBesideTable(editing, block));
  const own = blocks.find((block) => block.file.path === table.path);
  const like = own ?? nearest(beside.length >= apart.length ? beside : apart, table);
  if (own !== undefined || beside.length >= apart.length) return { path: table.path, like };
  return { path: fileApart(editing, table, like, apart), like };
}

function isBesideTable(editing: Editing, block: RelationsBlock): boolean {
  return editing.model.tables.some((table) => table.file.path === block.file.path && table.variable === block.table);
}

/** The last block in the table's folder, else the last of all. */
function nearest(blocks: readonly RelationsBlock[], table: TableRef): RelationsBlock {
  return blocks.findLast((block) => directoryOf(block.file.path) === directoryOf(table.path)) ?? blocks.at(-1)!;
}

function fileApart(editing: Editing, table: TableRef, like: RelationsBlock, apart: readonly RelationsBlock[]): string {
  const paths = new Set(apart.map((block) => block.file.path));
  if (paths.size < 2) return like.file.path;
  return ownFile(editing, table, like) ?? like.file.path;
}

/** `users/user.relations.ts` beside `users/user.schema.ts` → `orders/order.relations.ts`. */
function ownFile(editing: Editing, table: TableRef, like: RelationsBlock): string | undefined {
  const home = editing.model.tables.find((candidate) => candidate.variable === like.table)?.file.path;
  const file = like.file.path.slice(directoryOf(like.file.path).length + 1);
  const [stem, ...rest] = file.split('.');
  const mapped = mapName((stem ?? '').replaceAll('-', '_'), { from: like.table, to: table.variable });
  if (mapped === undefined) return undefined;
  const name = [file.includes('-') || /-/.test(table.path) ? mapped.replaceAll('_', '-') : mapped, ...rest].join('.');
  const sharesFolder = home !== undefined && directoryOf(home) === directoryOf(like.file.path);
  return `${directoryOf(sharesFolder ? table.path : like.file.path)}/${name}`;
}
