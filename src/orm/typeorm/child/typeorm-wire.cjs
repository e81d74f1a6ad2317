// @ts-check
'use strict';
/**
 * Postgres' protocol between the project's `pg` and the disposable database: pg writes its messages into a tunnel, the
 * answers come back as Postgres wrote them. So values, errors, notices and cursors are what they are with any server.
 */
const { Duplex } = require('node:stream');

/**
 * @typedef {{ type: string, bytes: Buffer }} Message
 * @typedef {{ sql: string, parameters: (string | null)[] }} Statement
 * @typedef {{ bytes: Buffer, isPassedOver?: boolean | undefined }} Reply
 * @typedef {(bytes: Buffer, statement: Statement | undefined) => Promise<Reply>} Exchange sends messages, and what they run
 */

/** Code of a startup message that asks for the end of another connection's query. */
const CANCEL = 80_877_102;
/** Messages after which pg waits for an answer: Query, Sync, Flush. */
const ASKS = 'QSH';

/** All share one session of Postgres. @type {Set<Tunnel>} */
const open = new Set();
let made = 0;

/** What `pg` takes for the socket of one connection. */
class Tunnel extends Duplex {
  /** @param {Exchange} exchange */
  constructor(exchange) {
    super();
    made += 1;
    this.prefix = `c${made}_`;
    this.exchange = exchange;
    this.isStarted = false;
    /** @type {Buffer} */
    this.unread = Buffer.alloc(0);
    /** @type {Message[]} */
    this.batch = [];
    /** Prepared statements by name. @type {Map<string, string>} */
    this.prepared = new Map();
  }
  connect() {
    open.add(this);
    process.nextTick(() => this.emit('connect'));
    return this;
  }
  setNoDelay() {}
  setKeepAlive() {}
  ref() {}
  unref() {}
  /** @override */
  _read() {}
  /** @override @param {Buffer} chunk @param {string} _ @param {(error?: Error | null) => void} done */
  _write(chunk, _, done) {
    this.unread = Buffer.concat([this.unread, chunk]);
    this.takeMessages().then(() => done(), done);
  }
  /** @override @param {Error | null} error @param {(error: Error | null) => void} done */
  _destroy(error, done) {
    open.delete(this);
    done(error);
  }

  async takeMessages() {
    if (!this.isStarted) this.start();
    for (const message of this.wholeMessages()) {
      if (message.type === 'X') {
        open.delete(this);
        this.push(null);
      } else {
        this.batch.push(message);
        if (ASKS.includes(message.type)) await this.answer(this.batch.splice(0));
      }
    }
  }

  /** Who connects is let in. */
  start() {
    const length = this.unread.readInt32BE(0);
    const isCancel = this.unread.readInt32BE(4) === CANCEL;
    this.unread = this.unread.subarray(length);
    this.isStarted = true;
    const keys = Buffer.alloc(8);
    keys.writeInt32BE(process.pid);
    this.push(
      isCancel ? null : Buffer.concat([message('R', Buffer.alloc(4)), message('K', keys), ready('I')]),
    );
  }

  *wholeMessages() {
    const { messages, rest } = splitMessages(this.unread);
    this.unread = rest;
    yield* messages;
  }

  /** @param {Message[]} messages */
  async answer(messages) {
    const statement = this.statementIn(messages);
    const sent = messages.map((each) => withoutCopyIn(withOwnNames(each, this.prefix)));
    const { bytes, isPassedOver } = await this.exchange(Buffer.concat(sent), statement);
    const answers = isPassedOver ? asIfRun(messages, bytes) : bytes;
    const isNotification = (/** @type {Message} */ { type }) => type === 'A';
    const received = splitMessages(answers).messages;
    this.push(Buffer.concat(received.filter((each) => !isNotification(each)).map((each) => each.bytes)));
    // Whoever listens shares the session with whoever notifies.
    const notifications = Buffer.concat(received.filter(isNotification).map((each) => each.bytes));
    if (notifications.length > 0) for (const tunnel of open) tunnel.push(notifications);
  }

