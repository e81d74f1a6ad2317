import type { ColumnDef, ForeignKeyDef, TableDef } from '../plan/database-schema.ts';
import { displayName } from '../plan/database-schema.ts';
import type { ModifyTableDocument, PlanDocument, PlanModifyColumn } from '../plan/plan.ts';
import type { Choice } from './asker.ts';
import { type AskedColumn, askColumn, askOnDelete, askTypedType, validDefault } from './columns.ts';
import type { Checks } from './interview.ts';
import { enumDocuments } from './new-table.ts';
import { describeColumn, existingPanel } from './panel.ts';
import { askExpression, askIndex, askSeveral, type PartQuestions } from './table-parts.ts';
import { validateName } from './validate.ts';
import type { Asker } from './asker.ts';

type Changes = ModifyTableDocument['changes'];

/** A kind of change: what it is called, whether there is something to change, and its questions. */
interface Step {
  readonly name: string;
  readonly isPossible?: (table: TableDef) => boolean;
  readonly ask: (context: Context) => Promise<Changes | undefined>;
}

interface Context extends PartQuestions {
  readonly checks: Checks;
  readonly table: TableDef;
  /** So far. */
  readonly changes: Changes;
  /** Columns as they are after the changes so far. */
  readonly columns: readonly string[];
  /** Takes the enum of a new column. */
  readonly added: (column: AskedColumn) => void;
}

const hasColumns = ({ columns }: TableDef): boolean => columns.length > 0;

const STEPS: readonly Step[] = [
  { name: 'Add a column', ask: addColumn },
  { name: 'Change a column', isPossible: hasColumns, ask: changeColumn },
  { name: 'Rename a column', isPossible: hasColumns, ask: renameColumn },
  {
    name: 'Drop a column',
    isPossible: hasColumns,
    ask: async (context) => ({ drop_columns: [(await oneColumn(context)).name] }),
  },
  {
    name: 'Add an index',
    ask: async (context) => ({ add_indexes: [await askIndex(context)] }),
  },
  {
    name: 'Drop an index',
    isPossible: ({ indexes }) => indexes.length > 0,
    ask: async (context) => ({ drop_indexes: [await oneOf(context, 'Index', context.table.indexes)] }),
  },
  {
    name: 'Add a unique constraint',
    ask: async (context) => ({ add_unique: [{ fields: await askSeveral(context) }] }),
  },
  {
    name: 'Drop a unique constraint',
    isPossible: ({ uniques }) => uniques.length > 0,
    ask: async (context) => ({ drop_unique: [await oneOf(context, 'Constraint', context.table.uniques)] }),
  },
  { name: 'Add a foreign key', ask: addForeignKey },
  {
    name: 'Change a foreign key',
    isPossible: ({ foreignKeys }) => foreignKeys.length > 0,
    ask: changeForeignKey,
  },
  {
    name: 'Drop a foreign key',
    isPossible: ({ foreignKeys }) => foreignKeys.length > 0,
    ask: async (context) => ({
      drop_foreign_keys: [await oneOf(context, 'Foreign key', context.table.foreignKeys)],
    }),
  },
  {
    name: 'Add a check',
    ask: async (context) => ({ add_checks: [{ expression: await askExpression(context) }] }),
  },
  {
    name: 'Drop a check',
    isPossible: ({ checks }) => checks.length > 0,
    ask: async (context) => ({ drop_checks: [await oneOf(context, 'Check', context.table.checks)] }),
  },
  {
    name: 'Set the primary key',
    ask: async (context) => ({ primary_key: await askSeveral(context) }),
  },
  {
    name: 'Set the comment',
    ask: async ({ asker, key, panel, table }) => ({
      comment: await asker.input({
        key: `${key}.comment`,
        panel,
        message: 'Comment',
        default: table.description ?? '',
      }),
    }),
  },
];

