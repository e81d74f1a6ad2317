// @ts-check
'use strict';
/**
 * What `pg` becomes in the process that loads the project's data source: its clients send every statement to the
 * parent's disposable database, whatever host, port or password they are made with. All else (type parsers, defaults,
 * errors) stays what it is; loading the package opens nothing.
 */
const { EventEmitter } = require('node:events');

/**
 * @typedef {{ rows: (string | null)[][], fields: { name: string, dataTypeID: number }[], affected?: number }} Answer
 * @typedef {(sql: string, parameters: (string | null)[]) => Promise<Answer>} Send
 */

/**
 * Changes the package in place: whoever has it, by `require` or by `import`, has the stand-ins.
 * @param {any} pg @param {Send} send @returns {any} the package
 */
function replaceClients(pg, send) {
  const { prepareValue } = valueWriter(pg);

  /** @param {any} config @param {any} values @param {any} types */
  async function run(config, values, types) {
    if (typeof config?.submit === 'function')
      throw new Error('Streams and cursors of pg do not work while tableplan reads the project.');
    const sql = typeof config === 'string' ? config : config.text;
    const given = (Array.isArray(values) ? values : config.values) ?? [];
    const answer = await send(sql, given.map(prepareValue)).catch((error) => {
      throw asDatabaseError(pg, error);
    });
    return readResult(sql, answer, config.types ?? types ?? pg.types, config.rowMode);
  }

  class Client extends EventEmitter {
    /** @param {any} [options] */
    constructor(options) {
      super();
      this.options = options ?? {};
      this.processID = process.pid;
    }
    /** @param {any} [callback] */
    connect(callback) {
      return later(Promise.resolve(this), callback);
    }
    /** @param {any} config @param {any} [values] @param {any} [callback] */
    query(config, values, callback) {
      const done = typeof values === 'function' ? values : (callback ?? config?.callback);
      return later(run(config, values, this.options.types), done);
    }
    /** @param {any} [callback] */
    end(callback) {
      return later(Promise.resolve(), callback);
    }
    release() {}
    ref() {}
    unref() {}
    /** @param {string} text */
    escapeIdentifier(text) {
      return pg.escapeIdentifier?.(text) ?? `"${text.replaceAll('"', '""')}"`;
    }
    /** @param {string} text */
    escapeLiteral(text) {
      return pg.escapeLiteral?.(text) ?? `'${text.replaceAll("'", "''")}'`;
    }
  }

  class Pool extends EventEmitter {
    /** @param {any} [options] */
    constructor(options) {
      super();
      this.options = options ?? {};
      this.totalCount = this.idleCount = this.waitingCount = 0;
      this.ended = this.ending = false;
      this.Client = Client;
    }
    /** @param {any} [callback] */
    connect(callback) {
      const client = new Client(this.options);
      if (!callback) return Promise.resolve(client);
      setImmediate(() => callback(undefined, client, () => undefined));
      return undefined;
    }
    /** @param {any} config @param {any} [values] @param {any} [callback] */
    query(config, values, callback) {
      return new Client(this.options).query(config, values, callback);
    }
    /** @param {any} [callback] */
    end(callback) {
      this.ended = true;
      return later(Promise.resolve(), callback);
    }
  }

  Object.defineProperty(pg, 'native', { value: null, configurable: true });
  return Object.assign(pg, { Client, Pool });
}

/** Both forms of pg: a promise, or a callback. @param {Promise<any>} promise @param {any} callback */
function later(promise, callback) {
  if (typeof callback !== 'function') return promise;
  promise.then(
    (value) => setImmediate(callback, null, value),
    (error) => setImmediate(callback, error),
  );
  return undefined;
}

/** pg's own way of writing parameters; a `pg` that does not show it is helped out by ours. @param {any} pg */
function valueWriter(pg) {
  if (pg.utils?.prepareValue) return pg.utils;
  return /** @type {any} */ (require('pg')).utils;
}

/** @param {string} sql @param {Answer} answer @param {any} types @param {string | undefined} rowMode */
function readResult(sql, answer, types, rowMode) {
  const parsers = answer.fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text'));
  const rows = answer.rows.map((row) => {
    const values = row.map((value, index) => (value === null ? null : parsers[index]?.(value)));
    if (rowMode === 'array') return values;
    return Object.fromEntries(answer.fields.map(({ name }, index) => [name, values[index]]));
  });
  const command = /[a-z]+/i.exec(sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\//gm, ''))?.[0]?.toUpperCase() ?? '';
  const rowCount = answer.fields.length > 0 ? rows.length : (answer.affected ?? null);
  return { command, rowCount, oid: null, rows, fields: answer.fields };
}

/** @param {any} pg @param {{ message: string, sqlstate?: string, detail?: string }} failure */
function asDatabaseError(pg, failure) {
  const error = pg.DatabaseError
    ? new pg.DatabaseError(failure.message, 0, 'error')
    : new Error(failure.message);
  return Object.assign(error, { code: failure.sqlstate, detail: failure.detail, severity: 'ERROR' });
}

module.exports = { replaceClients };
