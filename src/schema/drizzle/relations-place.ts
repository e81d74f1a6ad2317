import { ts } from '../compiler.cjs';
import type { SchemaFile } from '../source-file.ts';
import type { TableRef } from './model.ts';
import type { RelationsBlock } from './relations-model.ts';
import { directoryOf } from '../specifier.ts';
import { mapName } from '../word-names.ts';

/** Where the block of a table goes, and the neighbour that it is written after. */
export interface RelationsPlace {
  readonly path: string;
  readonly like: RelationsBlock;
}

/**
 * Decides which file gets the relations() block of a table: the table's own, where neighbours have theirs beside
 * the table; the one relations file of the project; or a file of its own, where every table's relations have one.
 */
export function relationsFileFor(table: TableRef, blocks: readonly RelationsBlock[]): RelationsPlace {
  const beside = blocks.filter(isBesideTable);
  const apart = blocks.filter((block) => !isBesideTable(block));
  const own = blocks.find((block) => block.file.path === table.path);
  const like = own ?? nearest(beside.length >= apart.length ? beside : apart, table);
  if (own !== undefined || beside.length >= apart.length) return { path: table.path, like };
  return { path: fileApart(table, like, apart), like };
}

/**
 * The end of the blocks of a file that stand one below the other, after all its tables; undefined where there is no such
 * group: a block beside its table, or variables below it (a table has to be declared before its relations).
 */
export function endOfRelationsGroup(file: SchemaFile, blocks: readonly RelationsBlock[]): number | undefined {
  const ends = new Set(
    blocks.filter((block) => block.file.path === file.path).map(({ statement }) => statement.end),
  );
  const { statements } = file.ast;
  const last = statements.findLastIndex(({ end }) => ends.has(end));
  const isGroup = last > 0 && ends.has(statements[last - 1]!.end);
  return isGroup && !statements.slice(last + 1).some(ts.isVariableStatement)
    ? statements[last]!.end
    : undefined;
}

/** A block whose table is not imported stands in the table's file. */
function isBesideTable(block: RelationsBlock): boolean {
  return homeOf(block) === block.file.path;
}

/** The file that a block's table comes from. */
function homeOf({ file, table }: RelationsBlock): string | undefined {
  const [namespace, member] = table.split('.');
  const line = file.imports.find((each) =>
    member === undefined
      ? each.names?.items.some((item) => item.alias === table)
      : each.namespace === namespace,
  );
  return line === undefined ? file.path : line.path;
}

/** The last block in the table's folder, else the last of all. */
function nearest(blocks: readonly RelationsBlock[], table: TableRef): RelationsBlock {
  return (
    blocks.findLast((block) => directoryOf(block.file.path) === directoryOf(table.path)) ?? blocks.at(-1)!
  );
}

function fileApart(table: TableRef, like: RelationsBlock, apart: readonly RelationsBlock[]): string {
  const paths = new Set(apart.map((block) => block.file.path));
  if (paths.size < 2) return like.file.path;
  return ownFile(table, like) ?? like.file.path;
}

/** `users/user.relations.ts` beside `users/user.schema.ts` → `orders/order.relations.ts` beside `orders/order.schema.ts`. */
function ownFile(table: TableRef, like: RelationsBlock): string | undefined {
  const home = homeOf(like);
  const [stem, rest] = nameParts(like.file.path);
  const [tableStem] = nameParts(table.path);
  const isNamedAsTable = home !== undefined && nameParts(home)[0] === stem;
  const name = isNamedAsTable
    ? tableStem
    : mapName(stem.replaceAll('-', '_'), {
        from: like.table.replace(/^.*\./, ''),
        to: table.variable,
      })?.replaceAll('_', '-');
  if (name === undefined) return undefined;
  const sharesFolder = home !== undefined && directoryOf(home) === directoryOf(like.file.path);
  return `${directoryOf(sharesFolder ? table.path : like.file.path)}/${name}${rest}`;
}

/** `user` and `.relations.ts`. */
function nameParts(path: string): readonly [stem: string, rest: string] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot)];
}
