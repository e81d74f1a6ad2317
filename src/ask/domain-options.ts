import { checkFileName } from '../plan/names.ts';
import type { NewDomainDocument } from '../plan/plan.ts';
import type { ColumnChoice } from './table-parts.ts';
import { validateName } from './validate.ts';

export type DomainOptions = Pick<
  NewDomainDocument,
  'domain_name' | 'entity_name' | 'pagination' | 'search_fields' | 'filter_fields' | 'sort_fields'
>;

type Option = keyof DomainOptions;

/** Where a new table's schema file lies, and what the code of `crud` does with its rows. */
export async function askDomainOptions(questions: ColumnChoice): Promise<DomainOptions> {
  const { asker, checks, key, panel } = questions;
  const chosen = await asker.checkbox<Option>({
    key: `${key}.domain`,
    panel,
    message: 'Options of the code',
    choices: [
      { name: 'the folder of its schema file', value: 'domain_name' },
      ...(checks.hasCode
        ? [
            { name: 'what one row is called', value: 'entity_name' as const },
            { name: 'how many rows a page has', value: 'pagination' as const },
            { name: 'columns that ?search= looks in', value: 'search_fields' as const },
            { name: 'columns to filter by', value: 'filter_fields' as const },
            { name: 'columns to sort by', value: 'sort_fields' as const },
          ]
        : []),
    ],
    default: ['domain_name'],
  });
  const has = (option: Option): boolean => chosen.includes(option);
  const fields = (option: Option, message: string): Promise<string[]> =>
    askFields(questions, option, message);
  return {
    ...(has('domain_name') && {
      domain_name: await asker.input({
        key: `${key}.domain_name`,
        panel,
        message: 'Folder of the schema file',
        validate: (text) => checkFileName(text)?.message ?? true,
      }),
    }),
    ...(has('entity_name') && {
      entity_name: await asker.input({
        key: `${key}.entity_name`,
        panel,
        message: 'One row is a',
        validate: validateName,
      }),
    }),
    ...(has('pagination') && { pagination: await askPages(questions) }),
    ...(has('search_fields') && {
      search_fields: await fields('search_fields', 'Columns that ?search= looks in'),
    }),
    ...(has('filter_fields') && { filter_fields: await fields('filter_fields', 'Columns to filter by') }),
    ...(has('sort_fields') && { sort_fields: await fields('sort_fields', 'Columns to sort by') }),
  };
}

async function askFields(
  { asker, key, panel, columns }: ColumnChoice,
  option: Option,
  message: string,
): Promise<string[]> {
  const chosen = await asker.checkbox<string>({
    key: `${key}.${option}`,
    panel,
    message,
    choices: columns.map((name) => ({ name, value: name })),
    default: [],
  });
  return [...chosen];
}

async function askPages({ asker, key, panel }: ColumnChoice): Promise<DomainOptions['pagination']> {
  const ask = (name: string, message: string, usual: string): Promise<string> =>
    asker.input({
      key: `${key}.${name}`,
      panel,
      message,
      default: usual,
      validate: (text) => /^[1-9]\d*$/.test(text) || 'It is a whole number above 0.',
    });
  const usual = Number(await ask('default_limit', 'Rows on a page, unless more are asked for', '20'));
  const most = Number(await ask('max_limit', 'Rows on a page at most', String(Math.max(100, usual))));
  return { default_limit: usual, max_limit: most };
}