/** One change of a table after the other, until there is nothing more; at least one. Enums of new columns come first. */
export async function askTableChanges(
  asker: Asker,
  table: TableDef,
  checks: Checks,
): Promise<PlanDocument[]> {
  let changes: Changes = {};
  const enums: AskedColumn[] = [];
  for (let turn = 0; ; turn += 1) {
    const key = `change.${turn}`;
    const panel = existingPanel(table, pendingLines(changes));
    const possible = STEPS.filter(({ isPossible }) => isPossible?.(table) ?? true);
    const step = await asker.select<Step | undefined>({
      key: `${key}.step`,
      panel,
      message: turn === 0 ? 'Which change?' : 'Another change?',
      choices: [
        ...(turn === 0 ? [] : [{ name: 'No more changes', value: undefined }]),
        ...possible.map((each): Choice<Step> => ({ name: each.name, value: each })),
      ],
      default: turn === 0 ? possible[0] : undefined,
    });
    if (step === undefined) break;
    const added = await step.ask({
      asker,
      checks,
      key,
      panel,
      table,
      changes,
      columns: columnsAfter(table, changes),
      added: (column) => void enums.push(column),
    });
    changes = merged(changes, added ?? {});
  }
  return [
    ...enumDocuments(enums),
    {
      migration_type: 'modify_existing',
      ...(table.schema !== 'public' && { schema: table.schema }),
      table_name: table.name,
      changes,
    },
  ];
}

async function addColumn(context: Context): Promise<Changes | undefined> {
  const { asker, checks, key, panel, table, columns } = context;
  const asked = await askColumn({ asker, checks, key, table: table.name, taken: columns, panel });
  if (!asked) return undefined;
  context.added(asked);
  return {
    add_columns: [asked.field],
    ...(asked.foreignKey && { add_foreign_keys: [asked.foreignKey] }),
    ...(asked.index && { add_indexes: [asked.index] }),
  };
}

type Part = 'type' | 'nullable' | 'default' | 'drop-default';

/** What is there is shown; only what is chosen is asked for, with what is there as its answer. */
async function changeColumn(context: Context): Promise<Changes> {
  const { asker, checks, key, panel, changes } = context;
  const column = await oneColumn(context);
  const parts = await asker.checkbox<Part>({
    key: `${key}.parts`,
    panel,
    message: `What of ${column.name} (${describeColumn(column)})?`,
    choices: [
      { name: 'its type', value: 'type' },
      { name: column.notNull ? 'allow NULL' : 'require a value (NOT NULL)', value: 'nullable' },
      { name: column.default === undefined ? 'give it a default' : 'its default', value: 'default' },
      ...(column.default === undefined ? [] : [{ name: 'drop its default', value: 'drop-default' as const }]),
    ],
    default: ['type'],
    validate: (chosen) =>
      chosen.length === 0
        ? 'Choose at least one (space selects).'
        : !(chosen.includes('default') && chosen.includes('drop-default')) ||
          'A default is either set or dropped.',
  });
  const type = parts.includes('type')
    ? await askTypedType(asker, checks, { key: `${key}.type`, panel, default: column.type })
    : undefined;
  const fallback = parts.includes('default')
    ? await asker.input({
        key: `${key}.default`,
        panel,
        message: `Default of ${column.name} (SQL)`,
        default: column.default,
        validate: (text) => validDefault(checks, { type: type ?? column.type, text }),
      })
    : undefined;
  const modified: PlanModifyColumn = {
    name: column.name,
    ...(type !== undefined && { new_type: type }),
    ...(parts.includes('nullable') && { nullable: column.notNull }),
    ...(fallback !== undefined && { default: fallback }),
    ...(parts.includes('drop-default') && { drop_default: true }),
  };
  const others = (changes.modify_columns ?? []).filter(({ name }) => name !== column.name);
  return { modify_columns: [...others, modified] };
}

async function renameColumn(context: Context): Promise<Changes> {
  const { asker, key, panel, columns } = context;
  const { name: from } = await oneColumn(context);
  const to = await asker.input({
    key: `${key}.to`,
    panel,
    message: `New name of ${from}`,
    validate: (text) => (columns.includes(text) ? `There is a column ${text} already.` : validateName(text)),
  });
  return { rename_columns: [{ from, to }] };
}

