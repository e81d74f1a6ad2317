import { toCase } from '../case.ts';
import type { EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { snake } from './conventions.ts';

interface EmbeddedRename {
  /** `address.city`. */
  readonly property: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What the property of an embedded class is called once its column has another name. The name of the column begins with
 * what the property that embeds the class gives it: only what follows is the class's own.
 * Throws `schema-not-editable` for any other name.
 */
export function embeddedProperty(draft: EntityDraft, { property, from, to }: EmbeddedRename): string {
  const parts = property.split('.');
  const own = parts.at(-1)!;
  for (const write of [capital, snake, same]) {
    const written = write(own);
    const prefix = from.slice(0, from.length - written.length);
    if (prefix === '' || from !== prefix + written || !to.startsWith(prefix)) continue;
    const name = toCase(to.slice(prefix.length), 'camel');
    if (prefix + write(name) === to) return [...parts.slice(0, -1), name].join('.');
  }
  throw refuse(
    draft,
    `the column ${from} is ${property}, of an embedded class: its name cannot become ${to}`,
    `A column of an embedded class is named after ${parts.slice(0, -1).join('.')} and its own property. Keep the first part of the name, or rename the property by hand.`,
  );
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function same(name: string): string {
  return name;
}
