import mermaid from 'mermaid';

export interface ParsedDiagram {
  /** Entity → its columns as `type name keys comment`. */
  readonly entities: Readonly<Record<string, readonly string[]>>;
  /** `child one-or-many--one parent: label` */
  readonly relations: readonly string[];
}

interface ErDatabase {
  getEntities(): Map<
    string,
    {
      id: string;
      label: string;
      attributes: { type: string; name: string; keys?: string[]; comment?: string }[];
    }
  >;
  getRelationships(): {
    entityA: string;
    roleA: string;
    entityB: string;
    relSpec: { cardA: string; cardB: string };
  }[];
}

/** A diagram as the real Mermaid understands it. Rejects where Mermaid refuses it. */
export async function parsedDiagram(text: string): Promise<ParsedDiagram> {
  // As a page does it: directives taken out first, which loads the kinds of diagrams too.
  await mermaid.parse(text);
  const { db } = (await mermaid.mermaidAPI.getDiagramFromText(text)) as unknown as { db: ErDatabase };
  const byId = new Map([...db.getEntities().values()].map(({ id, label }) => [id, shown(label)]));
  return {
    entities: Object.fromEntries(
      [...db.getEntities().values()].map(({ label, attributes }) => [
        shown(label),
        attributes.map(({ type, name, keys = [], comment = '' }) =>
          [type, name, keys.join(','), shown(comment)].filter((part) => part !== '').join(' '),
        ),
      ]),
    ),
    relations: db
      .getRelationships()
      .map(
        ({ entityA, entityB, roleA, relSpec }) =>
          `${byId.get(entityA)} ${relSpec.cardB}--${relSpec.cardA} ${byId.get(entityB)}: ${shown(roleA)}`,
      ),
  };
}

/** The Mermaid blocks of a Markdown text. */
export function mermaidBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```mermaid\r?\n(.*?)^```$/gms)].map(([, text = '']) => text);
}

/** Entities as Mermaid draws them in the end. */
function shown(text: string): string {
  return text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
