import { type FieldParts, readField } from '../fragments.ts';
import type { NewTableDocument, PlanField, PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import {
  checkCheck,
  checkExpression,
  checkForeignKey,
  checkIndex,
  checkReference,
  checkUnique,
  foreignKeyFields,
  type TableContext,
} from './entries.ts';
import { checkDomain } from './domain.ts';
import { needColumn, needDistinct, needFileName, needName } from './need.ts';

/** Throws PlanProblem for what a new table's plan gets wrong by itself: names, SQL, fields that it does not have. */
export function checkNewTable(document: NewTableDocument, path: PlanPath): void {
  needFileName([...path, 'domain_name'], document.domain_name);
  needName([...path, 'table_name'], document.table_name);
  const context = {
    table: document.table_name,
    schema: document.schema ?? 'public',
    columns: document.fields.map((field) => field.name),
  };
  const parts = document.fields.map((field, index) =>
    checkField(field, [...path, 'fields', index], { ...context, columns: undefined }),
  );
  needDistinct(path, context.columns, 'field', (index) => [...path, 'fields', index, 'name']);
  document.fields.forEach((field, index) =>
    checkParts(parts[index] as FieldParts, field, [...path, 'fields', index], context),
  );
  checkPrimaryKey(document, parts, path, context);
  document.indexes?.forEach((index, at) => checkIndex(index, [...path, 'indexes', at], context));
  document.foreign_keys?.forEach((key, at) => checkForeignKey(key, [...path, 'foreign_keys', at], context));
  document.unique?.forEach((unique, at) => checkUnique(unique, [...path, 'unique', at], context));
  document.checks?.forEach((check, at) => checkCheck(check, [...path, 'checks', at], context));
  refuseSecondReference(document, parts, path);
  needDistinctNames(document, parts, path);
  if (document.migration_type === 'new_domain') checkDomain(document, path);
}

/** Reads a field of a new or changed table and checks its names; throws PlanProblem. */
export function checkField(field: PlanField, path: PlanPath, context: TableContext): FieldParts {
  needName([...path, 'name'], field.name);
  const parts = readField(field, path, context.schema);
  needTypeName([...path, 'type'], parts.column.type);
  const written = [
    parts.primaryKey?.name,
    parts.unique?.name,
    parts.references?.name,
    ...parts.checks.map((check) => check.name),
  ];
  for (const name of written)
    needName([...path, 'constraints', entryIndex(field, (text) => text.includes(name ?? ''))], name);
  if (parts.references) checkReference(referencePath(field, path), parts.references, 1, context);
  return parts;
}

/** A quoted name in a type goes into source code and SQL like any other name. */
export function needTypeName(path: PlanPath, type: string): void {
  for (const [, name] of type.matchAll(/"((?:[^"]|"")*)"/g)) needName(path, name?.replaceAll('""', '"'));
}

function referencePath(field: PlanField, path: PlanPath): PlanPath {
  if (field.references !== undefined) return [...path, 'references'];
  return [...path, 'constraints', entryIndex(field, (text) => /\breferences\b/i.test(text))];
}

function entryIndex(field: PlanField, matches: (constraint: string) => boolean): number {
  return Math.max(0, field.constraints?.findIndex(matches) ?? 0);
}

/** What needs all fields of the table to be known. */
function checkParts(parts: FieldParts, field: PlanField, path: PlanPath, context: TableContext): void {
  const entry = (keyword: RegExp): PlanPath => [
    ...path,
    'constraints',
    entryIndex(field, (text) => keyword.test(text)),
  ];
  checkExpression(entry(/\bgenerated\b/i), parts.column.generated, context);
  for (const check of parts.checks) {
    checkExpression(
      field.check?.trim() === check.expression ? [...path, 'check'] : entry(/\bcheck\b/i),
      check.expression,
      context,
    );
  }
  if (parts.references) checkReference(referencePath(field, path), parts.references, 1, context);
}

function checkPrimaryKey(
  document: NewTableDocument,
  parts: readonly FieldParts[],
  path: PlanPath,
  context: TableContext,
): void {
  const onFields = parts.flatMap((part, index) => (part.primaryKey ? [index] : []));
  const second = onFields[1];
  if (second !== undefined) {
    const names = onFields.map((index) => document.fields[index]?.name).join(', ');
    throw new PlanProblem([...path, 'fields', second], 'a second PRIMARY KEY', {
      hint: `A key of several fields is written primary_key: [${names}] beside fields.`,
    });
  }
  if (document.primary_key === undefined) return;
  const at = [...path, 'primary_key'];
  if (onFields.length > 0)
    throw new PlanProblem(at, 'a second PRIMARY KEY: a field has it already', { key: 'primary_key' });
  document.primary_key.forEach((name, index) =>
    needColumn([...at, index], name, context.columns ?? [], context.table),
  );
  needDistinct(at, document.primary_key, 'field');
}

function refuseSecondReference(
  document: NewTableDocument,
  parts: readonly FieldParts[],
  path: PlanPath,
): void {
  const referring = new Set(parts.filter((part) => part.references).map((part) => part.column.name));
  for (const [index, key] of (document.foreign_keys ?? []).entries()) {
    const fields = foreignKeyFields(key).join(', ');
    if (referring.has(fields))
      throw new PlanProblem([...path, 'foreign_keys', index], `a second foreign key on ${fields}`);
    referring.add(fields);
  }
}

/** Constraints and indexes of a table share one namespace as far as they are named. */
function needDistinctNames(document: NewTableDocument, parts: readonly FieldParts[], path: PlanPath): void {
  const seen = new Set(
    parts.flatMap((part) => [
      part.primaryKey?.name,
      part.unique?.name,
      part.references?.name,
      ...part.checks.map((check) => check.name),
    ]),
  );
  seen.delete(undefined);
  const lists = {
    indexes: document.indexes,
    foreign_keys: document.foreign_keys,
    unique: document.unique,
    checks: document.checks,
  };
  for (const [key, entries] of Object.entries(lists)) {
    for (const [index, entry] of (entries ?? []).entries()) {
      if (entry.name === undefined) continue;
      if (seen.has(entry.name))
        throw new PlanProblem([...path, key, index, 'name'], `duplicate name "${entry.name}"`);
      seen.add(entry.name);
    }
  }
}
