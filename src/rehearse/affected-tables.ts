import type { Engine } from '../postgres/engines/engine.ts';
import { readOperations } from '../review/read-operations.ts';
import { type Operation, type TableRef, tableKey } from '../review/operation.ts';
import { parseScript } from '../postgres/parse-script.ts';

/** The tables that statements name, and those that use the types and indexes that they name. */
export async function affectedTables(engine: Engine, statements: readonly string[]): Promise<TableRef[]> {
  const operations = statements.flatMap((sql) =>
    parseScript(sql).flatMap(({ node }) => (node ? readOperations(node) : [])),
  );
  const named = operations.flatMap(tablesOf);
  const types = operations.flatMap((operation) =>
    'type' in operation && typeof operation.type === 'object' && !('modifiers' in operation.type)
      ? [operation.type.name]
      : 'domain' in operation
        ? [operation.domain.name]
        : [],
  );
  const indexes = operations.flatMap((operation) => ('index' in operation ? [operation.index.name] : []));
  const used = await engine.query<{ schema: string; name: string }>(
    `select distinct n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and (
       exists (select from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and (t.typname = any (string_to_array($1, E'\\x01')) or e.typname = any (string_to_array($1, E'\\x01'))))
       or exists (select from pg_index i join pg_class x on x.oid = i.indexrelid
         where i.indrelid = c.oid and x.relname = any (string_to_array($2, E'\\x01'))))`,
    [types.join('\u0001'), indexes.join('\u0001')],
  );
  const byKey = new Map([...named, ...used].map((table) => [tableKey(table), table]));
  return [...byKey.values()];
}

function tablesOf(operation: Operation): TableRef[] {
  const tables = 'table' in operation && operation.table ? [operation.table] : [];
  if (operation.kind === 'create-table') {
    const constraints = [
      ...operation.constraints,
      ...operation.columns.flatMap((column) => column.constraints),
    ];
    tables.push(
      ...constraints.flatMap((constraint) =>
        constraint.type === 'foreign-key' ? [constraint.references] : [],
      ),
    );
  }
  if (operation.kind === 'add-constraint' && operation.constraint.type === 'foreign-key') {
    tables.push(operation.constraint.references);
  }
  if ('partition' in operation) tables.push(operation.partition);
  return tables;
}
