import { displayName, type TableDef } from '../plan/database-schema.ts';
import type { PlanForeignKey } from '../plan/plan.ts';
import { asRaw } from './checks.ts';
import { askOrder, askOwnName, askSeveral, type ColumnChoice, type PartQuestions } from './table-parts.ts';

const ACTIONS = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT'] as const;
type Action = (typeof ACTIONS)[number];

/** What the columns of a foreign key may become. */
export interface ReferringColumns {
  /** As questions call them: `author_id`. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
}

/** What is asked of a foreign key beside its columns and its table. */
export type ForeignKeyOptions = Pick<
  PlanForeignKey,
  'on_delete' | 'on_update' | 'deferrable' | 'name' | 'raw'
>;

const ON_DELETE: Readonly<Record<Action, string>> = {
  'NO ACTION': 'the delete is refused',
  CASCADE: 'this row is deleted too',
  'SET NULL': 'this column becomes NULL',
  'SET DEFAULT': 'this column gets its default',
  RESTRICT: 'the delete is refused at once, even when the constraint is deferred',
};

const ON_UPDATE: Readonly<Record<Action, string>> = {
  'NO ACTION': 'the change is refused',
  CASCADE: 'this row follows the change',
  'SET NULL': 'this column becomes NULL',
  'SET DEFAULT': 'this column gets its default',
  RESTRICT: 'the change is refused at once, even when the constraint is deferred',
};

const SEVERAL = '\0several';

/** A foreign key of columns that are there: of one, or of several to a key of as many. */
export async function askForeignKey(
  questions: ColumnChoice,
  columnsNamed: (names: readonly string[]) => Omit<ReferringColumns, 'name'>,
): Promise<PlanForeignKey> {
  const { asker, checks, key, panel, columns } = questions;
  const chosen = await asker.select<string>({
    key: `${key}.column`,
    panel,
    message: 'Column',
    choices: [
      ...columns.map((name) => ({ name, value: name })),
      ...(columns.length > 1 ? [{ name: 'several columns', value: SEVERAL }] : []),
    ],
  });
  const fields = chosen === SEVERAL ? await askSeveral(questions, 2) : [chosen];
  const target = await asker.select<Target>({
    key: `${key}.target`,
    panel,
    message: 'Refers to',
    search: true,
    choices: targetsOf(checks.schema.tables, fields.length).map((each) => ({ name: each.text, value: each })),
  });
  const ordered =
    fields.length > 1 ? await askOrder({ ...questions, panel: `${panel}\n${target.text}` }, fields) : fields;
  const options = await askForeignKeyOptions(questions, { name: fields.join(', '), ...columnsNamed(fields) });
  return {
    ...(ordered.length === 1 ? { field: ordered[0]! } : { fields: ordered }),
    references: target.text,
    ...options,
  };
}

interface Target {
  /** `customers(id)` */
  readonly text: string;
}

/** Primary keys of so many columns first, then unique constraints. */
function targetsOf(tables: readonly TableDef[], count: number): Target[] {
  const fits = (columns: readonly string[] | undefined): columns is readonly string[] =>
    columns?.length === count;
  const text = (table: TableDef, columns: readonly string[]): Target => ({
    text: `${displayName(table)}(${columns.join(', ')})`,
  });
  return [
    ...tables.flatMap((table) =>
      fits(table.primaryKey?.columns) ? [text(table, table.primaryKey.columns)] : [],
    ),
    ...tables.flatMap((table) =>
      table.uniques.filter(({ columns }) => fits(columns)).map(({ columns }) => text(table, columns)),
    ),
  ];
}

type Detail = 'on_update' | 'deferrable' | 'name';

/**
 * What becomes of a row when the row that it refers to goes; what its column does not allow is not offered. Behind "more
 * options": what becomes of it when the key changes, when it is checked, and its name.
 */
export async function askForeignKeyOptions(
  questions: PartQuestions,
  columns: ReferringColumns,
  {
    isNew = true,
    current = 'NO ACTION',
  }: { readonly isNew?: boolean; readonly current?: string | undefined } = {},
): Promise<ForeignKeyOptions> {
  const { asker, checks, key, panel } = questions;
  const { deferrableForeignKey: mayDefer } = checks.capabilities;
  const message = `When the row that ${columns.name} refers to is deleted`;
  const actions = choicesOf(columns, ON_DELETE);
  const first = await asker.select<Action | 'more'>({
    key: `${key}.onDelete`,
    panel,
    message,
    choices: [
      ...actions,
      { name: `more options: on update${isNew ? ', deferrable, name' : ''}`, value: 'more' },
    ],
    default: usual(actions, current),
  });
  if (first !== 'more') return onDelete(first, isNew);
  const details = isNew
    ? await asker.checkbox<Detail>({
        key: `${key}.keyOptions`,
        panel,
        message: 'Options of the foreign key',
        choices: [
          { name: 'what happens when the key changes (ON UPDATE)', value: 'on_update' },
          {
            name: 'checked at the end of the transaction (DEFERRABLE)',
            value: 'deferrable',
            ...(!mayDefer && { description: asRaw(checks.capabilities) }),
          },
          { name: 'a name', value: 'name' },
        ],
        default: [],
      })
    : (['on_update'] as const);
  const second = await asker.select<Action>({
    key: `${key}.onDeleteAction`,
    panel,
    message,
    choices: actions,
    default: usual(actions, current),
  });
  return {
    ...onDelete(second, isNew),
    ...(details.includes('on_update') && { on_update: await askOnUpdate(questions, columns) }),
    ...(details.includes('deferrable') && {
      deferrable: await askWhenChecked(questions),
      ...(!mayDefer && { raw: true }),
    }),
    ...(details.includes('name') && {
      name: await askOwnName({ ...questions, key: `${key}.foreignKey` }, 'the foreign key'),
    }),
  };
}

/** Of a key that is there the action is said even where it is the usual one. */
function onDelete(action: Action, isNew: boolean): Pick<PlanForeignKey, 'on_delete'> {
  return isNew && action === 'NO ACTION' ? {} : { on_delete: action };
}

function choicesOf({ isRequired, hasDefault }: ReferringColumns, effects: Readonly<Record<Action, string>>) {
  return ACTIONS.filter(
    (action) => (action !== 'SET NULL' || !isRequired) && (action !== 'SET DEFAULT' || hasDefault),
  ).map((name) => ({ name, value: name, description: effects[name] }));
}

function usual(choices: readonly { readonly value: Action }[], current: string): Action {
  return choices.find(({ value }) => value.toLowerCase() === current.toLowerCase())?.value ?? 'NO ACTION';
}

function askOnUpdate({ asker, key, panel }: PartQuestions, columns: ReferringColumns): Promise<Action> {
  return asker.select<Action>({
    key: `${key}.onUpdate`,
    panel,
    message: `When the key that ${columns.name} refers to changes`,
    choices: choicesOf(columns, ON_UPDATE),
    default: 'CASCADE',
  });
}

function askWhenChecked({
  asker,
  key,
  panel,
}: PartQuestions): Promise<'initially immediate' | 'initially deferred'> {
  return asker.select<'initially immediate' | 'initially deferred'>({
    key: `${key}.deferrable`,
    panel,
    message: 'Checked',
    choices: [
      {
        name: 'initially deferred',
        value: 'initially deferred',
        description: 'at the end of every transaction',
      },
      {
        name: 'initially immediate',
        value: 'initially immediate',
        description: 'at once, unless a transaction says SET CONSTRAINTS … DEFERRED',
      },
    ],
    default: 'initially deferred',
  });
}
