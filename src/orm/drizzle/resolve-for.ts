import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { drizzleNaming } from '../../plan/naming.ts';
import type { ParsedPlan } from '../../plan/parse.ts';
import type { TableNames } from '../../plan/table-names.ts';
import { type Resolution, resolvePlan } from '../../plan/resolve.ts';
import { drizzleCapabilities } from './capabilities.ts';
import { type DrizzleHistory, hadName, hasStatement } from './history.ts';
import { snapshotDependants } from './snapshot-dependants.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { EMPTY_SCHEMA } from './snapshot.ts';

/** Resolves a plan for Drizzle: its names, what it can express, and what its history remembers. */
export function resolveFor(
  plan: ParsedPlan,
  schema: DatabaseSchema,
  history: DrizzleHistory,
  tableNames?: TableNames,
): Promise<Resolution> {
  return resolvePlan(plan, schema, {
    // The conventions of the schema as it was: the same plan derives the same names before and after its migration.
    naming: drizzleNaming(history.newest?.schema ?? EMPTY_SCHEMA),
    capabilities: drizzleCapabilities,
    tableNames,
    dependants: async () => snapshotDependants((history.newest?.json ?? EMPTY_SNAPSHOT) as SnapshotJson),
    hadName: (wanted) => hadName(history, wanted),
    hasStatement: (sql) => hasStatement(history, sql),
  });
}
