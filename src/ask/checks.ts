import type { DatabaseSchema } from '../plan/database-schema.ts';
import type { Capabilities } from '../plan/resolve/capabilities.ts';
import type { TypeCheck } from './type-check.ts';

/** What answers are checked against. */
export interface Checks {
  readonly schema: DatabaseSchema;
  readonly postgres: Pick<TypeCheck, 'check' | 'start'>;
  /** What the project's ORM can express. */
  readonly capabilities: Capabilities;
  /** Code is written too: what concerns it alone can be asked for. */
  readonly hasCode: boolean;
}

/** What an answer that the ORM cannot express comes to: the plan says so, and its SQL is added to the migration by hand. */
export function asRaw({ orm }: Capabilities): string {
  return `${orm} cannot express it: its SQL is added to the migration by hand`;
}
