import type { ConnectionOptions } from 'node:tls';
import { readRegularFileSync } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import type { ServerAddress } from './connection.ts';

const HINT = 'Give all of it: --engine postgres://user:password@host:5432/database';

/**
 * Reads the URL of a server as libpq writes it: host (or `?host=` with the folder of a socket), user and database must
 * be in it, since what is not said is not looked up anywhere. Throws `usage`; no message shows the password.
 */
export function parseServerUrl(text: string): ServerAddress {
  const url = asUrl(text);
  const parameters = new Map(url.searchParams);
  for (const name of parameters.keys()) {
    if (!KNOWN.has(name))
      throw usage(`The URL of the engine has a parameter that is not known here: ${name}.`);
  }
  const host = parameters.get('host') ?? decoded(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  const user = decoded(url.username);
  const database = decoded(url.pathname.slice(1));
  const missing = Object.entries({ host, user, database }).flatMap(([name, value]) =>
    value === '' ? [name] : [],
  );
  if (missing.length > 0) throw usage(`The URL of the engine does not name its ${missing.join(', ')}.`);
  return {
    host,
    user,
    database,
    port: url.port === '' ? 5432 : Number(url.port),
    password: decoded(url.password),
    ssl: sslOf(parameters.get('sslmode') ?? 'disable', parameters.get('sslrootcert')),
  };
}

/** How an address is called in messages: everything but the password. */
export function describeAddress({ user, host, port, database }: ServerAddress): string {
  return `${user}@${host}:${port}/${database}`;
}

const KNOWN = new Set([
  'host',
  'sslmode',
  'sslrootcert',
  'application_name',
  'connect_timeout',
  'channel_binding',
]);

function asUrl(text: string): URL {
  // libpq's form for a socket, `postgres://user@/database?host=/run`, has no host, which WHATWG does not allow.
  const whole = text.includes('host=') ? text.replace(/@(?=[:/])/, '@localhost') : text;
  if (!URL.canParse(whole)) throw usage('The URL of the engine cannot be read.');
  return new URL(whole);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usage('The URL of the engine has a % that is no escape; write %25 for it.');
  }
}

/** The manual's meaning of sslmode; `prefer` and `allow` would also do without, which is what is done. */
function sslOf(mode: string, rootCertificate: string | undefined): false | ConnectionOptions {
  const ca = rootCertificate === undefined ? {} : { ca: certificate(rootCertificate) };
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
    case 'no-verify':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...ca, rejectUnauthorized: true };
    default:
      throw usage(`The URL of the engine has an sslmode that is not known: ${mode}.`);
  }
}

function certificate(path: string): string {
  try {
    return readRegularFileSync(path, { anywhere: true }).toString('utf8');
  } catch (cause) {
    throw new TableplanError('usage', `The sslrootcert of the engine's URL cannot be read: ${path}.`, {
      cause,
    });
  }
}

function usage(message: string): TableplanError {
  return new TableplanError('usage', message, { hint: HINT });
}
