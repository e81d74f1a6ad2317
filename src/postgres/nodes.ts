import type { Node } from 'libpg-query';

/** The strings of a node list; other nodes are left out. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}
