import { TableplanError } from '../errors.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  displayName,
  isSameObject,
  type ObjectName,
} from '../plan/database-schema.ts';
import type { PropertyInSource } from '../schema/edit-result.ts';
import type { CrudField, ServerRole } from './domain.ts';

export interface ColumnPlace {
  readonly table: ObjectName;
  readonly schema: DatabaseSchema;
  /** Texts of the application. */
  readonly sources: Iterable<string>;
}

const DELETED_TIME = /^(deleted|removed)_?at$/i;
const DELETED_FLAG = /^(is_?deleted|deleted|is_?removed)$/i;
const AUDIT = /^(created|updated|modified|deleted|changed|inserted)_?by(_?(user|id|user_?id))?$/i;
const VERSION = /^(lock|row|record|entity)_?version$/i;
const TENANT = /^tenant(_?(id|key|uuid))?$/i;
/** Names that are a tenant's in applications of tenants, and data in others. */
const TENANT_ELSEWHERE = /^(org|organi[sz]ation|workspace|account|company|team)_?id$/i;

/**
 * What a column is for that no client gives or changes: a mark of deletion, who made or changed a row, its version, its tenant.
 * Decorators say so, else the name, as far as the application's own code or the other tables agree.
 */
export function serverRoleOf(
  column: ColumnDef,
  property: PropertyInSource,
  place: ColumnPlace,
): ServerRole | undefined {
  const { name } = column;
  if (property.role === 'deleted') return 'deletion';
  if (property.role === 'version') return 'version';
  if (property.role !== undefined) return 'time';
  if (marksDeletion(column)) return 'deletion';
  if (AUDIT.test(name)) return 'audit';
  if (isCounter(column) && (VERSION.test(name) || isBumped(name, property, place))) return 'version';
  if (TENANT.test(name)) return 'tenant';
  return TENANT_ELSEWHERE.test(name) && isTenant(column, property, place) ? 'tenant' : undefined;
}

/** Whether a column is, by its name and type, where rows are marked as deleted. */
export function marksDeletion(column: ColumnDef): boolean {
  if (isTime(column)) return !column.notNull && DELETED_TIME.test(column.name);
  return column.type === 'boolean' && column.default !== undefined && DELETED_FLAG.test(column.name);
}

function isTime({ type }: ColumnDef): boolean {
  return /^timestamp/i.test(type);
}

function isCounter({ type, default: value }: ColumnDef): boolean {
  return value !== undefined && /^(small|big)?int(eger|2|4|8)?$/i.test(type);
}

/** `version: sql`${documents.version} + 1`` somewhere in the application. */
function isBumped(name: string, { key }: PropertyInSource, { sources }: ColumnPlace): boolean {
  if (!/^version$/i.test(name)) return false;
  const bumped = new RegExp(
    `\\b${key}:\\s*(?:sql\`[^\`]*\\+\\s*1|\\w[\\w.]*\\.${key}\\s*\\+\\s*1|\\(\\) =>[^,]*\\+\\s*1)`,
  );
  return [...sources].some((text) => bumped.test(text));
}

/** At least half of the other tables have it too, and the application's queries look at it. */
function isTenant(
  { name }: ColumnDef,
  { key }: PropertyInSource,
  { table, schema, sources }: ColumnPlace,
): boolean {
  const others = schema.tables.filter((each) => !isSameObject(each, table));
  const having = others.filter(({ columns }) => columns.some((column) => column.name === name));
  if (having.length < 2 || having.length * 2 < others.length) return false;
  const compared = new RegExp(
    `\\beq\\(\\s*\\w+\\.${key}\\s*,|\\.${key}\\s*=\\s*:|\\bwhere:\\s*\\{[^}]*\\b${key}\\b`,
  );
  return [...sources].some((text) => compared.test(text));
}

/**
 * Nobody gives a value that is the server's, and who is signed in, or whose row it is, the code does not know. Throws
 * `crud-not-possible` for such a column without a default.
 */
export function refuseServers(fields: readonly CrudField[], table: ObjectName): void {
  const stuck = fields.find(({ role, isRequired }) => role !== undefined && isRequired);
  if (stuck === undefined) return;
  const what = stuck.role === 'tenant' ? 'says whose row it is' : 'says who has written a row';
  throw new TableplanError(
    'crud-not-possible',
    `${displayName(table)}.${stuck.column} ${what}, which no client may choose, and is NOT NULL without a default: the code does not know its value.`,
    {
      hint: `Give the column a default that the database knows (DEFAULT current_setting('app.${stuck.column}')::${stuck.sqlType}), or make it nullable; or write the code of this table by hand.`,
    },
  );
}
