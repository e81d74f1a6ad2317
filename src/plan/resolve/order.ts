import { parseType } from '../../postgres/sql.ts';
import { type DatabaseSchema, findEnum, findTable } from '../database-schema.ts';
import { readField, readReference } from '../fragments.ts';
import type { PlanDocument, PlanField, PlanForeignKey, PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import { type TableNames, withoutAffixes } from '../table-names.ts';

/** Something that a document needs before it can be resolved. */
interface Need {
  readonly key: string;
  readonly path: PlanPath;
}

/**
 * The order in which documents are resolved: as written, but a document that makes a table or enum comes before one
 * that refers to it. Throws PlanProblem where new tables refer to each other in a circle.
 */
export function orderDocuments(
  documents: readonly PlanDocument[],
  current: DatabaseSchema,
  names?: TableNames,
): number[] {
  const makers = makersOf(documents, current, names);
  const order: number[] = [];
  const onTheWay = new Set<number>();
  const visit = (index: number): void => {
    if (order.includes(index)) return;
    onTheWay.add(index);
    for (const need of needsOf(documents[index], [index])) {
      const maker = makers.get(need.key);
      if (maker === undefined || maker === index) continue;
      if (onTheWay.has(maker)) throw circle(need);
      visit(maker);
    }
    onTheWay.delete(index);
    order.push(index);
  };
  documents.forEach((_, index) => visit(index));
  return order;
}

function circle(need: Need): PlanProblem {
  return new PlanProblem(need.path, 'these new tables refer to each other in a circle', {
    hint: 'Leave this foreign key out here and add it in a document after both tables (modify_existing, add_foreign_keys).',
  });
}

/** Which document makes a table or enum that does not exist yet. */
function makersOf(
  documents: readonly PlanDocument[],
  current: DatabaseSchema,
  names: TableNames | undefined,
): ReadonlyMap<string, number> {
  const makers = new Map<string, number>();
  for (const [index, document] of documents.entries()) {
    const schema = document.schema ?? 'public';
    if (document.migration_type === 'new_enum' && !findEnum(current, { schema, name: document.enum_name })) {
      makers.set(keyOf('enum', schema, document.enum_name), index);
    }
    if (!('fields' in document) || findTable(current, { schema, name: document.table_name })) continue;
    makers.set(keyOf('table', schema, document.table_name), index);
    // References may leave out what all names here have.
    const bare = names && keyOf('table', schema, withoutAffixes(document.table_name, names));
    if (bare !== undefined && !makers.has(bare)) makers.set(bare, index);
  }
  return makers;
}

function keyOf(kind: 'table' | 'enum', schema: string, name: string): string {
  return JSON.stringify([kind, schema, name]);
}

function needsOf(document: PlanDocument | undefined, path: PlanPath): Need[] {
  if (!document) return [];
  const schema = document.schema ?? 'public';
  if ('fields' in document) {
    return [
      ...fieldNeeds(document.fields, [...path, 'fields'], schema),
      ...keyNeeds(document.foreign_keys, [...path, 'foreign_keys'], schema),
    ];
  }
  if (document.migration_type !== 'modify_existing') return [];
  const { add_columns: added, add_foreign_keys: keys, modify_columns: modified } = document.changes;
  const at = [...path, 'changes'];
  return [
    ...fieldNeeds(added ?? [], [...at, 'add_columns'], schema),
    ...(modified ?? []).flatMap((column, index) =>
      column.new_type === undefined
        ? []
        : typeNeeds(column.new_type, [...at, 'modify_columns', index, 'new_type'], schema),
    ),
    ...keyNeeds(keys, [...at, 'add_foreign_keys'], schema),
  ];
}

function fieldNeeds(fields: readonly PlanField[], path: PlanPath, schema: string): Need[] {
  return fields.flatMap((field, index) => {
    const at = [...path, index];
    const { references, column } = readField(field, at, schema);
    const types = typeNeeds(column.type, [...at, 'type'], schema);
    return references
      ? [...types, { key: keyOf('table', references.table.schema, references.table.name), path: at }]
      : types;
  });
}

/** A type without a schema may be one of the plan's own schema or of public. */
function typeNeeds(text: string, path: PlanPath, schema: string): Need[] {
  const type = parseType(text);
  const schemas = type.schema === undefined ? [schema, 'public'] : [type.schema];
  return schemas.map((space) => ({ key: keyOf('enum', space, type.name), path }));
}

function keyNeeds(keys: readonly PlanForeignKey[] | undefined, path: PlanPath, schema: string): Need[] {
  return (keys ?? []).map((key, index) => {
    const at = [...path, index, 'references'];
    const { table } = readReference(key.references, at, schema);
    return { key: keyOf('table', table.schema, table.name), path: at };
  });
}
