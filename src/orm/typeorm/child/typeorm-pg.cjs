// @ts-check
'use strict';
/**
 * What `pg` becomes in the process that loads the project's data source: its clients reach the parent's disposable
 * database, whatever host, port or password they are made with. All else is the project's own `pg`: the connection
 * alone is another one.
 */
const { Tunnel } = require('./typeorm-wire.cjs');

/**
 * @typedef {import('./typeorm-wire.cjs').Reply} Reply
 * @typedef {import('./typeorm-wire.cjs').Statement} Statement
 * @typedef {{ line: number, column: number }} Place
 * @typedef {object} Database
 * @property {(bytes: Buffer, statement: (Statement & { at: Place | undefined }) | undefined) => Promise<Reply>} exchange
 * @property {() => Place | undefined} place where the code stands that is asking now
 */

/**
 * Changes the package in place: whoever has it, by `require` or by `import`, has clients that lead to the database.
 * @param {any} pg @param {Database} database @returns {any} the package
 */
function replaceClients(pg, { exchange, place }) {
  class Client extends pg.Client {
    /** @param {any} [given] */
    constructor(given) {
      const places = new Places();
      const tunnel = new Tunnel((bytes, statement) =>
        exchange(bytes, statement && { ...statement, at: places.take(statement.sql) }),
      );
      super({ ...withoutCertificates(given), stream: tunnel });
      this.places = places;
      // Nothing listens for TLS, and the database takes its time to start.
      this.ssl = this.connection.ssl = false;
      this.connectionParameters.query_timeout = 0;
    }
    /** @param {any} config @param {any[]} more */
    query(config, ...more) {
      this.places.add(config?.text ?? config, place());
      return super.query(config, ...more);
    }
  }

  class Pool extends pg.Pool {
    /** @param {any} [options] */
    constructor(options) {
      super({ ...options, Client: options?.Client?.prototype instanceof Client ? options.Client : Client });
    }
  }

  Object.assign(pg, { Client, Pool });
  // Whoever asks for the bindings of libpq gets the same clients.
  Object.defineProperty(pg, 'native', { value: pg, configurable: true });
  return pg;
}

/** Where the statements come from that a client has been given and has not sent yet, in their order. */
class Places {
  /** @type {{ sql: unknown, at: Place }[]} */
  #waiting = [];
  /** @param {unknown} sql @param {Place | undefined} at */
  add(sql, at) {
    if (at) this.#waiting.push({ sql, at });
  }
  /** @param {string} sql */
  take(sql) {
    const index = this.#waiting.findIndex((each) => each.sql === sql);
    // Those before it were never sent: pg itself has refused them.
    return index === -1 ? undefined : this.#waiting.splice(0, index + 1).at(-1)?.at;
  }
}

/** A URL may name files that are only where the project runs. @param {any} given */
function withoutCertificates(given) {
  const options = typeof given === 'string' ? { connectionString: given } : { ...given };
  const { connectionString } = options;
  if (typeof connectionString === 'string')
    options.connectionString = connectionString.replaceAll(/([?&])ssl\w*=[^&]*/gi, '$1');
  return { ...options, ssl: false };
}

module.exports = { replaceClients };
