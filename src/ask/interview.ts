import {
  type DatabaseSchema,
  displayName,
  type EnumDef,
  type ObjectName,
  type TableDef,
} from '../plan/database-schema.ts';
import type { Plan, PlanDocument } from '../plan/plan.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import type { Asker, Choice } from './asker.ts';
import { askEnumChanges, askEnumValues } from './enums.ts';
import { askNewTable } from './new-table.ts';
import { askTableChanges } from './table-changes.ts';
import type { TypeCheck } from './type-check.ts';
import { validateName } from './validate.ts';

type Kind = PlanDocument['migration_type'];

/** What answers are checked against. */
export interface Checks {
  readonly schema: DatabaseSchema;
  readonly postgres: Pick<TypeCheck, 'check'>;
}

const KINDS: readonly Choice<Kind>[] = [
  { name: 'New table', value: 'new_domain' },
  { name: 'Change a table', value: 'modify_existing' },
  { name: 'Rename a table', value: 'rename_table' },
  { name: 'Drop a table', value: 'drop_table' },
  { name: 'New enum', value: 'new_enum' },
  { name: 'Change an enum', value: 'modify_enum' },
  { name: 'Drop an enum', value: 'drop_enum' },
];

/** Asks for a plan, against the tables and enums that there are. Each answer is checked where it is given. */
export async function askPlan(asker: Asker, checks: Checks): Promise<Plan> {
  await loadSqlParser();
  const kinds = KINDS.filter(({ value }) => isPossible(value, checks.schema));
  const kind = await asker.select({
    key: 'kind',
    message: 'What do you want to change?',
    choices: kinds,
    default: 'new_domain' as Kind,
  });
  return { documents: await askDocuments(asker, kind, checks) };
}

/** Asks for the table of a domain: a new one, as a plan, or the name of one that is there. */
export async function askDomain(asker: Asker, checks: Checks): Promise<Plan | ObjectName> {
  await loadSqlParser();
  const { tables } = checks.schema;
  const chosen =
    tables.length === 0
      ? undefined
      : await asker.select<TableDef | undefined>({
          key: 'domain',
          message: 'For which table?',
          search: true,
          choices: [
            { name: 'a new table', value: undefined },
            ...tables.map((table) => ({ name: displayName(table), value: table })),
          ],
          default: undefined,
        });
  if (chosen) return { schema: chosen.schema, name: chosen.name };
  return { documents: await askNewTable(asker, checks, await askNewName(asker, checks.schema)) };
}

function isPossible(kind: Kind, { enums, tables }: DatabaseSchema): boolean {
  if (kind === 'modify_enum' || kind === 'drop_enum') return enums.length > 0;
  return kind === 'new_domain' || kind === 'new_enum' || tables.length > 0;
}

async function askDocuments(asker: Asker, kind: Kind, checks: Checks): Promise<PlanDocument[]> {
  const { schema } = checks;
  switch (kind) {
    case 'new_enum': {
      const name = await asker.input({
        key: 'enum',
        message: 'Enum name',
        validate: (text) =>
          schema.enums.some((each) => displayName(each) === text)
            ? `There is an enum ${text} already.`
            : validateName(text),
      });
      const values = await askEnumValues(asker, { key: 'values', panel: name });
      return [{ migration_type: 'new_enum', enum_name: name, values }];
    }
    case 'modify_enum': {
      const chosen = await askExisting<EnumDef>(asker, 'Enum', schema.enums);
      const changes = await askEnumChanges(asker, chosen);
      return [{ migration_type: 'modify_enum', ...inSchema(chosen), enum_name: chosen.name, changes }];
    }
    case 'drop_enum': {
      const chosen = await askExisting<EnumDef>(asker, 'Enum', schema.enums);
      return [{ migration_type: 'drop_enum', ...inSchema(chosen), enum_name: chosen.name }];
    }
    case 'modify_existing':
      return askTableChanges(asker, await askExisting<TableDef>(asker, 'Table', schema.tables), checks);
    case 'rename_table': {
      const chosen = await askExisting<TableDef>(asker, 'Table', schema.tables);
      const to = await asker.input({
        key: 'to',
        message: `New name of ${displayName(chosen)}`,
        validate: (text) => freeTableName(text, schema),
      });
      return [{ migration_type: 'rename_table', ...inSchema(chosen), table_name: chosen.name, new_name: to }];
    }
    case 'drop_table': {
      const chosen = await askExisting<TableDef>(asker, 'Table', schema.tables);
      return [{ migration_type: 'drop_table', ...inSchema(chosen), table_name: chosen.name }];
    }
    default:
      return askNewTable(asker, checks, await askNewName(asker, schema));
  }
}

function askNewName(asker: Asker, schema: DatabaseSchema): Promise<string> {
  return asker.input({
    key: 'table',
    message: 'Table name',
    validate: (text) => freeTableName(text, schema),
  });
}

function freeTableName(text: string, { tables, views }: DatabaseSchema): true | string {
  if (tables.some((table) => displayName(table) === text)) return `There is a table ${text} already.`;
  if (views.includes(text) || views.includes(`public.${text}`)) return `There is a view ${text} already.`;
  return validateName(text);
}

function askExisting<T extends ObjectName>(asker: Asker, message: string, objects: readonly T[]): Promise<T> {
  return asker.select<T>({
    key: 'existing',
    message,
    search: true,
    choices: objects.map((object) => ({ name: displayName(object), value: object })),
  });
}

function inSchema(object: ObjectName): { schema?: string } {
  return object.schema === 'public' ? {} : { schema: object.schema };
}
