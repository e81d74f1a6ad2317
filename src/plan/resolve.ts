import { TableplanError } from '../errors.ts';
import type { Change, Notice } from './change.ts';
import type { DatabaseSchema } from './database-schema.ts';
import type { ParsedPlan } from './parse.ts';
import type { PlanDocument } from './plan.ts';
import { PlanProblem } from './problem.ts';
import type { ResolveContext, Resolving } from './resolve/context.ts';
import { resolveDropTable } from './resolve/drop-table.ts';
import { refuseEnumsAlone, resolveDropEnum, resolveModifyEnum, resolveNewEnum } from './resolve/enums.ts';
import { refuseInheritedNames } from './resolve/inherited-names.ts';
import { laterStates } from './resolve/later-documents.ts';
import { resolveModifyTable } from './resolve/modify-table.ts';
import { refuseUseOfNewValues } from './resolve/new-enum-values.ts';
import { resolveNewTable } from './resolve/new-table.ts';
import { orderDocuments } from './resolve/order.ts';
import { refuseDependants } from './resolve/refuse-dependants.ts';
import { resolveRenameTable } from './resolve/renames.ts';
import { typesAsWritten } from './resolve/types-as-written.ts';

export type { HistoricName, ResolveContext } from './resolve/context.ts';

export interface Resolution {
  /** In the order in which they can be applied; empty when the schema is what the plan asks for. */
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  /** The schema after all changes. */
  readonly schema: DatabaseSchema;
}

/**
 * Resolves a plan against the current schema: every name is looked up or derived, what is there already is left out.
 * Pure apart from the lookups in `context`. Throws TableplanError `plan-conflict`, `plan-stale` or
 * `plan-not-supported`, with the place in the plan, where the plan does not fit the schema.
 *
 * @example const { changes } = await resolvePlan(await parsePlan(text, { file }), readSnapshot(json), context);
 */
export async function resolvePlan(
  parsed: ParsedPlan,
  current: DatabaseSchema,
  context: ResolveContext,
): Promise<Resolution> {
  const documents = parsed.plan.documents.map(typesAsWritten);
  const resolving: Resolving = {
    initial: current,
    schema: current,
    changes: [],
    notices: [],
    tableRenames: [],
    context,
    at: parsed.at,
    frame: parsed.frame,
  };
  try {
    for (const index of orderDocuments(documents, current, context.tableNames))
      await resolveDocument(resolving, documents, index);
    refuseEnumsAlone(resolving, documents);
    refuseInheritedNames(resolving, documents);
    refuseUseOfNewValues(resolving, documents);
    await refuseDependants(resolving, documents);
  } catch (error) {
    if (error instanceof PlanProblem) throw toError(error, parsed);
    throw error;
  }
  const { changes, notices, schema } = resolving;
  return { changes, notices, schema };
}

async function resolveDocument(
  resolving: Resolving,
  documents: readonly PlanDocument[],
  index: number,
): Promise<void> {
  const document = documents[index];
  const path = [index];
  const later = laterStates(documents, index, resolveDocument);
  switch (document?.migration_type) {
    case 'new_domain':
    case 'new_table':
      return resolveNewTable(resolving, document, path, later);
    case 'modify_existing':
      return resolveModifyTable(resolving, document, path);
    case 'drop_table':
      return resolveDropTable(resolving, document, path);
    case 'rename_table':
      await resolveRenameTable(resolving, {
        table: { schema: document.schema ?? 'public', name: document.table_name },
        to: document.new_name,
        path,
        toPath: [...path, 'new_name'],
      });
      return;
    case 'new_enum':
      return resolveNewEnum(resolving, document, path, later);
    case 'modify_enum':
      return resolveModifyEnum(resolving, document, path);
    case 'drop_enum':
      return resolveDropEnum(resolving, document, path);
    case undefined:
      return;
  }
}

function toError(problem: PlanProblem, parsed: ParsedPlan): TableplanError {
  const { code = 'plan-conflict', hint, offset } = problem.details;
  const at = parsed.at(problem.path, offset);
  return new TableplanError(code, problem.message, {
    hint,
    at,
    frame: parsed.frame(at),
    cause: problem,
  });
}
