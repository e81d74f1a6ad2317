import type { PlanIndex } from '../plan/plan.ts';
import type { Choice } from './asker.ts';
import { asRaw } from './checks.ts';
import { askOrder, askOwnName, type ColumnChoice, type PartQuestions } from './table-parts.ts';
import { expressionProblem, validateName } from './validate.ts';

const EXPRESSION = '\0expression';

type Option = 'unique' | 'where' | 'more';
type Detail = 'columnOrder' | 'order' | 'opclass' | 'include' | 'name' | 'concurrently';

const METHODS: readonly Choice<string>[] = [
  { name: 'btree', value: 'btree', description: 'equality, ranges and sorting' },
  { name: 'hash', value: 'hash', description: 'equality alone' },
  { name: 'gin', value: 'gin', description: 'arrays, jsonb, full text' },
  { name: 'gist', value: 'gist', description: 'ranges, geometry, nearest neighbours' },
  { name: 'spgist', value: 'spgist', description: 'points, networks, texts with common beginnings' },
  {
    name: 'brin',
    value: 'brin',
    description: 'columns whose values grow with the table, such as timestamps',
  },
];

const ORDERS = ['asc', 'asc nulls first', 'desc', 'desc nulls last'] as const;
type Order = (typeof ORDERS)[number];

const ORDER_TEXT: Readonly<Record<Order, string>> = {
  asc: 'ascending, NULLs last',
  'asc nulls first': 'ascending, NULLs first',
  desc: 'descending, NULLs first',
  'desc nulls last': 'descending, NULLs last',
};

/** An index of columns or of an expression. What is rarely wanted is asked for behind "more options". */
export async function askIndex(questions: ColumnChoice): Promise<PlanIndex> {
  const { asker, key, panel } = questions;
  const keys = await askKeys(questions);
  const chosen = await asker.checkbox<Option>({
    key: `${key}.options`,
    panel,
    message: `Index on ${keys.fields?.join(', ') ?? keys.expression ?? ''}`,
    choices: [
      { name: 'unique', value: 'unique' },
      { name: 'only some rows (WHERE)', value: 'where' },
      { name: 'more options: method, order, name …', value: 'more' },
    ],
    default: [],
  });
  const isUnique = chosen.includes('unique');
  const where = chosen.includes('where') ? await askWhere(questions) : undefined;
  const details = chosen.includes('more') ? await askDetails(questions, { keys, isUnique }) : {};
  return {
    ...keys,
    type: isUnique ? 'unique' : 'index',
    ...(where !== undefined && { where }),
    ...details,
    ...(keys.expression !== undefined && !questions.checks.capabilities.indexExpression && { raw: true }),
  };
}

type Keys = Pick<PlanIndex, 'fields' | 'expression'>;

async function askKeys({ asker, checks, key, panel, columns }: ColumnChoice): Promise<Keys> {
  const chosen = await asker.checkbox<string>({
    key: `${key}.columns`,
    panel,
    message: 'Columns',
    choices: [
      ...columns.map((name) => ({ name, value: name })),
      {
        name: 'an expression, such as lower(email)',
        value: EXPRESSION,
        ...(!checks.capabilities.indexExpression && { description: asRaw(checks.capabilities) }),
      },
    ],
    default: [],
    validate: (names) =>
      names.length === 0
        ? 'Choose at least one (space selects).'
        : names.length === 1 || !names.includes(EXPRESSION) || 'Choose columns, or an expression alone.',
  });
  if (!chosen.includes(EXPRESSION)) return { fields: [...chosen] };
  const expression = await asker.input({
    key: `${key}.expression`,
    panel,
    message: 'Expression (SQL)',
    validate: (text) =>
      text === '' ? 'An expression is needed, such as lower(email)' : (expressionProblem(text) ?? true),
  });
  return { expression };
}

function askWhere({ asker, key, panel }: PartQuestions): Promise<string> {
  return asker.input({
    key: `${key}.where`,
    panel,
    message: 'Only rows where (SQL)',
    validate: (text) =>
      text === '' ? 'A condition is needed, such as deleted_at IS NULL' : (expressionProblem(text) ?? true),
  });
}

