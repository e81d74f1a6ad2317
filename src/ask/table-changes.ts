import type { ColumnDef, TableDef } from '../plan/database-schema.ts';
import type { ModifyTableDocument, PlanDocument, PlanModifyColumn } from '../plan/plan.ts';
import type { Asker, Choice } from './asker.ts';
import type { Checks } from './checks.ts';
import { type AskedColumn, askColumn, askTypedType, validDefault } from './columns.ts';
import { askForeignKey, askForeignKeyOptions, type ReferringColumns } from './foreign-keys.ts';
import { askIndex } from './indexes.ts';
import { withEnums } from './new-table.ts';
import { describeColumn, existingPanel, pendingLines } from './panel.ts';
import {
  askCheck,
  askExpression,
  askOrder,
  askSeveral,
  askUniqueWithOptions,
  type PartQuestions,
} from './table-parts.ts';
import { validateName } from './validate.ts';

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
  {
    name: 'Add a foreign key',
    ask: async (context) => ({
      add_foreign_keys: [await askForeignKey(context, (names) => nullsAndDefaults(context.table, names))],
    }),
  },
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
    ask: async (context) => ({ add_checks: [await askCheck(context, { isNamed: false })] }),
  },
  {
    name: 'Drop a check',
    isPossible: ({ checks }) => checks.length > 0,
    ask: async (context) => ({ drop_checks: [await oneOf(context, 'Check', context.table.checks)] }),
  },
  {
    name: 'Set the primary key',
    ask: async (context) => ({ primary_key: await askOrder(context, await askSeveral(context)) }),
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

const RARE_STEPS: readonly Step[] = [
  {
    name: 'Add a check with a name',
    ask: async (context) => ({ add_checks: [await askCheck(context, { isNamed: true })] }),
  },
  {
    name: 'Add a unique constraint with options',
    ask: async (context) => ({ add_unique: [await askUniqueWithOptions(context)] }),
  },
  {
    name: 'Rename a column in the database alone',
    isPossible: hasColumns,
    ask: async (context) => renameColumn(context, { keep_property: true }),
  },
  {
    name: 'Rename the table too',
    ask: async ({ asker, checks, key, panel, table }) => ({
      rename_table: await asker.input({
        key: `${key}.table`,
        panel,
        message: `New name of ${table.name}`,
        validate: (text) =>
          checks.schema.tables.some(({ schema, name }) => schema === table.schema && name === text)
            ? `There is a table ${text} already.`
            : validateName(text),
      }),
    }),
  },
];

const MORE: Step = { name: 'More options …', ask: async () => undefined };

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
        ...[...possible, MORE].map(choiceOf),
      ],
      default: turn === 0 ? possible[0] : undefined,
    });
    if (step === undefined) break;
    const chosen = step === MORE ? await askRare({ asker, key, panel }, table) : step;
    const added = await chosen.ask({
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
  return withEnums(enums, {
    migration_type: 'modify_existing',
    ...(table.schema !== 'public' && { schema: table.schema }),
    table_name: table.name,
    changes,
  });
}

function askRare(
  { asker, key, panel }: Pick<PartQuestions, 'asker' | 'key' | 'panel'>,
  table: TableDef,
): Promise<Step> {
  return asker.select<Step>({
    key: `${key}.rare`,
    panel,
    message: 'Which?',
    choices: RARE_STEPS.filter(({ isPossible }) => isPossible?.(table) ?? true).map(choiceOf),
  });
}

function choiceOf(step: Step): Choice<Step> {
  return { name: step.name, value: step };
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

type Part = 'type' | 'using' | 'nullable' | 'default' | 'drop-default';

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
      { name: 'how a new type gets its values (USING)', value: 'using' },
    ],
    default: ['type'],
    validate: (chosen) =>
      chosen.length === 0
        ? 'Choose at least one (space selects).'
        : chosen.includes('using') && !chosen.includes('type')
          ? 'USING goes with a new type.'
          : !(chosen.includes('default') && chosen.includes('drop-default')) ||
            'A default is either set or dropped.',
  });
  const type = parts.includes('type')
    ? await askTypedType(asker, checks, { key: `${key}.type`, panel, default: column.type })
    : undefined;
  const using = parts.includes('using')
    ? await askExpression(
        { ...context, key: `${key}.using` },
        `Value of the new type, such as ${column.name}::int (SQL)`,
      )
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
    ...(using !== undefined && { using }),
    ...(parts.includes('nullable') && { nullable: column.notNull }),
    ...(fallback !== undefined && { default: fallback }),
    ...(parts.includes('drop-default') && { drop_default: true }),
  };
  const others = (changes.modify_columns ?? []).filter(({ name }) => name !== column.name);
  return { modify_columns: [...others, modified] };
}

async function renameColumn(
  context: Context,
  more: { readonly keep_property?: true } = {},
): Promise<Changes> {
  const { asker, key, panel, columns } = context;
  const { name: from } = await oneColumn(context);
  const to = await asker.input({
    key: `${key}.to`,
    panel,
    message: `New name of ${from}`,
    validate: (text) => (columns.includes(text) ? `There is a column ${text} already.` : validateName(text)),
  });
  return { rename_columns: [{ from, to, ...more }] };
}

async function changeForeignKey(context: Context): Promise<Changes> {
  const { table } = context;
  const name = await oneOf(context, 'Foreign key', table.foreignKeys);
  const foreignKey = table.foreignKeys.find((each) => each.name === name);
  const columns = foreignKey?.columns ?? [];
  const options = await askForeignKeyOptions(
    context,
    { name: columns.join(', '), ...nullsAndDefaults(table, columns) },
    { isNew: false, current: foreignKey?.onDelete },
  );
  return { modify_foreign_keys: [{ name, ...options }] };
}

/** A column that the table does not have yet is taken as required. */
function nullsAndDefaults(table: TableDef, names: readonly string[]): Omit<ReferringColumns, 'name'> {
  const columns = names.map((name) => table.columns.find((column) => column.name === name));
  return {
    isRequired: columns.some((column) => column?.notNull ?? true),
    hasDefault: columns.every((column) => column?.default !== undefined),
  };
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
