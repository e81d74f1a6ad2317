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
import type { Checks } from './checks.ts';
import { askEnumChanges, askEnumValues } from './enums.ts';
import { askMigrationOptions } from './migration-options.ts';
import { askNewTable } from './new-table.ts';
import { askTableChanges } from './table-changes.ts';
import { named, validateName, validateObjectName } from './validate.ts';

type Kind = PlanDocument['migration_type'];

const KINDS: readonly Choice<Kind>[] = [
  { name: 'New table', value: 'new_domain' },
  { name: 'Change a table', value: 'modify_existing' },
  { name: 'Rename a table', value: 'rename_table' },
  { name: 'Drop a table', value: 'drop_table' },
  { name: 'New enum', value: 'new_enum' },
  { name: 'Change an enum', value: 'modify_enum' },
  { name: 'Drop an enum', value: 'drop_enum' },
];

const WHAT = { message: 'What do you want to change?', default: 'new_domain' as const };

/**
 * Asks what is to be changed, which can be answered before anything is known of the project. `askPlan` asks again where it
 * has nothing of the kind, and takes the answer otherwise.
 */
export async function askKind(asker: Asker): Promise<void> {
  await askKindAmong(asker, KINDS);
}

function askKindAmong(asker: Asker, kinds: readonly Choice<Kind>[]): Promise<Kind | undefined> {
  return asker.select<Kind | undefined>({
    ...WHAT,
    key: 'kind',
    choices: [...kinds, { name: MORE, value: undefined }],
  });
}

/** Asks for a plan, against the tables and enums that there are. Each answer is checked where it is given. */
export async function askPlan(asker: Asker, checks: Checks): Promise<Plan> {
  await loadSqlParser();
  const kinds = KINDS.filter(({ value }) => isPossible(value, checks.schema));
  const first = await askKindAmong(asker, kinds);
  if (first !== undefined) return { documents: await askDocuments(asker, first, checks) };
  const options = await askMigrationOptions(asker);
  const kind = await asker.select<Kind>({ ...WHAT, key: 'kindAfterOptions', choices: kinds });
  const [head, ...others] = await askDocuments(asker, kind, checks);
  return { documents: head === undefined ? [] : [{ ...head, ...options }, ...others] };
}

const MORE = 'More options: name, description, rollback by hand …';

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
  checks.postgres.start();
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
      const text = await asker.input({
        key: 'enum',
        message: 'Enum name',
        validate: (typed) =>
          schema.enums.some((each) => displayName(each) === typed)
            ? `There is an enum ${typed} already.`
            : validateObjectName(typed),
      });
      const values = await askEnumValues(asker, { key: 'values', panel: text });
      const object = named(text);
      return [{ migration_type: 'new_enum', ...inSchema(object), enum_name: object.name, values }];
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
      checks.postgres.start();
      return askTableChanges(asker, await askExisting<TableDef>(asker, 'Table', schema.tables), checks);
    case 'rename_table': {
      const chosen = await askExisting<TableDef>(asker, 'Table', schema.tables);
      const to = await asker.input({
        key: 'to',
        message: `New name of ${displayName(chosen)}`,
        validate: (text) =>
          freeTableName(displayName({ ...chosen, name: text }), schema) ?? validateName(text),
      });
      return [{ migration_type: 'rename_table', ...inSchema(chosen), table_name: chosen.name, new_name: to }];
    }
    case 'drop_table': {
      const chosen = await askExisting<TableDef>(asker, 'Table', schema.tables);
      return [{ migration_type: 'drop_table', ...inSchema(chosen), table_name: chosen.name }];
    }
    default:
      checks.postgres.start();
      return askNewTable(asker, checks, await askNewName(asker, schema));
  }
}

/** `products`, or `shop.products` in a Postgres schema. */
async function askNewName(asker: Asker, schema: DatabaseSchema): Promise<ObjectName> {
  const text = await asker.input({
    key: 'table',
    message: 'Table name',
    validate: (typed) => freeTableName(typed, schema) ?? validateObjectName(typed),
  });
  return named(text);
}

/** What has this name already. */
function freeTableName(text: string, { tables, views }: DatabaseSchema): string | undefined {
  if (tables.some((table) => displayName(table) === text)) return `There is a table ${text} already.`;
  if (views.includes(text) || views.includes(`public.${text}`)) return `There is a view ${text} already.`;
  return undefined;
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
