import { SqlFailure, type TextEngine } from '../../postgres/engines/engine.ts';
import type { Query, StatementTarget } from './child/child.ts';

/** A disposable database as the project's TypeORM sees it. */
export interface Shadow {
  readonly engine: TextEngine;
  /** For the child process: every statement goes through here. */
  readonly text: StatementTarget['text'];
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
export function asShadow(engine: TextEngine): Shadow {
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
    async text(sql, parameters = [], at) {
      const query: Query = { sql, ...(parameters.length > 0 && { parameters }), ...(at && { at }) };
      if (!OF_THE_SERVER.test(sql)) {
        const result = await engine.text(sql, parameters).catch((error: unknown) => {
          refused = query;
          throw error;
        });
        if (isStatement(query)) noted.push(query);
        return result;
      }
      noted.push(query);
      const failure = await tryInSavepoint(engine, sql);
      if (failure) notTested.push(`${sql.trim().split('\n')[0]} was passed over (${failure.message}).`);
      return { rows: [], fields: [], affected: 0 };
    },
  };
}

/** Transactions are the migrator's, unless the migration's own code begins or ends one. */
function isStatement({ sql, at }: Query): boolean {
  if (TRANSACTION.test(sql)) return at !== undefined;
  return !(LOOK.test(sql) && AT_CATALOG.test(sql) && !ACTS.test(sql));
}

/** A failure must not end the transaction that it stands in. */
async function tryInSavepoint(engine: TextEngine, sql: string): Promise<SqlFailure | undefined> {
  const savepoint = await attempt(engine, 'savepoint tableplan');
  const failure = await attempt(engine, sql);
  if (savepoint === undefined)
    await engine.exec(failure ? 'rollback to savepoint tableplan' : 'release savepoint tableplan');
  return failure;
}

async function attempt(engine: TextEngine, sql: string): Promise<SqlFailure | undefined> {
  try {
    await engine.exec(sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlFailure) return error;
    throw error;
  }
}
