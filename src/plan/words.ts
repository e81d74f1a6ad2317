import { TableplanError, type At } from '../errors.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import type { Notice } from './change.ts';
import { checkDocuments } from './check/documents.ts';
import { checkName } from './names.ts';
import { toPascalCase, toSnakeCase } from './migration-name.ts';
import type { ParsedPlan } from './parse.ts';
import { DocumentSchema, type PlanDocument, type PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import { quoteForShell } from './quote-for-shell.ts';
import { listed, nearest } from './suggest.ts';
import { visible } from './visible.ts';
import {
  addColumns,
  changeColumns,
  columnsAdded,
  makeNullable,
  removeColumns,
  removeColumnWithoutPreposition,
  renameColumn,
  renameColumnWithoutPreposition,
} from './words/columns.ts';
import { inColumnCase } from './words/column-case.ts';
import { withConventions } from './words/conventions.ts';
import { dropNamed } from './words/drop-named.ts';
import { fitsCase } from './words/name-case.ts';
import { addEnumValues, removeEnumValues, renameEnumValue } from './words/enum-values.ts';
import { addForeignKey, cascadeDelete } from './words/foreign-keys.ts';
import { type EarlierStates, hadTable, onlyTakesAway, withEarlier } from './words/earlier.ts';
import { addIndex } from './words/indexes.ts';
import {
  atWord,
  missing,
  type Origin,
  type Pattern,
  refusal,
  type Request,
  shown,
  type Understood,
  type Word,
  type WordsContext,
  type WordsTable,
} from './words/request.ts';
import { asRequest, VERBS } from './words/spoken.ts';
import { tablesNamed } from './words/tables.ts';
import {
  createEnum,
  createTable,
  dropEnum,
  dropTable,
  newTable,
  renameTable,
} from './words/tables-and-enums.ts';

export type { EarlierStates } from './words/earlier.ts';
export type { WordsContext } from './words/request.ts';

/** In this order: what is said with more words goes before what is said with fewer. */
const PATTERNS: readonly Pattern[] = [
  createEnum,
  createTable,
  addForeignKey,
  addIndex,
  addEnumValues,
  addColumns,
  removeEnumValues,
  dropEnum,
  dropTable,
  dropNamed,
  removeColumns,
  removeColumnWithoutPreposition,
  renameEnumValue,
  renameColumn,
  renameTable,
  renameColumnWithoutPreposition,
  changeColumns,
  makeNullable,
  cascadeDelete,
];

/**
 * Reads a plan from words: a table's name or a name that says what to do, then columns
 * `name:type[(args)][!][=default][:unique|:index|:pk|:ref(table[.column][,action])]`.
 * What the words mean depends on the tables that there are. Errors stand in the file `<words>`, columns counted in the
 * words joined by spaces. Throws TableplanError: `answer-needed` when something is missing, with the line to type
 * instead; `plan-invalid` when the words are not understood. `earlier` are the states that the schema has had, newest
 * first: with them the words for a drop or a rename mean the same when it is done as they did before.
 *
 * @example await parseWords(['products', 'price:int!'], { tables }) // add a column, or make the table
 */
export async function parseWords(
  words: readonly string[],
  context: WordsContext,
  earlier: EarlierStates = noneEarlier,
): Promise<ParsedPlan> {
  await loadSqlParser();
  try {
    const read = readWords(words, context);
    return (await readDropAgain(words, read, context, earlier)) ?? read;
  } catch (error) {
    if (!(error instanceof TableplanError) || error.code !== 'plan-invalid') throw error;
    const again = await readEarlier(words, context, earlier);
    if (again) return again;
    throw error;
  }
}

async function* noneEarlier(): AsyncGenerator<WordsContext> {}

/**
 * Words that the present does not explain, read against earlier states: a drop or a rename of what was there once.
 * The resolver then says that it is done already, as it does for the same plan in YAML.
 */
async function readEarlier(
  words: readonly string[],
  context: WordsContext,
  earlier: EarlierStates,
): Promise<ParsedPlan | undefined> {
  for await (const state of earlier()) {
    try {
      const read = readWords(words, withEarlier(context, state));
      if (onlyTakesAway(read.plan.documents[0])) return read;
    } catch (error) {
      if (!(error instanceof TableplanError)) throw error;
    }
  }
  return undefined;
}

/** `DropItem` where the table item was dropped already means it still, and never the table items. */
async function readDropAgain(
  words: readonly string[],
  { plan }: ParsedPlan,
  context: WordsContext,
  earlier: EarlierStates,
): Promise<ParsedPlan | undefined> {
  const [document] = plan.documents;
  if (document?.migration_type !== 'drop_table') return undefined;
  const [, ...named] = toRequest(words, context).tokens;
  const name = named.join('_').replace(/(?<=.)_table$/, '');
  if ([name, named.join('_')].includes(toSnakeCase(document.table_name))) return undefined;
  for await (const state of earlier())
    if (hadTable(context, state, name)) return readWords(words, withEarlier(context, state));
  return undefined;
}

/** `parseWords` for callers that have awaited `loadSqlParser` before. */
export function readWords(words: readonly string[], context: WordsContext): ParsedPlan {
  const request = toRequest(words, context);
  const said = byTable(request) ?? byName(request) ?? byNewTable(request);
  const understood = withConventions(inColumnCase(said, context), context);
  const document = check(understood, request);
  return {
    plan: { documents: [document] },
    at: (path, offset) => atOrigin(understood.origins, request, path, offset),
    frame: () => undefined,
    notices: understood.notices,
  };
}

function toRequest(words: readonly string[], context: WordsContext): Request {
  const offsets = words.map((_, index) =>
    words.slice(0, index).reduce((length, word) => length + word.length + 1, 0),
  );
  const said = words.map((text, index): Word => ({ text, offset: offsets[index] ?? 0 }));
  // A table may be called as a verb is.
  const isTable = context.tables.some(({ name }) => name === words[0]);
  const [first, ...rest] = isTable ? said : asRequest(said);
  if (first === undefined || first.text === '') {
    throw new TableplanError('usage', 'no words', {
      hint: 'Type a table and columns: products price:int!, or a name that says it: AddPriceToProducts price:int!',
    });
  }
  if (first.text.includes(':'))
    throw refusal(
      first,
      `${shown(first)} is a column; the table or a name comes first`,
      'Type: products price:int!',
    );
  return {
    first,
    rest,
    context,
    tokens: toSnakeCase(first.text)
      .split('_')
      .filter((token) => token !== ''),
  };
}

/** A table that is called exactly so, or (for a name that says nothing else) differs in number only. */
function byTable(request: Request): Understood | undefined {
  const table =
    exactTable(request) ??
    (VERBS.has(request.tokens[0] ?? '') ? undefined : tablesNamed(request.tokens, request.context.tables)[0]);
  if (table === undefined) return undefined;
  if (request.rest.length === 0) {
    throw missing(request, 'changes', `What do you want to change in ${table.name}?`, [
      request.first.text,
      'column:type',
    ]);
  }
  const understood = columnsAdded(request, table);
  return {
    ...understood,
    notices: [notice('words-add-columns', `${table.name} exists: the columns are added to it`)],
  };
}

/** `products`, or `app.products` for a table of another schema. */
function exactTable(request: Request): WordsTable | undefined {
  const { text } = request.first;
  const found = request.context.tables.filter(
    (table) => table.name === text || `${table.schema}.${table.name}` === text,
  );
  return found.find((table) => table.schema === 'public') ?? found[0];
}

function byName(request: Request): Understood | undefined {
  const bad = checkName(request.first.text);
  if (bad) throw refusal(request.first, bad.message, bad.hint, bad.offset);
  for (const pattern of PATTERNS) {
    const understood = pattern(request);
    if (understood) return { ...understood, document: named(understood.document, request.tokens.join('_')) };
  }
  if (VERBS.has(request.tokens[0] ?? '') && request.tokens.length > 1) throw notUnderstood(request);
  return undefined;
}

/** A name that nothing is called yet is a new table, unless it looks like a slip. */
function byNewTable(request: Request): Understood {
  const near = nearest(
    request.tokens.join('_'),
    request.context.tables.map((table) => table.name),
  );
  if (near.length > 0) {
    const create = [
      `Create${toPascalCase(request.tokens.join('_'))}Table`,
      ...request.rest.map(({ text }) => text),
    ];
    throw refusal(
      request.first,
      `there is no table ${shown(request.first)}`,
      `Did you mean ${listed(near, 'or')}? To make a new one type ${create.map(quoteForShell).join(' ')}.`,
    );
  }
  const name = fitsCase(request.tokens.join('_'), request.context);
  const understood = newTable(request, name);
  return { ...understood, notices: [notice('words-new-table', `there is no table ${name} yet: it is made`)] };
}

function named(document: PlanDocument, name: string): PlanDocument {
  const { migration_type, ...rest } = document;
  return { migration_type, name, ...rest } as PlanDocument;
}

function notUnderstood(request: Request): TableplanError {
  const tables = request.context.tables.map((table) => table.name);
  const example = tables[0] ?? 'products';
  return refusal(
    request.first,
    `${shown(request.first)} is not understood`,
    `Say it like AddPriceTo_${example} price:int, RemovePriceFrom_${example}, RenameAToBIn_${example}, AddIndexOn_${example} price, CreateItemsTable name:text – or write a plan.`,
  );
}

function check(understood: Understood, request: Request): PlanDocument {
  try {
    const document = DocumentSchema.safeParse(understood.document);
    if (!document.success)
      throw new PlanProblem(
        [0, ...((document.error.issues[0]?.path ?? []) as PlanPath)],
        document.error.issues[0]?.message ?? 'not a plan',
      );
    checkDocuments([document.data]);
    return document.data;
  } catch (error) {
    if (!(error instanceof PlanProblem)) throw error;
    const { code = 'plan-invalid', hint } = error.details;
    throw new TableplanError(code, visible(error.message), {
      hint: hint && visible(hint),
      at: atOrigin(understood.origins, request, error.path),
      cause: error,
    });
  }
}

/** The word that a value of the plan came from: the first one unless a longer path is known. */
function atOrigin(origins: readonly Origin[], request: Request, path: PlanPath, offset = 0): At {
  const [, ...inDocument] = path;
  const origin = origins.find((candidate) =>
    candidate.path.every((step, index) => inDocument[index] === step),
  );
  return atWord(origin?.word ?? request.first, origin && inDocument.at(-1) === 'name' ? offset : 0);
}

function notice(rule: string, message: string): Notice {
  return { severity: 'info', rule, message };
}
