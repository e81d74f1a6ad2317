import type { PlanDocument, PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import { checkTableChanges } from './changes.ts';
import { checkEnumChanges, checkNewEnum } from './enum.ts';
import { needFileName, needName } from './need.ts';
import { refuseStatementBreaks } from './statement-break.ts';
import { checkNewTable } from './table.ts';

const HEAD_KEYS = ['name', 'description', 'safety'] as const;

/** Schemas that Postgres keeps for itself. */
const SYSTEM_SCHEMA = /^(pg_.*|information_schema)$/;

/** Throws PlanProblem for the first thing in the plan that is wrong whatever the database looks like. */
export function checkDocuments(documents: readonly PlanDocument[]): void {
  refuseStatementBreaks(documents);
  for (const [index, document] of documents.entries()) {
    checkHead(document, [index]);
    checkDocument(document, [index]);
  }
  refuseMadeTwice(documents);
}

function checkHead(document: PlanDocument, path: PlanPath): void {
  const misplaced = path[0] === 0 ? undefined : HEAD_KEYS.find((key) => document[key] !== undefined);
  if (misplaced !== undefined) {
    throw new PlanProblem(path, `${misplaced} stands in the first document only`, {
      key: misplaced,
      hint: 'It is about the whole migration: move it up.',
    });
  }
  needFileName([...path, 'name'], document.name);
  needName([...path, 'schema'], document.schema);
  if (document.schema !== undefined && SYSTEM_SCHEMA.test(document.schema)) {
    throw new PlanProblem([...path, 'schema'], `schema ${document.schema} belongs to Postgres`);
  }
  const safety = document.safety;
  if (safety?.rollback !== undefined && safety.reason === undefined) {
    throw new PlanProblem([...path, 'safety', 'rollback'], 'rollback: manual without a reason', {
      hint: 'Add reason: … beside it.',
    });
  }
  if (safety?.reason !== undefined && safety.rollback === undefined) {
    throw new PlanProblem([...path, 'safety', 'reason'], 'reason without rollback: manual', {
      hint: 'The reason for skipping is written skip: …, for allowing a rule it stands under allow.',
    });
  }
}

function checkDocument(document: PlanDocument, path: PlanPath): void {
  switch (document.migration_type) {
    case 'new_domain':
    case 'new_table':
      return checkNewTable(document, path);
    case 'modify_existing':
      return checkTableChanges(document, path);
    case 'drop_table':
      return needName([...path, 'table_name'], document.table_name);
    case 'rename_table':
      return checkRename(document, path);
    case 'new_enum':
      return checkNewEnum(document, path);
    case 'modify_enum':
      return checkEnumChanges(document, path);
    case 'drop_enum':
      return needName([...path, 'enum_name'], document.enum_name);
  }
}

function checkRename(
  document: Extract<PlanDocument, { migration_type: 'rename_table' }>,
  path: PlanPath,
): void {
  needName([...path, 'table_name'], document.table_name);
  needName([...path, 'new_name'], document.new_name);
  if (document.new_name === document.table_name) {
    throw new PlanProblem([...path, 'new_name'], `"${document.table_name}" is renamed to itself`);
  }
}

/** Two documents cannot make or drop the same thing. */
function refuseMadeTwice(documents: readonly PlanDocument[]): void {
  const seen = new Set<string>();
  for (const [index, document] of documents.entries()) {
    const key = 'table_name' in document ? 'table_name' : 'enum_name';
    const name = 'table_name' in document ? document.table_name : document.enum_name;
    const verb = document.migration_type.replace('new_domain', 'new_table');
    const identity = JSON.stringify([verb, document.schema ?? 'public', name]);
    const repeatable = verb === 'modify_existing' || verb === 'modify_enum';
    if (!repeatable && seen.has(identity))
      throw new PlanProblem([index, key], `"${name}" stands in two documents of the kind ${verb}`);
    seen.add(identity);
  }
}
