import { readAction, readReference } from '../fragments.ts';
import type { Deferral } from '../database-schema.ts';
import type { FieldParts } from '../field-parts.ts';
import type { PlanCheck, PlanField, PlanForeignKey, PlanPath, PlanUnique } from '../plan.ts';
import type { WantedCheck, WantedUnique } from './constraints.ts';
import type { WantedForeignKey } from './foreign-key.ts';
import type { Extra } from './limits.ts';

/** A field with its parts and its place, of a new table or under add_columns. */
export interface ReadField {
  readonly field: PlanField;
  readonly parts: FieldParts;
  readonly path: PlanPath;
}

/** The place of what a field says by a key of its own or, in `constraints`, by an entry with this word. */
export function fieldPlace({ field, path }: ReadField, key: keyof PlanField, word: RegExp): PlanPath {
  if (key !== 'constraints' && field[key] !== undefined) return [...path, key];
  const index = field.constraints?.findIndex((constraint) => word.test(constraint)) ?? -1;
  return index === -1 ? path : [...path, 'constraints', index];
}

/** The foreign key that a field carries. */
export function fieldForeignKey(read: ReadField): WantedForeignKey | undefined {
  const { references } = read.parts;
  if (!references) return undefined;
  const path = fieldPlace(read, 'references', /\breferences\b/i);
  return {
    columns: [read.field.name],
    target: references.table,
    targetColumns: references.columns,
    onDelete: references.onDelete,
    onUpdate: references.onUpdate,
    name: references.name,
    deferrable: references.deferrable,
    raw: read.field.raw,
    path,
    columnsPath: path,
    referencePath: path,
  };
}

/** An entry of foreign_keys, read. A reference without a schema means one in the plan's own. */
export function entryForeignKey(key: PlanForeignKey, path: PlanPath, schema: string): WantedForeignKey {
  const referencePath = [...path, 'references'];
  const { table: target, columns: targetColumns } = readReference(key.references, referencePath, schema);
  return {
    columns: key.fields ?? [key.field ?? ''],
    target,
    targetColumns,
    onDelete: readAction(key.on_delete, [...path, 'on_delete']),
    onUpdate: readAction(key.on_update, [...path, 'on_update']),
    name: key.name,
    deferrable: deferral(key.deferrable),
    raw: key.raw,
    path,
    columnsPath: [...path, key.fields ? 'fields' : 'field'],
    referencePath,
  };
}

function deferral(deferrable: PlanForeignKey['deferrable']): Deferral | undefined {
  if (deferrable === undefined || deferrable === false) return undefined;
  return deferrable === true ? 'initially immediate' : deferrable;
}

export function foreignKeyExtras(key: WantedForeignKey): Extra[] {
  return key.deferrable === undefined ? [] : [{ kind: 'deferrable', when: key.deferrable }];
}

export function fieldUnique(read: ReadField): WantedUnique | undefined {
  const { unique } = read.parts;
  return unique && { columns: [read.field.name], ...unique, path: fieldPlace(read, 'unique', /\bunique\b/i) };
}

export function entryUnique(unique: PlanUnique, path: PlanPath): WantedUnique {
  return {
    columns: unique.fields,
    name: unique.name,
    nullsNotDistinct: unique.nulls_not_distinct === true,
    path,
  };
}

export function fieldChecks(read: ReadField): WantedCheck[] {
  return read.parts.checks.map((check) => ({ ...check, path: fieldPlace(read, 'check', /\bcheck\b/i) }));
}

export function entryCheck(check: PlanCheck, path: PlanPath): WantedCheck {
  return { expression: check.expression, name: check.name, path };
}
