import { parseType } from '../../postgres/sql.ts';
import type { PlanDocument } from '../plan.ts';
import { KNOWN_TYPES } from './known-types.ts';

/**
 * The document with the types of its columns called as they are written. Enums and domains are names of the database,
 * as tables are: `noteKind` is that one, which SQL would fold to `notekind`. `VARCHAR`, `Int` and what else Postgres
 * brings itself stay SQL.
 */
export function typesAsWritten(document: PlanDocument): PlanDocument {
  if ('fields' in document) return { ...document, fields: document.fields.map((field) => ofField(field)) };
  if (document.migration_type !== 'modify_existing') return document;
  const { add_columns: added, modify_columns: modified } = document.changes;
  const changes = {
    ...document.changes,
    ...(added && { add_columns: added.map((field) => ofField(field)) }),
    ...(modified && {
      modify_columns: modified.map((entry) => ({
        ...entry,
        ...(entry.old_type !== undefined && { old_type: asWritten(entry.old_type) }),
        ...(entry.new_type !== undefined && { new_type: asWritten(entry.new_type) }),
      })),
    }),
  };
  return { ...document, changes };
}

function ofField<Field extends { readonly type: string }>(field: Field): Field {
  return { ...field, type: asWritten(field.type) };
}

/** `noteKind`, `noteKind[]`: one name that is not quoted. */
const BARE = /^(\s*)([\p{L}_][\p{L}\p{N}_$]*)(\s*(?:\[\d*\]\s*)*)$/u;

function asWritten(type: string): string {
  const [, before = '', name, behind = ''] = BARE.exec(type) ?? [];
  if (name === undefined || name === name.toLowerCase() || KNOWN_TYPES.has(parseType(type).name)) return type;
  return `${before}"${name}"${behind}`;
}
