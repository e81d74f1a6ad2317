import type { DatabaseSchema } from '../plan/database-schema.ts';
import { nearest } from '../plan/suggest.ts';
import { mentionsExtension } from '../postgres/known-extensions.ts';
import { quoteIdentifier, quoteLiteral } from '../postgres/quote.ts';
import { type PgliteEngine, startPglite } from '../postgres/engines/pglite.ts';
import { SqlFailure } from '../postgres/engines/engine.ts';
import type { Verdict } from './asker.ts';

/** Postgres itself, asked about the types and defaults that a person types. */
export interface TypeCheck {
  /** `true`, or what Postgres says of a column of this type with this default, and which types are meant perhaps. */
  check(type: string, fallback?: string): Promise<Verdict>;
  /** Begins to start it: it will be asked soon. */
  start(): void;
  close(): Promise<void>;
}

const TYPE_NAMES = `
select t.typname as name from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where t.typtype in ('b', 'e', 'd', 'r', 'm') and t.typelem = 0 and n.nspname in ('pg_catalog', 'public')`;

/**
 * A disposable Postgres with the enums of a schema, started with the first call. Types of an extension that it does not
 * have are believed: the rehearsal sees them.
 */
export function postgresTypeCheck(schema: DatabaseSchema): TypeCheck {
  let started: Promise<PgliteEngine> | undefined;
  const engine = (): Promise<PgliteEngine> => (started ??= start(schema));
  return {
    // What fails then fails again where it is asked.
    start: () => void engine().catch(() => undefined),
    async check(type, fallback) {
      const definition = `${type}${fallback === undefined ? '' : ` DEFAULT ${fallback}`}`;
      if (mentionsExtension(definition)) return true;
      const postgres = await engine();
      try {
        await postgres.exec(
          `begin; create temp table checked (value ${definition}); insert into checked default values`,
        );
        return true;
      } catch (error) {
        if (!(error instanceof SqlFailure)) throw error;
        return await inWords(error, type, postgres);
      } finally {
        await postgres.exec('rollback');
      }
    },
    async close() {
      await started?.then(
        (postgres) => postgres.close(),
        () => undefined,
      );
    },
  };
}

async function start({ enums }: DatabaseSchema): Promise<PgliteEngine> {
  const postgres = await startPglite();
  const statements = enums.flatMap(({ schema, name, values }) => [
    `create schema if not exists ${quoteIdentifier(schema)}`,
    `create type ${quoteIdentifier(schema)}.${quoteIdentifier(name)} as enum (${values.map(quoteLiteral).join(', ')})`,
  ]);
  if (statements.length > 0) await postgres.exec(statements.join(';\n'));
  return postgres;
}

/** An undefined type is what people mistype most. */
async function inWords(failure: SqlFailure, type: string, postgres: PgliteEngine): Promise<string> {
  if (failure.sqlstate !== '42704') return failure.message;
  await postgres.exec('rollback');
  const names = (await postgres.query<{ name: string }>(TYPE_NAMES)).map(({ name }) => name);
  const near = nearest(type.toLowerCase(), [...names, 'integer', 'bigint', 'boolean', 'timestamptz']);
  return `${failure.message}${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''}`;
}
