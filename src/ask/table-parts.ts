import { validateName } from './validate.ts';
import { expressionProblem } from './validate.ts';
import type { PlanCheck, PlanUnique } from '../plan/plan.ts';
import type { Asker } from './asker.ts';
import type { Checks } from './checks.ts';

export interface PartQuestions {
  readonly asker: Asker;
  readonly checks: Checks;
  readonly key: string;
  readonly panel: string;
}

export interface ColumnChoice extends PartQuestions {
  readonly columns: readonly string[];
}

/** One or more columns, in the order of the table. */
export async function askSeveral(
  { asker, key, panel, columns }: ColumnChoice,
  atLeast: 1 | 2 = 1,
): Promise<string[]> {
  const chosen = await asker.checkbox<string>({
    key: `${key}.columns`,
    panel,
    message: 'Columns',
    choices: columns.map((name) => ({ name, value: name })),
    default: [],
    validate: (names) =>
      names.length >= atLeast || `Choose at least ${atLeast === 1 ? 'one' : 'two'} (space selects).`,
  });
  return [...chosen];
}

/** Several columns in the order that a person gives them. */
export async function askOrder(
  { asker, key, panel }: PartQuestions,
  columns: readonly string[],
): Promise<string[]> {
  if (columns.length < 2) return [...columns];
  const read = (text: string): string[] => text.split(',').map((name) => name.trim());
  const sorted = (names: readonly string[]): string => names.toSorted().join();
  const text = await asker.input({
    key: `${key}.columnOrder`,
    panel,
    message: 'Columns in their order',
    default: columns.join(', '),
    validate: (typed) =>
      sorted(read(typed)) === sorted(columns) || `These, each once: ${columns.join(', ')}.`,
  });
  return read(text);
}

/** A SQL expression that Postgres' parser reads. */
export function askExpression(
  { asker, key, panel }: PartQuestions,
  message = 'Must be true for every row (SQL)',
): Promise<string> {
  return asker.input({
    key: `${key}.expression`,
    panel,
    message,
    validate: (text) =>
      text === '' ? 'An expression is needed, such as price > 0' : (expressionProblem(text) ?? true),
  });
}

/** A name of its own instead of the derived one. */
export function askOwnName({ asker, key, panel }: PartQuestions, of: string): Promise<string> {
  return asker.input({ key: `${key}.name`, panel, message: `Name of ${of}`, validate: validateName });
}

/** A CHECK of several columns; with `isNamed` it gets a name. */
export async function askCheck(
  questions: PartQuestions,
  { isNamed }: { readonly isNamed: boolean },
): Promise<PlanCheck> {
  const expression = await askExpression(questions);
  return isNamed ? { name: await askOwnName(questions, 'the check'), expression } : { expression };
}

type UniqueOption = 'name' | 'nulls' | 'order';

/** A unique constraint with what is rarely wanted: a name, the order of its columns, NULLs that are equal. */
export async function askUniqueWithOptions(questions: ColumnChoice): Promise<PlanUnique> {
  const { asker, key, panel, checks } = questions;
  const fields = await askSeveral(questions);
  const chosen = await asker.checkbox<UniqueOption>({
    key: `${key}.options`,
    panel,
    message: `Options of unique (${fields.join(', ')})`,
    choices: [
      { name: 'a name', value: 'name' },
      ...(fields.length > 1 ? [{ name: 'the order of its columns', value: 'order' as const }] : []),
      ...(checks.capabilities.nullsNotDistinct
        ? [{ name: 'two NULLs are equal too (NULLS NOT DISTINCT)', value: 'nulls' as const }]
        : []),
    ],
    default: ['name'],
  });
  return {
    fields: chosen.includes('order') ? await askOrder(questions, fields) : fields,
    ...(chosen.includes('name') && { name: await askOwnName(questions, 'the constraint') }),
    ...(chosen.includes('nulls') && { nulls_not_distinct: true }),
  };
}
