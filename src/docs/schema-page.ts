import { type DatabaseSchema, displayName, isSameObject, type TableDef } from '../plan/database-schema.ts';
import { entityDiagram } from './mermaid.ts';
import type { Cluster } from './clusters.ts';
import { compare, drawnParts, type TablePlace } from './domains.ts';
import { counted } from './migrations-index.ts';
import { anchorOf, codeCell, render, textCell } from './render.ts';

/**
 * The whole schema as Mermaid diagrams, in parts where it is large, with its enums. Tables of other parts are boxes
 * without columns, and a link says where they are. `newest` is the migration that it is the state of.
 */
export function renderSchema(
  schema: DatabaseSchema,
  context: { readonly places: readonly TablePlace[]; readonly newest: string | undefined },
  template: string,
): string {
  const parts = schema.tables.length === 0 ? [] : drawnParts(schema.tables, context.places);
  const headings = headingsOf(parts);
  const sections = parts.map((part, index) => ({
    heading: headings[index],
    anchor: anchorOf(headings[index] ?? ''),
    tables: part.tables.map((table) => codeCell(displayName(table))).join(', '),
    diagram: entityDiagram(schema, part.tables),
    elsewhere: elsewhere(part, parts, headings),
  }));
  return render(template, {
    counts: [counted(schema.tables.length, 'table'), counted(schema.enums.length, 'enum')].join(', '),
    views: schema.views.map((name) => codeCell(name.replace(/^public\./, ''))).join(', '),
    newest: context.newest === undefined ? undefined : codeCell(context.newest),
    single: sections.length === 1 ? sections[0] : undefined,
    sections: sections.length > 1 ? sections : [],
    enums: enumsOf(schema),
  });
}

/** Two parts never share a heading, nor an anchor. */
function headingsOf(parts: readonly Cluster[]): string[] {
  const taken = new Set(['enums', 'contents']);
  return parts.map(({ name }) => {
    const text = textCell(name).replaceAll(/[[\]`*_#]/g, (char) => (char === '_' ? char : ''));
    let heading = text;
    for (let count = 2; taken.has(anchorOf(heading)); count += 1) heading = `${text} ${count}`;
    taken.add(anchorOf(heading));
    return heading;
  });
}

/** Tables of other parts that this one refers to, as links to where they are drawn. */
function elsewhere(part: Cluster, parts: readonly Cluster[], headings: readonly string[]): string {
  const targets = part.tables.flatMap(({ foreignKeys }) => foreignKeys.map(({ references }) => references));
  const own = (name: string): boolean => part.tables.some((table) => displayName(table) === name);
  const names = [...new Set(targets.map(displayName))].filter((name) => !own(name)).toSorted(compare);
  return names
    .map((name) => {
      const at = parts.findIndex(({ tables }) => tables.some((table) => displayName(table) === name));
      return at === -1 ? codeCell(name) : `[${codeCell(name)}](#${anchorOf(headings[at] ?? '')})`;
    })
    .join(', ');
}

function enumsOf(schema: DatabaseSchema): { name: string; values: string; usedBy: string }[] {
  return schema.enums
    .toSorted((a, b) => compare(displayName(a), displayName(b)))
    .map((item) => ({
      name: codeCell(displayName(item)),
      values: item.values.map(codeCell).join(', '),
      usedBy: schema.tables
        .toSorted((a, b) => compare(displayName(a), displayName(b)))
        .flatMap((table) =>
          columnsOfType(table, item).map((column) => codeCell(`${displayName(table)}.${column}`)),
        )
        .join(', '),
    }));
}

function columnsOfType({ columns }: TableDef, item: DatabaseSchema['enums'][number]): string[] {
  return columns.filter(({ type }) => isSameObject(typeName(type), item)).map(({ name }) => name);
}

/** `billing.state[]`, `"Mood"` → its schema and name. */
function typeName(type: string): { schema: string; name: string } {
  const parts = type.replace(/(\[\d*\])+$/, '').match(/"(?:[^"]|"")*"|[^.]+/g) ?? [];
  const [last = '', schema = 'public'] = parts
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .toReversed();
  return { schema, name: last };
}
