import { fitsCase, fitsNaming, inCaseOf } from './name-case.ts';
import { readColumns, refuseRest } from './build.ts';
import { enumsNamed } from './enum-values.ts';
import { missing, type Pattern, type Request, type Understood } from './request.ts';
import { needTable, tableNamed } from './tables.ts';

const CREATE = ['create', 'new'];
const DROP = ['drop', 'remove', 'delete'];

/** `CreateTeamSharesTable`, `CreateTeamShares`: a new table with the columns that follow. */
export const createTable: Pattern = (request) => {
  const [verb = '', ...named] = request.tokens;
  if (!CREATE.includes(verb) || named.length === 0) return undefined;
  const explicit = named.length > 1 && named.at(-1) === 'table';
  const name = (explicit ? named.slice(0, -1) : named).join('_');
  const fitting = explicit ? name : fitsNaming(name, request.context);
  const understood = newTable(request, fitsCase(fitting, request.context));
  const notices =
    fitting === name
      ? []
      : [
          {
            severity: 'info',
            rule: 'words-table-number',
            message: `the table is called ${fitting}, as tables are here`,
          } as const,
        ];
  return { ...understood, notices };
};

/** A new table of this name with the columns that follow. Throws `answer-needed` when none do. */
export function newTable(request: Request, name: string): Understood {
  if (request.rest.length === 0) {
    throw missing(request, 'fields', `No columns given for ${name}`, [
      request.first.text,
      "'id:uuid=gen_random_uuid():pk'",
      "'name:text!'",
    ]);
  }
  const { fields, indexes, originsAt } = readColumns(request);
  return {
    document: {
      migration_type: 'new_table',
      table_name: name,
      fields,
      ...(indexes.length > 0 ? { indexes } : {}),
    },
    origins: originsAt(['fields']),
    notices: [],
  };
}

/** `CreateOrderStatusEnum pending paid`. */
export const createEnum: Pattern = (request) => {
  const { tokens, rest } = request;
  if (!CREATE.includes(tokens[0] ?? '') || tokens.length < 3 || tokens.at(-1) !== 'enum') return undefined;
  const name = inCaseOf(
    tokens.slice(1, -1).join('_'),
    (request.context.enums ?? []).map((each) => each.name),
  );
  if (rest.length === 0)
    throw missing(request, 'values', `No values given for ${name}`, [request.first.text, 'first', 'second']);
  return {
    document: { migration_type: 'new_enum', enum_name: name, values: rest.map((word) => word.text) },
    origins: rest.map((word, index) => ({ path: ['values', index], word })),
    notices: [],
  };
};

/** `DropOrderStatusEnum`. */
export const dropEnum: Pattern = (request) => {
  const { tokens } = request;
  if (!DROP.includes(tokens[0] ?? '') || tokens.length < 3 || tokens.at(-1) !== 'enum') return undefined;
  refuseRest(request);
  const named = tokens.slice(1, -1);
  const [only, ...others] = enumsNamed([named], request.context.enums ?? []);
  const { schema, name } =
    only !== undefined && others.length === 0 ? only : { schema: 'public', name: named.join('_') };
  return {
    document: {
      migration_type: 'drop_enum',
      ...(schema === 'public' ? {} : { schema }),
      enum_name: name,
    },
    origins: [],
    notices: [],
  };
};

/** `DropProductsTable`; `DropProducts` where there is such a table. */
export const dropTable: Pattern = (request) => {
  const [verb = '', ...named] = request.tokens;
  if (!DROP.includes(verb) || named.length === 0 || request.rest.length > 0) return undefined;
  const explicit = named.length > 1 && named.at(-1) === 'table';
  const table = explicit ? needTable(named.slice(0, -1), request) : tableNamed(named, request);
  if (table === undefined) return undefined;
  const schema = table.schema === 'public' ? {} : { schema: table.schema };
  return {
    document: { migration_type: 'drop_table', ...schema, table_name: table.name },
    origins: [],
    notices: [],
  };
};

/** `RenameTableProductsToItems`; `RenameProductsToItems` where there is such a table. */
export const renameTable: Pattern = (request) => {
  const [verb, ...named] = request.tokens;
  const explicit = named[0] === 'table';
  const names = explicit ? named.slice(1) : named;
  const cuts = names.flatMap((token, index) =>
    token === 'to' && index > 0 && index < names.length - 1 ? [index] : [],
  );
  if (verb !== 'rename' || cuts.length === 0) return undefined;
  const cut = cuts.find((at) => tableNamed(names.slice(0, at), request));
  if (cut === undefined && !explicit) return undefined;
  const at = cut ?? cuts[0] ?? 0;
  refuseRest(request);
  const table = needTable(names.slice(0, at), request);
  const schema = table.schema === 'public' ? {} : { schema: table.schema };
  return {
    document: {
      migration_type: 'rename_table',
      ...schema,
      table_name: table.name,
      new_name: fitsCase(names.slice(at + 1).join('_'), request.context),
    },
    origins: [],
    notices: [],
  };
};
