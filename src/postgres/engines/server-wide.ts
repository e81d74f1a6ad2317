import { parseScript } from '../parse-script.ts';
import { serverAccess } from '../server-access.ts';
import type { Belongings } from './contents.ts';
import { SqlFailure } from './engine.ts';

const MAY_BE = /\b(?:role|user|group|database|system|tablespace|owned|grant|revoke)\b/i;

/**
 * Throws `SqlFailure` (42501) for a statement that changes what is the whole server's and was there before: no end of a
 * rehearsal could take that back. What the migrations themselves have made may be changed and dropped.
 */
export function refuseServerWide(sql: string, kept: Belongings): void {
  if (!MAY_BE.test(sql)) return;
  for (const { text, node } of parseScript(sql)) {
    const [tag = '', body = {}] = Object.entries(node ?? {})[0] ?? [];
    if (!touches(tag, body as Fields, kept)) continue;
    throw new SqlFailure(
      `"${text.split('\n')[0]}" would change the whole server, which a rehearsal on a server does not do`,
      '42501',
    );
  }
}

/**
 * Throws `SqlFailure` (42501) for a statement that leaves the database, for files, programs or the network of the server:
 * the role of the connection may be a superuser. SQL that is put together while it runs is not seen.
 */
export function refuseServerAccess(sql: string): void {
  for (const { text, node } of parseScript(sql)) {
    const [access] = node ? serverAccess(text, node) : [];
    if (!access) continue;
    throw new SqlFailure(
      `${access.name} would leave the database, which a rehearsal on a server does not do`,
      '42501',
    );
  }
}

type Fields = Readonly<Record<string, unknown>>;

function touches(tag: string, body: Fields, { roles, databases }: Belongings): boolean {
  const isKept = (value: unknown): boolean => namesIn(value).some((name) => roles.has(name));
  switch (tag) {
    case 'AlterSystemStmt':
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
    case 'AlterTableSpaceOptionsStmt':
      return true;
    case 'DropdbStmt':
    case 'AlterDatabaseStmt':
    case 'AlterDatabaseSetStmt':
      return databases.has(String(body['dbname']));
    case 'AlterRoleStmt':
    case 'AlterRoleSetStmt':
      return isOfConnection(body['role']) || isKept(body['role']);
    case 'DropRoleStmt':
    case 'DropOwnedStmt':
    case 'ReassignOwnedStmt':
      return isOfConnection(body['roles']) || isKept(body['roles']);
    case 'GrantRoleStmt':
      return isKept(body['granted_roles']) && isKept(body['grantee_roles']);
    case 'GrantStmt':
      return (
        body['objtype'] === 'OBJECT_DATABASE' && namesIn(body['objects']).some((name) => databases.has(name))
      );
    case 'AlterOwnerStmt':
    case 'CommentStmt':
    case 'SecLabelStmt':
      return ofServer(String(body['objectType'] ?? body['objtype']), namesIn(body['object']));
    case 'RenameStmt':
      return ofServer(String(body['renameType']), [String(body['subname'])]);
    default:
      return false;
  }
  function ofServer(type: string, names: readonly string[]): boolean {
    if (type === 'OBJECT_ROLE') return names.some((name) => roles.has(name));
    return type === 'OBJECT_DATABASE' && names.some((name) => databases.has(name));
  }
}

/** CURRENT_USER and the like, or ALTER ROLE ALL, which has no role at all. */
function isOfConnection(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOfConnection);
  const { RoleSpec: spec, roletype } = (value ?? {}) as {
    RoleSpec?: { roletype?: string };
    roletype?: string;
  };
  return (spec?.roletype ?? roletype) !== 'ROLESPEC_CSTRING';
}

/** The names of roles and databases, however the parser wraps them. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ['rolename', 'priv_name', 'sval'].includes(key) && typeof inner === 'string' ? [inner] : namesIn(inner),
  );
}
