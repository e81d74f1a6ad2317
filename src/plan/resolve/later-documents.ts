import { TableplanError } from '../../errors.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import type { PlanDocument } from '../plan.ts';
import type { Resolving } from './context.ts';

/** From a state in which a document's table or enum is new: the schema after each later document that changes it. */
export type LaterStates = (start: Resolving) => AsyncIterable<DatabaseSchema>;

type ResolveDocument = (
  resolving: Resolving,
  documents: readonly PlanDocument[],
  index: number,
) => Promise<void>;

/**
 * What a plan goes on to do to the table or enum that its document `index` makes. When the plan has been carried out,
 * that is what is there, not what the one document says. Ends where a later document does not fit, for it may need
 * what those between the two make.
 */
export function laterStates(
  documents: readonly PlanDocument[],
  index: number,
  resolveDocument: ResolveDocument,
): LaterStates {
  return async function* states(start) {
    const resolving: Resolving = { ...start, changes: [], notices: [], tableRenames: [] };
    for (const [position, document] of documents.entries()) {
      if (position <= index || !isChangeOf(document, documents[index])) continue;
      try {
        await resolveDocument(resolving, documents, position);
      } catch (error) {
        if (error instanceof TableplanError) return;
        throw error;
      }
      yield resolving.schema;
    }
  };
}

function isChangeOf(document: PlanDocument, maker: PlanDocument | undefined): boolean {
  if (!maker || (document.schema ?? 'public') !== (maker.schema ?? 'public')) return false;
  if (document.migration_type === 'modify_existing')
    return 'fields' in maker && document.table_name === maker.table_name;
  return (
    document.migration_type === 'modify_enum' &&
    maker.migration_type === 'new_enum' &&
    document.enum_name === maker.enum_name
  );
}
