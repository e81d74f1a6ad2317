import { SqlFailure, type WireEngine, type WireReply } from '../../postgres/engines/engine.ts';
import type { Query, StatementTarget } from './child/child.ts';

/** A disposable database as the project's TypeORM sees it. */
export interface Shadow {
  readonly engine: WireEngine;
  /** For the child process: every statement goes through here. */
  readonly exchange: StatementTarget['exchange'];
  /** Takes what has been run since the last time, looks at the catalog left out. */
  takeStatements(): Query[];
  /** Takes the last one that Postgres has refused since the last time. */
  takeRefused(): Query | undefined;
  /** What was passed over, in sentences. */
  readonly notTested: readonly string[];
}

/** Extensions, roles and their rights are the server's matter: what the engine does not have is said and passed over. */
const OF_THE_SERVER =
  /^\s*(create\s+extension|(create|alter|drop)\s+(role|user)|grant|revoke|comment\s+on\s+extension)\b/i;
const LOOK = /^\s*(select|show)\b/i;
const AT_CATALOG =
  /\b(information_schema|pg_catalog|pg_[a-z]+|current_schema|current_database|version|typeorm_metadata)\b/i;
/** Looks that do something. */
const ACTS = /\b(setval|nextval|set_config|pg_notify|pg_advisory\w*)\s*\(/i;
const TRANSACTION = /^\s*(start\s+transaction|begin|commit|rollback|savepoint|release)\b/i;

/** Lets a disposable database pass for the project's own: statements are noted, what only a server has is passed over. */
export function asShadow(engine: WireEngine): Shadow {
  const notTested: string[] = [];
  let noted: Query[] = [];
  let refused: Query | undefined;
  return {
    engine,
    notTested,
    takeStatements() {
      const taken = noted;
      noted = [];
      return taken;
    },
    takeRefused() {
      const taken = refused;
      refused = undefined;
      return taken;
    },
    async exchange(messages, statement) {
      if (!statement) return engine.wire(messages);
      const { parameters = [], ...rest } = statement;
      const query: Query = { ...rest, ...(parameters.length > 0 && { parameters }) };
      if (!OF_THE_SERVER.test(query.sql)) {
        const reply = await engine.wire(messages, query.sql);
        if (reply.failure) refused = query;
        else if (isStatement(query)) noted.push(query);
        return reply;
      }
      noted.push(query);
      const { bytes, failure } = await inSavepoint(engine, messages, query.sql);
      if (failure) notTested.push(`${query.sql.trim().split('\n')[0]} was passed over (${failure.message}).`);
      return { bytes, isPassedOver: failure !== undefined };
    },
  };
}

/** Transactions are the migrator's, unless the migration's own code begins or ends one. */
function isStatement({ sql, at }: Query): boolean {
  if (TRANSACTION.test(sql)) return at !== undefined;
  return !(LOOK.test(sql) && AT_CATALOG.test(sql) && !ACTS.test(sql));
}

/** A failure must not end the transaction that it stands in. */
async function inSavepoint(engine: WireEngine, messages: Uint8Array, statement: string): Promise<WireReply> {
  const hasSavepoint = await engine.exec('savepoint tableplan').then(
    () => true,
    (error: unknown) => {
      // There is no transaction.
      if (error instanceof SqlFailure) return false;
      throw error;
    },
  );
  const reply = await engine.wire(messages, statement);
  if (hasSavepoint)
    await engine.exec(reply.failure ? 'rollback to savepoint tableplan' : 'release savepoint tableplan');
  return reply;
}
