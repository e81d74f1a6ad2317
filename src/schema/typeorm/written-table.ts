import { displayName, type ObjectName } from '../../plan/database-schema.ts';
import type { EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import type { KnownInput } from './editing.ts';

/** A table as its entity says it: what the data source puts to it is left out. */
export interface WrittenTable {
  readonly name: string;
  /** Undefined where the data source says it. */
  readonly schema: string | undefined;
}

/** Throws `schema-not-editable` for a name without the data source's `entityPrefix`. */
export function writtenTable(
  draft: EntityDraft,
  { entityPrefix = '', defaultSchema = 'public' }: Pick<KnownInput, 'entityPrefix' | 'defaultSchema'>,
): WrittenTable {
  const { schema, name }: ObjectName = draft.name;
  if (!name.startsWith(entityPrefix))
    throw refuse(
      draft,
      `${displayName(draft.name)} cannot be the name of a table here: the data source puts ${entityPrefix} before all names (entityPrefix)`,
      `Choose a name that begins with ${entityPrefix}.`,
    );
  return { name: name.slice(entityPrefix.length), schema: schema === defaultSchema ? undefined : schema };
}
