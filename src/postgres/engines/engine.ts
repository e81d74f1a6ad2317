/** A disposable Postgres: made by tableplan, or empty and named by the user for it. Never one that anybody needs. */
export interface Engine {
  readonly kind: 'pglite' | 'embedded' | 'server';
  /** `18.6`, as the server tells it. */
  readonly version: string;
  /** Runs one statement with parameters; rows as objects. Throws `SqlFailure`. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs any number of statements as one simple query (an implicit transaction). Throws `SqlFailure`. */
  exec(sql: string): Promise<void>;
  /** Runs `COPY … FROM STDIN` with the rows as the file of a dump has them. Throws `SqlFailure`. */
  copyIn(sql: string, data: string): Promise<void>;
  /** Ends it and removes what it has written. Harmless when called twice. */
  close(): Promise<void>;
}

/** An engine that also speaks Postgres' own protocol, to whatever driver. */
export interface WireEngine extends Engine {
  /** Sends messages as a driver writes them, up to one that is answered (Query, Sync, Flush); `statement` names what they run. */
  wire(messages: Uint8Array, statement?: string): Promise<WireReply>;
}

export interface WireReply {
  /** Postgres' messages. */
  readonly bytes: Uint8Array;
  /** The first failure that is among them. */
  readonly failure: SqlFailure | undefined;
}

/** What Postgres may say of a failure beside its message and state, as its drivers name it. */
const FIELDS = [
  'severity',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
] as const;

export type FailureFields = { readonly [Field in (typeof FIELDS)[number]]?: string | undefined };

/** What Postgres said of a statement that failed. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure';
  readonly sqlstate: string;
  /** What else Postgres said, and nothing where it said nothing. */
  readonly fields: FailureFields;

  /** `said`: the error of a driver, or its fields. */
  constructor(message: string, sqlstate: string, said: FailureFields = {}, cause?: unknown) {
    super(message, { cause });
    this.sqlstate = sqlstate;
    this.fields = Object.fromEntries(
      FIELDS.flatMap((field) => (said[field] === undefined ? [] : [[field, said[field]]])),
    );
  }

  get detail(): string | undefined {
    return this.fields.detail;
  }

  /** `COPY users, line 2, column id`, where Postgres says it. */
  get where(): string | undefined {
    return this.fields.where;
  }
}
