import { type DatabaseSchema, displayName, type ObjectName } from '../plan/database-schema.ts';
import type { Plan, PlanDocument } from '../plan/plan.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import type { Asker, Choice } from './asker.ts';
import { askColumns } from './columns.ts';
import { askEnumValues } from './enums.ts';
import { askTableChanges } from './table-changes.ts';
import { validateName } from './validate.ts';

type Kind = PlanDocument['migration_type'];

const KINDS: readonly Choice<Kind>[] = [
  { name: 'New table', value: 'new_domain' },
  { name: 'Change a table', value: 'modify_existing' },
  { name: 'Rename a table', value: 'rename_table' },
  { name: 'Drop a table', value: 'drop_table' },
  { name: 'New enum', value: 'new_enum' },
  { name: 'Change an enum', value: 'modify_enum' },
];

/** Asks for a plan, against the tables and enums that there are. The answers are checked where they are given. */
export async function askPlan(asker: Asker, schema: DatabaseSchema): Promise<Plan> {
  await loadSqlParser();
  const kinds = KINDS.filter(({ value }) => isPossible(value, schema));
  const kind = await asker.select({
    message: 'What is to change?',
    choices: kinds,
    default: 'new_domain' as Kind,
  });
  return { documents: [await askDocument(asker, kind, schema)] };
}

/** Asks for the table of a domain: a new one, as a plan, or the name of one that is there. */
export async function askDomain(asker: Asker, schema: DatabaseSchema): Promise<Plan | ObjectName> {
  await loadSqlParser();
  const name = await asker.input({
    message: 'Table name (a new one, or one that is there)',
    validate: validateName,
  });
  const found = schema.tables.find((table) => table.schema === 'public' && table.name === name);
  if (found) return { schema: found.schema, name: found.name };
  const columns = await askColumns(asker, schema);
  return { documents: [{ migration_type: 'new_domain', table_name: name, ...columns }] };
}

function isPossible(kind: Kind, schema: DatabaseSchema): boolean {
  if (kind === 'modify_enum') return schema.enums.length > 0;
  return kind === 'new_domain' || kind === 'new_enum' || schema.tables.length > 0;
}

async function askDocument(asker: Asker, kind: Kind, schema: DatabaseSchema): Promise<PlanDocument> {
  switch (kind) {
    case 'new_enum': {
      const enumName = await asker.input({ message: 'Enum name', validate: validateName });
      return { migration_type: 'new_enum', enum_name: enumName, values: await askEnumValues(asker) };
    }
    case 'modify_enum': {
      const chosen = await askExisting(asker, 'Enum name', schema.enums);
      const added = await askEnumValues(asker);
      return {
        migration_type: 'modify_enum',
        ...inSchema(chosen),
        enum_name: chosen.name,
        changes: { add_values: added.map((value) => ({ value })) },
      };
    }
    case 'modify_existing': {
      const chosen = await askExisting(asker, 'Table name', schema.tables);
      return {
        migration_type: 'modify_existing',
        ...inSchema(chosen),
        table_name: chosen.name,
        changes: await askTableChanges(asker, chosen, schema),
      };
    }
    case 'rename_table': {
      const chosen = await askExisting(asker, 'Table name', schema.tables);
      return {
        migration_type: 'rename_table',
        ...inSchema(chosen),
        table_name: chosen.name,
        new_name: await asker.input({ message: 'New name', validate: validateName }),
      };
    }
    case 'drop_table': {
      const chosen = await askExisting(asker, 'Table name', schema.tables);
      return { migration_type: 'drop_table', ...inSchema(chosen), table_name: chosen.name };
    }
    default: {
      const table = await asker.input({
        message: 'Table name',
        validate: (text) => validateNewTable(text, schema),
      });
      return { migration_type: 'new_domain', table_name: table, ...(await askColumns(asker, schema)) };
    }
  }
}

function validateNewTable(text: string, schema: DatabaseSchema): true | string {
  return schema.tables.some(({ schema: of, name }) => of === 'public' && name === text)
    ? `There is a table ${text} already.`
    : validateName(text);
}

function askExisting<T extends ObjectName>(asker: Asker, message: string, objects: readonly T[]): Promise<T> {
  return asker.select({
    message,
    choices: objects.map((object) => ({ name: displayName(object), value: object })),
  });
}

function inSchema(object: ObjectName): { schema?: string } {
  return object.schema === 'public' ? {} : { schema: object.schema };
}
