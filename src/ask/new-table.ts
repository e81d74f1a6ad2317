import type { ObjectName, TableDef } from '../plan/database-schema.ts';
import type { NewDomainDocument, PlanDocument, PlanField } from '../plan/plan.ts';
import { deriveMigrationName } from '../plan/migration-name.ts';
import { tableConventions } from '../plan/table-conventions.ts';
import type { Asker } from './asker.ts';
import type { Checks } from './checks.ts';
import { type AskedColumn, askColumn } from './columns.ts';
import { askMoreOfTable } from './more-of-table.ts';
import { tablePanel } from './panel.ts';

/** A new table, its usual columns offered first, as the documents of a plan: the enums that it needs before it. */
export async function askNewTable(
  asker: Asker,
  checks: Checks,
  { schema, name }: ObjectName,
): Promise<PlanDocument[]> {
  const { key, timestamps } = tableConventions(checks.schema);
  const start: PlanField[] = [];
  if (await asker.confirm({ key: 'id', panel: name, message: `Add ${described(key)}?`, default: true }))
    start.push(key);
  const columns = await askColumns(asker, checks, { schema, name, start });
  const fields = [...start, ...columns.map(({ field }) => field)];
  const missing = timestamps.filter((stamp) => !fields.some((field) => field.name === stamp.name));
  const foreignKeys = columns.flatMap(({ foreignKey }) => foreignKey ?? []);
  const indexes = columns.flatMap(({ index }) => index ?? []);
  if (
    missing.length > 0 &&
    (await asker.confirm({
      key: 'timestamps',
      panel: tablePanel({ name, fields, foreignKeys, indexes }),
      message: `Add ${missing.map((field) => field.name).join(' and ')} (${missing[0]!.type})?`,
      default: true,
    }))
  )
    fields.push(...missing);
  const document: NewDomainDocument = {
    migration_type: 'new_domain',
    ...(schema !== 'public' && { schema }),
    table_name: name,
    fields,
    ...(indexes.length > 0 && { indexes }),
    ...(foreignKeys.length > 0 && { foreign_keys: foreignKeys }),
  };
  return withEnums(columns, await askMoreOfTable(asker, checks, document));
}

/** A table after the enums that its new columns need; the migration is called after the table. */
export function withEnums(columns: readonly AskedColumn[], table: PlanDocument): PlanDocument[] {
  const enums = columns.flatMap(({ newEnum }) => newEnum ?? []);
  const name = deriveMigrationName({ documents: [table] });
  const documents = enums.map((each, index): PlanDocument => ({
    migration_type: 'new_enum',
    ...(index === 0 && { name }),
    enum_name: each.name,
    values: [...each.values],
  }));
  return [...documents, table];
}

async function askColumns(
  asker: Asker,
  checks: Checks,
  table: ObjectName & { readonly start: readonly PlanField[] },
): Promise<AskedColumn[]> {
  const { name, start } = table;
  const asked: AskedColumn[] = [];
  for (;;) {
    const fields = [...start, ...asked.map(({ field }) => field)];
    const column = await askColumn({
      asker,
      checks: withOwn(checks, asked, table),
      key: `column.${asked.length}`,
      table: name,
      taken: fields.map((field) => field.name),
      panel: tablePanel({
        name,
        fields,
        foreignKeys: asked.flatMap(({ foreignKey }) => foreignKey ?? []),
        indexes: asked.flatMap(({ index }) => index ?? []),
      }),
    });
    if (column === undefined) return asked;
    asked.push(column);
  }
}

/** A column may have the enum that an earlier one has made, and refer to the table that it is in. */
function withOwn(
  checks: Checks,
  columns: readonly AskedColumn[],
  { schema, name, start }: ObjectName & { readonly start: readonly PlanField[] },
): Checks {
  const made = columns.flatMap(({ newEnum }) => (newEnum ? [{ schema: 'public', ...newEnum }] : []));
  const own = start.map((key): TableDef => ({
    schema,
    name,
    columns: [{ name: key.name, type: key.type, notNull: true }],
    primaryKey: { name: '', named: false, columns: [key.name] },
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
  }));
  const { enums, tables } = checks.schema;
  return { ...checks, schema: { ...checks.schema, enums: [...enums, ...made], tables: [...tables, ...own] } };
}

function described({ name, type, constraints = [] }: PlanField): string {
  const more = constraints.map((text) =>
    text.replace(/^PRIMARY KEY$/, 'primary key').replace(/^DEFAULT /, 'default '),
  );
  return `${name} (${[type, ...more].join(', ')})`;
}
