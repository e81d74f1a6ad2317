import { displayName } from '../../plan/database-schema.ts';
import type { House, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import type { SchemaObjectModel } from './model.ts';

export function writeSchemaObject(_run: Run, _house: House, draft: EntityDraft, _source: SchemaObjectModel): void {
  throw refuse(draft, `EntitySchema of ${displayName(draft.name)}`, 'x');
}
