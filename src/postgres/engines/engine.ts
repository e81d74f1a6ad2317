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

/** An engine that also answers as a driver reads it from the wire: every value as text. */
export interface TextEngine extends Engine {
  /** Runs one statement with parameters, or any number without; the result of the last one. Throws `SqlFailure`. */
  text(sql: string, parameters?: readonly (string | null)[]): Promise<TextResult>;
}

export interface TextResult {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly affected: number | undefined;
}

/** What Postgres said of a statement that failed. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure';
  readonly sqlstate: string;
  readonly detail: string | undefined;
  /** `COPY users, line 2, column id`, where Postgres says it. */
  readonly where: string | undefined;

  constructor(
    message: string,
    sqlstate: string,
    options: { detail?: string | undefined; where?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.sqlstate = sqlstate;
    this.detail = options.detail;
    this.where = options.where;
  }
}
