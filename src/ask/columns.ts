import { type DatabaseSchema, displayName } from '../plan/database-schema.ts';
import type { PlanField, PlanForeignKey, PlanIndex } from '../plan/plan.ts';
import type { Asker, Choice } from './asker.ts';
import { validateDefault, validateName, validateType } from './validate.ts';

/** The types that most columns have; any other is typed. */
const USUAL_TYPES = [
  'text',
  'varchar(255)',
  'integer',
  'bigint',
  'boolean',
  'numeric(10, 2)',
  'uuid',
  'timestamp',
  'timestamptz',
  'date',
  'jsonb',
];

const ACTIONS = ['NO ACTION', 'CASCADE', 'SET NULL', 'RESTRICT'] as const;

export interface AskedColumns {
  readonly fields: PlanField[];
  readonly indexes?: PlanIndex[];
  readonly foreign_keys?: PlanForeignKey[];
}

/** The columns of a new table, the usual ones offered first, then indexes for what is looked up and sorted by. */
export async function askColumns(asker: Asker, schema: DatabaseSchema): Promise<AskedColumns> {
  const fields: PlanField[] = [];
  const foreignKeys: PlanForeignKey[] = [];
  if (await asker.confirm({ message: 'Add id (uuid, primary key)?', default: true })) {
    fields.push({ name: 'id', type: 'uuid', constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()'] });
  }
  for (;;) {
    const asked = await askColumn(
      asker,
      schema,
      fields.map(({ name }) => name),
    );
    if (asked === undefined) break;
    fields.push(asked.field);
    if (asked.foreignKey) foreignKeys.push(asked.foreignKey);
  }
  if (await asker.confirm({ message: 'Add created_at and updated_at?', default: true })) {
    const taken = new Set(fields.map(({ name }) => name));
    for (const name of ['created_at', 'updated_at'].filter((each) => !taken.has(each)))
      fields.push({ name, type: 'timestamp', constraints: ['NOT NULL', 'DEFAULT now()'] });
  }
  const indexes = await askIndexes(asker, fields, foreignKeys);
  return {
    fields,
    ...(indexes.length > 0 ? { indexes } : {}),
    ...(foreignKeys.length > 0 ? { foreign_keys: foreignKeys } : {}),
  };
}

export interface AskedColumn {
  readonly field: PlanField;
  readonly foreignKey: PlanForeignKey | undefined;
}

/** One column, or undefined when the name is left empty. `taken`: names that it cannot have. */
export async function askColumn(
  asker: Asker,
  schema: DatabaseSchema,
  taken: readonly string[],
): Promise<AskedColumn | undefined> {
  const name = await asker.input({
    message: 'Column name (empty to finish)',
    default: '',
    validate: (text) =>
      text === '' ? true : taken.includes(text) ? `There is a column ${text} already.` : validateName(text),
  });
  if (name === '') return undefined;
  const type = await askType(asker, schema);
  const nullable = await asker.confirm({ message: 'May it be NULL?', default: false });
  const fallback = await asker.input({
    message: 'Default (SQL, empty for none)',
    default: '',
    validate: validateDefault,
  });
  const unique = await asker.confirm({ message: 'Unique?', default: false });
  const foreignKey = await askReference(asker, schema, name);
  const constraints = [
    ...(nullable ? [] : ['NOT NULL']),
    ...(fallback === '' ? [] : [`DEFAULT ${fallback}`]),
    ...(unique ? ['UNIQUE'] : []),
  ];
  return { field: { name, type, constraints }, foreignKey };
}

/** A type from the list of the usual ones and the enums that there are, or typed. */
export async function askType(asker: Asker, schema: DatabaseSchema): Promise<string> {
  const enums = schema.enums.map(displayName);
  const chosen = await asker.select<string>({
    message: 'Type',
    choices: [
      ...[...USUAL_TYPES, ...enums].map((type) => ({ name: type, value: type })),
      { name: 'another (type it)', value: '' },
    ],
    default: 'text',
  });
  return chosen === ''
    ? asker.input({ message: 'Type (as in Postgres)', default: 'text', validate: validateType })
    : chosen;
}

async function askReference(
  asker: Asker,
  schema: DatabaseSchema,
  column: string,
): Promise<PlanForeignKey | undefined> {
  const targets = schema.tables.flatMap((table): Choice<string>[] =>
    table.primaryKey?.columns.length === 1
      ? [{ name: displayName(table), value: `${displayName(table)}(${table.primaryKey.columns[0]})` }]
      : [],
  );
  if (targets.length === 0) return undefined;
  const references = await asker.select<string>({
    message: 'References',
    choices: [{ name: 'nothing', value: '' }, ...targets],
    default: '',
  });
  if (references === '') return undefined;
  const action = await asker.select<string>({
    message: 'On delete',
    choices: ACTIONS.map((name) => ({ name, value: name })),
    default: 'NO ACTION',
  });
  return { field: column, references, ...(action === 'NO ACTION' ? {} : { on_delete: action }) };
}

/** Indexes are proposed for foreign keys, and for columns that lists are filtered and sorted by. */
async function askIndexes(
  asker: Asker,
  fields: readonly PlanField[],
  foreignKeys: readonly PlanForeignKey[],
): Promise<PlanIndex[]> {
  const keys = new Set(foreignKeys.map(({ field }) => field));
  const worth = fields.filter(
    ({ name }) =>
      keys.has(name) || /(^|_)(status|state)$/.test(name) || /^(created_at|position|sort_order)$/.test(name),
  );
  const indexes: PlanIndex[] = [];
  for (const { name } of worth) {
    if (await asker.confirm({ message: `Index on ${name}?`, default: true }))
      indexes.push({ fields: [name], type: 'index' });
  }
  return indexes;
}