async function askDetails(
  questions: ColumnChoice,
  { keys, isUnique }: { readonly keys: Keys; readonly isUnique: boolean },
): Promise<Partial<PlanIndex>> {
  const { asker, checks, key, panel, columns } = questions;
  const { capabilities } = checks;
  const method = isUnique
    ? 'btree'
    : await asker.select<string>({
        key: `${key}.using`,
        panel,
        message: 'Method (choose, or type any)',
        search: true,
        choices: METHODS,
        default: 'btree',
        other: (typed) => typed.toLowerCase(),
        validate: validateName,
      });
  const raw = (isPossible: boolean): { readonly description?: string } =>
    isPossible ? {} : { description: asRaw(capabilities) };
  const details = await asker.checkbox<Detail>({
    key: `${key}.details`,
    panel,
    message: 'Options of the index',
    choices: [
      ...((keys.fields?.length ?? 0) > 1
        ? [{ name: 'the order of its columns', value: 'columnOrder' as const }]
        : []),
      ...(method === 'btree'
        ? [
            {
              name: 'ascending or descending, NULLs first or last',
              value: 'order' as const,
              ...raw(capabilities.indexOrder),
            },
          ]
        : []),
      { name: 'an operator class', value: 'opclass', ...raw(capabilities.operatorClass) },
      ...(/^(?:btree|gist|spgist)$/.test(method)
        ? [
            {
              name: 'further columns for index-only scans (INCLUDE)',
              value: 'include' as const,
              ...raw(capabilities.indexInclude),
            },
          ]
        : []),
      { name: 'a name', value: 'name' },
      { name: 'built without blocking writes (CONCURRENTLY)', value: 'concurrently' },
    ],
    default: [],
    validate: (chosen) =>
      !(keys.fields !== undefined && chosen.includes('order') && chosen.includes('opclass')) ||
      'An operator class goes with columns that have no order.',
  });
  const fields =
    keys.fields && details.includes('columnOrder') ? await askOrder(questions, keys.fields) : keys.fields;
  const order = details.includes('order')
    ? await askOrders(questions, fields ?? ['the expression'])
    : undefined;
  const opclass = details.includes('opclass') ? await askOperatorClass(questions) : undefined;
  const include = details.includes('include')
    ? await askIncluded(
        questions,
        columns.filter((name) => !fields?.includes(name)),
      )
    : undefined;
  const isRaw =
    (order !== undefined && !capabilities.indexOrder) ||
    (include !== undefined && !capabilities.indexInclude) ||
    (opclass !== undefined && !capabilities.operatorClass) ||
    (!METHODS.some(({ value }) => value === method) && !capabilities.indexMethods);
  return {
    ...(fields && { fields }),
    ...(method !== 'btree' && { using: method }),
    ...(order !== undefined && { order }),
    ...(opclass !== undefined && { opclass }),
    ...(include !== undefined && { include }),
    ...(details.includes('name') && { name: await askOwnName(questions, 'the index') }),
    ...(details.includes('concurrently') && { concurrently: true }),
    ...(isRaw && { raw: true }),
  };
}

/** An order for each column; one for all where they agree, none where it is the usual one. */
async function askOrders(
  { asker, key, panel }: PartQuestions,
  fields: readonly string[],
): Promise<PlanIndex['order']> {
  const orders: Order[] = [];
  for (const [position, field] of fields.entries())
    orders.push(
      await asker.select<Order>({
        key: `${key}.order.${position}`,
        panel,
        message: `Order of ${field}`,
        choices: ORDERS.map((value) => ({ name: value, value, description: ORDER_TEXT[value] })),
        default: 'asc',
      }),
    );
  const [first = 'asc', ...others] = orders;
  if (others.some((order) => order !== first)) return orders;
  return first === 'asc' ? undefined : first;
}

function askOperatorClass({ asker, key, panel }: PartQuestions): Promise<string> {
  return asker.input({
    key: `${key}.opclass`,
    panel,
    message: 'Operator class, such as gin_trgm_ops',
    validate: validateName,
  });
}

async function askIncluded(
  { asker, key, panel }: PartQuestions,
  columns: readonly string[],
): Promise<string[]> {
  const chosen = await asker.checkbox<string>({
    key: `${key}.include`,
    panel,
    message: 'Further columns',
    choices: columns.map((name) => ({ name, value: name })),
    default: [],
    validate: (names) => names.length > 0 || 'Choose at least one (space selects).',
  });
  return [...chosen];
}