  /** What the messages run; undefined where they go on with what has begun. @param {Message[]} messages */
  statementIn(messages) {
    /** @type {Statement | undefined} */
    let statement;
    for (const { type, bytes } of messages) {
      if (type === 'Q') statement = { sql: texts(bytes, 5, 1)[0] ?? '', parameters: [] };
      else if (type === 'P') {
        const [name = '', sql = ''] = texts(bytes, 5, 2);
        this.prepared.set(name, sql);
      } else if (type === 'B') {
        const [portal = '', name = ''] = texts(bytes, 5, 2);
        const start = 5 + Buffer.byteLength(portal) + Buffer.byteLength(name) + 2;
        statement = { sql: this.prepared.get(name) ?? '', parameters: parametersIn(bytes, start) };
      }
    }
    return statement;
  }
}

/** @param {Buffer} bytes @returns {{ messages: Message[], rest: Buffer }} */
function splitMessages(bytes) {
  const messages = [];
  let start = 0;
  while (bytes.length - start >= 5) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    if (end > bytes.length) break;
    messages.push({ type: String.fromCharCode(bytes[start] ?? 0), bytes: bytes.subarray(start, end) });
    start = end;
  }
  return { messages, rest: bytes.subarray(start) };
}

/** Texts that end with a zero byte. @param {Buffer} bytes @param {number} start @param {number} count */
function texts(bytes, start, count) {
  const found = [];
  for (let from = start; found.length < count;) {
    const end = bytes.indexOf(0, from);
    found.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return found;
}

/** The values of a Bind message as text; bytes as Postgres writes them. @param {Buffer} bytes @param {number} start */
function parametersIn(bytes, start) {
  const formats = bytes.readUInt16BE(start);
  const isBinary = (/** @type {number} */ index) =>
    formats > 0 && bytes.readUInt16BE(start + 2 + 2 * (formats === 1 ? 0 : index)) === 1;
  const count = bytes.readUInt16BE(start + 2 + 2 * formats);
  let at = start + 4 + 2 * formats;
  return Array.from({ length: count }, (_, index) => {
    const length = bytes.readInt32BE(at);
    const value = bytes.subarray(at + 4, at + 4 + Math.max(0, length));
    at += 4 + value.length;
    if (length === -1) return null;
    return isBinary(index) ? `\\x${value.toString('hex')}` : value.toString('utf8');
  });
}

/** Names of prepared statements are a session's, and here connections share one. @param {Message} message @param {string} prefix */
function withOwnNames({ type, bytes }, prefix) {
  // Behind the portal's name in Bind, behind the kind in Describe and Close.
  const start = type === 'P' ? 5 : type === 'B' ? bytes.indexOf(0, 5) + 1 : 6;
  const isNamed = 'PB'.includes(type) || ('DC'.includes(type) && bytes[5] === 'S'.charCodeAt(0));
  if (!isNamed || bytes[start] === 0) return { type, bytes };
  const content = [bytes.subarray(5, start), Buffer.from(prefix), bytes.subarray(start)];
  return { type, bytes: message(type, Buffer.concat(content)) };
}

const COPY_IN = /^(?:\s|--.*$|\/\*[\s\S]*?\*\/)*copy\b[^;]*\bfrom\s+stdin\b/im;
const NO_COPY = Buffer.from(
  `do $$begin raise exception 'COPY … FROM STDIN cannot be rehearsed: its rows are not part of the SQL'
  using errcode = '0A000', hint = 'Insert the rows with INSERT.'; end$$\0`,
);

/** The rows of a stream would be in no script. @param {Message} message */
function withoutCopyIn({ type, bytes }) {
  return type === 'Q' && COPY_IN.test(texts(bytes, 5, 1)[0] ?? '') ? message('Q', NO_COPY) : bytes;
}

/** Answers as if the statement had gone through. @param {Message[]} messages @param {Buffer} refusal */
function asIfRun(messages, refusal) {
  const status = refusal.toString('latin1', refusal.length - 1);
  const done = message('C', Buffer.from('DO\0'));
  const end = ready(status === 'E' ? 'T' : status);
  const answers = new Map([
    ['P', [message('1')]],
    ['B', [message('2')]],
    ['D', [message('n')]],
    ['E', [done]],
    ['S', [end]],
    ['Q', [done, end]],
  ]);
  return Buffer.concat(messages.flatMap(({ type }) => answers.get(type) ?? []));
}

/** @param {string} type @param {Buffer} [content] */
function message(type, content = Buffer.alloc(0)) {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
}

/** ReadyForQuery: idle, in a transaction, in a failed one. @param {string} status */
function ready(status) {
  return message('Z', Buffer.from(status));
}

module.exports = { Tunnel };
