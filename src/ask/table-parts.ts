import { expressionProblem } from './validate.ts';
import type { PlanIndex } from '../plan/plan.ts';
import type { Asker } from './asker.ts';

export interface PartQuestions {
  readonly asker: Asker;
  readonly key: string;
  readonly panel: string;
}

export interface ColumnChoice extends PartQuestions {
  readonly columns: readonly string[];
}

/** One or more columns, in the order of the table. */
export async function askSeveral({ asker, key, panel, columns }: ColumnChoice): Promise<string[]> {
  const chosen = await asker.checkbox<string>({
    key: `${key}.columns`,
    panel,
    message: 'Columns',
    choices: columns.map((name) => ({ name, value: name })),
    default: [],
    validate: (names) => names.length > 0 || 'Choose at least one (space selects).',
  });
  return [...chosen];
}

/** A SQL expression that Postgres' parser reads. */
export function askExpression({ asker, key, panel }: PartQuestions): Promise<string> {
  return asker.input({
    key: `${key}.expression`,
    panel,
    message: 'Must be true for every row (SQL)',
    validate: (text) =>
      text === '' ? 'An expression is needed: price > 0' : (expressionProblem(text) ?? true),
  });
}

/** An index of one or more columns: plain or unique, of all rows or some. */
export async function askIndex(questions: ColumnChoice): Promise<PlanIndex> {
  const { asker, key, panel } = questions;
  const fields = await askSeveral(questions);
  const type = await asker.select<'index' | 'unique'>({
    key: `${key}.kind`,
    panel,
    message: 'Kind',
    choices: [
      { name: 'plain', value: 'index' },
      { name: 'unique', value: 'unique' },
    ],
    default: 'index',
  });
  const where = await asker.input({
    key: `${key}.where`,
    panel,
    message: 'Only rows where (SQL, empty for all rows)',
    default: '',
    validate: (text) => (text === '' ? true : (expressionProblem(text) ?? true)),
  });
  return { fields, type, ...(where !== '' && { where }) };
}