async function addForeignKey(context: Context): Promise<Changes> {
  const { asker, checks, key, panel, table, columns } = context;
  const field = await asker.select<string>({
    key: `${key}.column`,
    panel,
    message: 'Column',
    choices: columns.map((name) => ({ name, value: name })),
  });
  const targets = checks.schema.tables.filter((each) => each.primaryKey?.columns.length === 1);
  const target = await asker.select<TableDef>({
    key: `${key}.target`,
    panel,
    message: 'Refers to',
    search: true,
    choices: targets.map((each) => ({ name: displayName(each), value: each })),
  });
  const column = table.columns.find(({ name }) => name === field);
  const onDelete = await askOnDelete(context, {
    name: field,
    isRequired: column?.notNull ?? true,
    hasDefault: column?.default !== undefined,
  });
  return {
    add_foreign_keys: [
      {
        field,
        references: `${displayName(target)}(${target.primaryKey?.columns[0] ?? 'id'})`,
        ...(onDelete !== 'NO ACTION' && { on_delete: onDelete }),
      },
    ],
  };
}

async function changeForeignKey(context: Context): Promise<Changes> {
  const { table } = context;
  const name = await oneOf(context, 'Foreign key', table.foreignKeys);
  const key = table.foreignKeys.find((each) => each.name === name);
  const columns = table.columns.filter((column) => key?.columns.includes(column.name));
  const onDelete = await askOnDelete(context, {
    name: columnsText(key),
    isRequired: columns.some(({ notNull }) => notNull),
    hasDefault: columns.every((column) => column.default !== undefined),
  });
  return { modify_foreign_keys: [{ name, on_delete: onDelete }] };
}

function columnsText(key: ForeignKeyDef | undefined): string {
  return key?.columns.join(', ') ?? '';
}

/** A column that is there and stays, shown as it is. */
async function oneColumn({ asker, key, panel, table, changes }: Context): Promise<ColumnDef> {
  const left = table.columns.filter(({ name }) => !changes.drop_columns?.includes(name));
  return asker.select<ColumnDef>({
    key: `${key}.column`,
    panel,
    message: 'Column',
    search: left.length > 8,
    choices: left.map((column) => ({
      name: column.name,
      value: column,
      description: describeColumn(column),
    })),
  });
}

function oneOf(
  { asker, key, panel }: Context,
  message: string,
  objects: readonly { readonly name: string }[],
): Promise<string> {
  return asker.select<string>({
    key: `${key}.object`,
    panel,
    message,
    choices: objects.map(({ name }) => ({ name, value: name })),
  });
}

function columnsAfter(table: TableDef, changes: Changes): string[] {
  const renamed = new Map(changes.rename_columns?.map(({ from, to }) => [from, to]));
  return [
    ...table.columns.map(({ name }) => name).filter((name) => !changes.drop_columns?.includes(name)),
    ...(changes.add_columns ?? []).map(({ name }) => name),
  ].map((name) => renamed.get(name) ?? name);
}

/** Lists grow; a column that is changed again is changed as said last. */
function merged(changes: Changes, added: Changes): Changes {
  const entries = Object.entries(added).map(([key, value]) => {
    const before = changes[key as keyof Changes];
    const grows =
      Array.isArray(before) && Array.isArray(value) && !/^(?:modify_columns|primary_key)$/.test(key);
    return [key, grows ? [...before, ...value] : value] as const;
  });
  return { ...changes, ...Object.fromEntries(entries) };
}

/** `add_columns: nick, age`. */
function pendingLines(changes: Changes): string[] {
  return Object.entries(changes).map(([key, value]) => `${key.replaceAll('_', ' ')}: ${shown(value)}`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, from, to, fields, expression, field, references } = value as Record<string, unknown>;
  if (from !== undefined) return `${String(from)} → ${String(to)}`;
  if (references !== undefined) return `${String(field)} → ${String(references)}`;
  return shown(name ?? fields ?? expression ?? '');
}
