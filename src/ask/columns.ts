import { displayName, type TableDef } from '../plan/database-schema.ts';
import type { PlanField, PlanForeignKey, PlanIndex } from '../plan/plan.ts';
import { baseType } from '../plan/serial.ts';
import { plural } from '../plan/words/tables.ts';
import type { Asker } from './asker.ts';
import { askEnumValues } from './enums.ts';
import type { Checks } from './checks.ts';
import { askColumnOptions } from './column-options.ts';
import { askForeignKeyOptions } from './foreign-keys.ts';
import type { PartQuestions } from './table-parts.ts';
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

export interface AskedColumn {
  readonly field: PlanField;
  readonly foreignKey: PlanForeignKey | undefined;
  readonly index: PlanIndex | undefined;
  /** An enum that the column is to have and nobody has made yet. */
  readonly newEnum: { readonly name: string; readonly values: readonly string[] } | undefined;
}

/** The answers of this column are remembered under its key: `column.2`. */
export interface ColumnQuestions extends PartQuestions {
  readonly table: string;
  /** Names that it cannot have. */
  readonly taken: readonly string[];
}

type Option = 'required' | 'unique' | 'index' | 'default' | 'more';

/** One column, or undefined when the name is left empty. */
export async function askColumn(questions: ColumnQuestions): Promise<AskedColumn | undefined> {
  const { asker, checks, key, taken, panel } = questions;
  const name = await asker.input({
    key: `${key}.name`,
    panel,
    message: 'Column name (empty to finish)',
    default: '',
    validate: (text) =>
      text === '' ? true : taken.includes(text) ? `There is a column ${text} already.` : validateName(text),
  });
  if (name === '') return undefined;
  const { type, target, newEnum } = await askType(questions, name);
  const chosen = await asker.checkbox<Option>({
    key: `${key}.options`,
    panel,
    message: `${name} ${type}`,
    choices: [
      { name: 'required (NOT NULL)', value: 'required' },
      { name: 'unique', value: 'unique' },
      { name: 'index', value: 'index' },
      { name: 'a default value', value: 'default' },
      { name: 'more options: check, description, identity …', value: 'more' },
    ],
    default: ['required', ...(target || isLookedUp(name) ? (['index'] as const) : [])],
  });
  const isRequired = chosen.includes('required');
  const fallback = chosen.includes('default')
    ? await asker.input({
        key: `${key}.default`,
        panel,
        message: `Default of ${name} (SQL)`,
        validate: (text) => validDefault(checks, { type, text, newEnum }),
      })
    : undefined;
  const hasDefault = fallback !== undefined;
  const more = chosen.includes('more')
    ? await askColumnOptions(questions, { name, type, hasDefault })
    : undefined;
  const reference = target && (await askForeignKeyOptions(questions, { name, isRequired, hasDefault }));
  return {
    field: {
      name,
      type,
      ...more,
      constraints: [
        ...(isRequired ? ['NOT NULL'] : []),
        ...(fallback === undefined ? [] : [`DEFAULT ${fallback}`]),
        ...(chosen.includes('unique') ? ['UNIQUE'] : []),
        ...(more?.constraints ?? []),
      ],
    },
    foreignKey: target && {
      field: name,
      references: `${displayName(target)}(${target.primaryKey?.columns[0] ?? 'id'})`,
      ...reference,
    },
    // A unique constraint has its index.
    index:
      chosen.includes('index') && !chosen.includes('unique') ? { fields: [name], type: 'index' } : undefined,
    newEnum,
  };
}

interface AskedType {
  readonly type: string;
  readonly target?: TableDef | undefined;
  readonly newEnum?: AskedColumn['newEnum'];
}

/** A type from the list, a reference to a table (with the type of its key), a new enum, or one that is typed. */
async function askType(
  { asker, checks, key, table, panel }: ColumnQuestions,
  name: string,
): Promise<AskedType> {
  const { schema } = checks;
  const targets = schema.tables.filter((each) => each.primaryKey?.columns.length === 1);
  const reference = (to: TableDef): string => `${REFERS}${displayName(to)} (reference)`;
  const meant = targets.find((each) => isNamedAfter(name, each));
  const chosen = await asker.select<string>({
    key: `${key}.type`,
    panel,
    message: `Type of ${name} (choose, or type any)`,
    search: true,
    choices: [
      ...USUAL_TYPES.map((type) => ({ name: type, value: type })),
      ...schema.enums.map(displayName).map((type) => ({ name: type, value: type })),
      ...targets.map((to) => ({ name: reference(to), value: reference(to) })),
      { name: 'a new enum', value: NEW_ENUM },
    ],
    default: meant ? reference(meant) : 'text',
    other: (typed) => typed,
    validate: (type) => (type === NEW_ENUM || type.startsWith(REFERS) ? true : validType(checks, type)),
  });
  const target = targets.find((each) => reference(each) === chosen);
  if (target) {
    const column = target.columns.find((each) => each.name === target.primaryKey?.columns[0]);
    return { type: baseType(column?.type ?? 'uuid'), target };
  }
  if (chosen !== NEW_ENUM) return { type: chosen };
  const enumName = await asker.input({
    key: `${key}.enum`,
    panel,
    message: 'Enum name',
    default: `${table}_${name}`,
    validate: (text) =>
      schema.enums.some((each) => displayName(each) === text)
        ? `There is an enum ${text} already.`
        : validateName(text),
  });
  const values = await askEnumValues(asker, { key: `${key}.values`, panel });
  return { type: enumName, newEnum: { name: enumName, values } };
}

const NEW_ENUM = '\0new enum';
const REFERS = '→ ';

/** A type as Postgres calls it, which Postgres is asked about. */
export function askTypedType(
  asker: Asker,
  checks: Checks,
  question: { readonly key: string; readonly panel: string; readonly default: string },
): Promise<string> {
  return asker.input({
    ...question,
    message: 'Type (as in Postgres)',
    validate: (text) => validType(checks, text),
  });
}

async function validType({ postgres }: Checks, text: string): Promise<true | string> {
  const read = validateType(text);
  return read === true ? postgres.check(text) : read;
}

/** Whether Postgres takes a default for a type; of an enum that is not there yet, its values. */
export async function validDefault(
  { postgres }: Checks,
  {
    type,
    text,
    newEnum,
  }: { readonly type: string; readonly text: string; readonly newEnum?: AskedColumn['newEnum'] },
): Promise<true | string> {
  if (text === '') return 'Type a default, or press Esc to go back and leave it out.';
  const read = validateDefault(text);
  if (read !== true) return read;
  if (newEnum === undefined) return postgres.check(type, text);
  const quoted = newEnum.values.map((value) => `'${value.replaceAll("'", "''")}'`);
  return quoted.includes(text) || `The values are ${quoted.join(', ')}.`;
}

/** `author_id` and `authorId` for authors, `user_id` for app.users. */
function isNamedAfter(column: string, { name }: TableDef): boolean {
  const [, stem] = /^(.+?)(?:_id|Id)$/.exec(column) ?? [];
  if (stem === undefined) return false;
  const plain = (text: string): string => text.replaceAll('_', '').toLowerCase();
  return [stem, plural(stem)].some(
    (each) => plain(each) === plain(name) || plain(name).endsWith(plain(plural(stem))),
  );
}

/** Lists are filtered and sorted by such columns. */
function isLookedUp(name: string): boolean {
  return /(^|_)(status|state)$/.test(name) || /^(position|sort_order)$/.test(name);
}
