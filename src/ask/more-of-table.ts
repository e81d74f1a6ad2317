import { readField } from '../plan/fragments.ts';
import type { NewDomainDocument, PlanField } from '../plan/plan.ts';
import type { Asker, Choice } from './asker.ts';
import type { Checks } from './checks.ts';
import { askDomainOptions } from './domain-options.ts';
import { askForeignKey } from './foreign-keys.ts';
import { askIndex } from './indexes.ts';
import { tablePanel } from './panel.ts';
import { askCheck, askOrder, askSeveral, askUniqueWithOptions, type ColumnChoice } from './table-parts.ts';

type Added = Partial<NewDomainDocument>;

/** Something that concerns several columns, or the table. */
interface Part {
  readonly name: string;
  readonly isPossible?: (table: NewDomainDocument) => boolean;
  readonly ask: (questions: ColumnChoice, table: NewDomainDocument) => Promise<Added>;
}

const PARTS: readonly Part[] = [
  { name: 'An index', ask: async (questions) => ({ indexes: [await askIndex(questions)] }) },
  {
    name: 'A unique constraint on several columns',
    ask: async (questions) => ({ unique: [{ fields: await askSeveral(questions) }] }),
  },
  {
    name: 'A check',
    ask: async (questions) => ({ checks: [await askCheck(questions, { isNamed: false })] }),
  },
];

const RARE_PARTS: readonly Part[] = [
  {
    name: 'A check with a name',
    ask: async (questions) => ({ checks: [await askCheck(questions, { isNamed: true })] }),
  },
  {
    name: 'A unique constraint with options',
    ask: async (questions) => ({ unique: [await askUniqueWithOptions(questions)] }),
  },
  {
    name: 'A foreign key of several columns',
    isPossible: ({ fields }) => fields.length > 1,
    ask: async (questions, { fields }) => ({
      foreign_keys: [await askForeignKey(questions, (names) => nullsAndDefaults(fields, names))],
    }),
  },
  {
    name: 'The primary key',
    isPossible: ({ fields, primary_key: key }) =>
      key === undefined && !fields.some((field) => readField(field).primaryKey),
    ask: async (questions) => ({ primary_key: await askOrder(questions, await askSeveral(questions)) }),
  },
  { name: 'Options of the code', ask: askDomainOptions },
];

const MORE: Part = { name: 'More options …', ask: async () => ({}) };

/** The table with what concerns several columns, as long as there is something more. */
export async function askMoreOfTable(
  asker: Asker,
  checks: Checks,
  asked: NewDomainDocument,
): Promise<NewDomainDocument> {
  const columns = asked.fields.map(({ name }) => name);
  let table = asked;
  for (let turn = 0; ; turn += 1) {
    const questions = { asker, checks, key: `more.${turn}`, panel: panelOf(table), columns };
    const step = await asker.select<Part | undefined>({
      key: `${questions.key}.step`,
      panel: questions.panel,
      message: 'Anything else?',
      choices: [{ name: 'No, that is the table', value: undefined }, ...[...PARTS, MORE].map(choiceOf)],
      default: undefined,
    });
    if (step === undefined) return table;
    table = merged(
      table,
      await (step === MORE ? await askRare(questions, table) : step).ask(questions, table),
    );
  }
}

function askRare({ asker, key, panel }: ColumnChoice, table: NewDomainDocument): Promise<Part> {
  return asker.select<Part>({
    key: `${key}.rare`,
    panel,
    message: 'Which?',
    choices: RARE_PARTS.filter(({ isPossible }) => isPossible?.(table) ?? true).map(choiceOf),
  });
}

function choiceOf(part: Part): Choice<Part> {
  return { name: part.name, value: part };
}

/** Lists of constraints grow; what there is once is what was said last. */
function merged(table: NewDomainDocument, added: Added): NewDomainDocument {
  const { indexes, foreign_keys: keys, unique, checks, ...once } = added;
  return {
    ...table,
    ...once,
    ...(indexes && { indexes: [...(table.indexes ?? []), ...indexes] }),
    ...(keys && { foreign_keys: [...(table.foreign_keys ?? []), ...keys] }),
    ...(unique && { unique: [...(table.unique ?? []), ...unique] }),
    ...(checks && { checks: [...(table.checks ?? []), ...checks] }),
  };
}

function panelOf(table: NewDomainDocument): string {
  const { table_name: name, fields, indexes, foreign_keys: foreignKeys, unique = [], checks = [] } = table;
  return tablePanel({
    name,
    fields,
    indexes,
    foreignKeys,
    more: [
      ...(table.primary_key ? [`primary key (${table.primary_key.join(', ')})`] : []),
      ...unique.map((each) => `unique (${each.fields.join(', ')})`),
      ...checks.map((each) => `check ${each.name ?? ''}(${each.expression})`),
    ],
  });
}

function nullsAndDefaults(
  fields: readonly PlanField[],
  names: readonly string[],
): { readonly isRequired: boolean; readonly hasDefault: boolean } {
  const columns = fields.filter(({ name }) => names.includes(name)).map((field) => readField(field).column);
  return {
    isRequired: columns.some(({ notNull }) => notNull),
    hasDefault: columns.every((column) => column.default !== undefined),
  };
}
