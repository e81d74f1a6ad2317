import { randomBytes } from 'node:crypto';
import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import { connect, type Connection, type ServerAddress } from './connection.ts';
import { HIDE_OTHER_INDEXES, hidingOtherIndexes } from './hiding-indexes.ts';

/** The superuser of the embedded server: nothing of a rehearsal runs as it, and its password is known to nobody else. */
export const OWNER = 'tableplan_owner';

/** What is rehearsed runs as this role: scripts name it (`OWNER TO postgres`), and it is PGlite's too. */
const ROLE = 'postgres';

/** Roles that reach files, programs and other servers. They go, since before Postgres 16 CREATEROLE could grant them. */
const REACHING = [
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_create_subscription',
];

/** Settings that only a superuser may change, and that reach nothing: migrations and dumps set them. */
const HARMLESS_SETTINGS = [
  'session_replication_role',
  'log_statement',
  'log_min_duration_statement',
  'lc_messages',
  'deadlock_timeout',
  'track_functions',
];

/**
 * Makes the role that a rehearsal logs in as, as far as a role may go without being a superuser: owner of the database,
 * may create roles, databases and trusted extensions, bypasses row security. Files, programs and the network of the host
 * stay out of its reach, and no SET ROLE leads to the owner. `owner`: how the superuser connects. Returns how it connects.
 */
export async function makeRole(
  owner: ServerAddress,
): Promise<Pick<ServerAddress, 'user' | 'password' | 'settings'>> {
  const password = randomBytes(24).toString('hex');
  const connection = await connect(owner);
  try {
    await connection.exec(statements(password).join(';\n'));
  } finally {
    await connection.end();
  }
  return { user: ROLE, password, settings: settingsOf(connection) };
}

/** Before 16 whoever may create roles may give them objects; since then only its members may. */
function settingsOf({ version }: Connection): Readonly<Record<string, string>> {
  return Number.parseInt(version, 10) >= 16 ? { createrole_self_grant: 'set,inherit' } : {};
}

function statements(password: string): string[] {
  const role = quoteIdentifier(ROLE);
  return [
    `create role ${role} login createdb createrole bypassrls password ${quoteLiteral(password)}`,
    `delete from pg_catalog.pg_authid where rolname in (${REACHING.map(quoteLiteral).join(', ')})`,
    `alter database ${role} owner to ${role}`,
    ...HARMLESS_SETTINGS.map((name) => `grant set on parameter ${name} to ${role}`),
    // Only a superuser may change a catalog; how an index is proven usable needs that.
    `create function ${HIDE_OTHER_INDEXES}(of oid, but oid) returns void language sql security definer
     set search_path to pg_catalog as ${quoteLiteral(hidingOtherIndexes('$1', '$2'))}`,
    // Dumps of a whole schema comment on PL/pgSQL.
    `update pg_catalog.pg_extension set extowner = ${quoteLiteral(ROLE)}::regrole`,
  ];
}
