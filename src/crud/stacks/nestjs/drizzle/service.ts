import { TableplanError } from '../../../../errors.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../../domain.ts';
import { drizzleRows } from '../../../drizzle-rows.ts';
import { runtimeCasing } from '../../../find-database.ts';
import type { NamedImport } from '../guards.ts';
import { importLines } from '../import-lines.ts';
import { emitsMetadata } from '../injection.ts';
import type { DtoSetting } from '../standard/dtos.ts';
import type { StandardOrm } from '../standard/orm.ts';
import { namedOf, pgliteAppView } from '../views.ts';
import { type DatabaseProvider, databaseProvider } from './provider.ts';

type View = Readonly<Record<string, unknown>>;

/** The service on Drizzle, with the database as the project's modules provide it. */
export const drizzleService: StandardOrm = {
  rowType: ({ table }, key) => `(typeof ${table.variable}.$inferInsert)['${key}']`,
  answer: ({ names }) => ({
    name: names.singular.pascal,
    binding: `type { ${names.singular.pascal} }`,
    from: 'service',
  }),
  of(setting) {
    const { domain, project } = setting;
    refuseForms(domain);
    const provider = databaseProvider(domain, project);
    const { lines, targets } = databaseImports(provider);
    const parameter = parameterOf(provider, project);
    const module = importLines(provider.module === undefined ? [] : [provider.module], 'database-module');
    return {
      view: {
        ...rowsOf(setting),
        databaseParameter: parameter,
        databaseImports: lines,
        needsDatabaseType: provider.type === undefined,
        injectsByToken: parameter.startsWith('@Inject('),
        db: `this.${provider.name}${provider.member === undefined ? '' : `.${provider.member}`}`,
        databaseModuleImports: module.lines,
      },
      targets: { ...targets, ...module.targets },
      entries: provider.module === undefined ? [] : [provider.module.name],
      needs: [{ name: 'drizzle-orm', isDev: false }],
      shared: provider.type === undefined ? [{ id: 'database', path: 'database.ts' }] : [],
    };
  },
  test({ domain, project }, shared) {
    const provider = databaseProvider(domain, project);
    const { view, targets } = pgliteAppView(project, shared);
    const token = importLines(provider.tokenImports, 'token');
    const module = importLines(provider.module === undefined ? [] : [provider.module], 'database-module');
    return {
      targets: { ...targets, ...token.targets, ...module.targets },
      view: {
        ...view,
        tokenImports: [...token.lines, ...module.lines],
        token: provider.token,
        provided: provider.member === undefined ? 'db' : `{ ${provider.member}: db }`,
        replaced: provider.module?.name ?? '',
        casing: runtimeCasing(project) ?? '',
      },
    };
  },
};

/** The token is a value; what only the type of the parameter names is imported as a type. */
function databaseImports({ tokenImports, typeImports }: DatabaseProvider) {
  const isNamespace = ({ name }: NamedImport): boolean => name.startsWith('* as ');
  const types = importLines(
    typeImports.filter((each) => !isNamespace(each)),
    'database-type',
  );
  const namespaces = importLines(typeImports.filter(isNamespace), 'database-schema');
  const tokens = importLines(tokenImports, 'database-token');
  return {
    lines: [
      ...tokens.lines.map((line) => ({ ...line, binding: `{ ${line.names} }` })),
      ...types.lines.map((line) => ({ ...line, binding: `type { ${line.names} }` })),
      ...namespaces.lines.map((line) => ({ ...line, binding: `type ${line.names}` })),
    ],
    targets: { ...tokens.targets, ...types.targets, ...namespaces.targets },
  };
}

function parameterOf({ token, member, type, name: called }: DatabaseProvider, project: CrudProject): string {
  const isByType = member !== undefined && emitsMetadata(project);
  const name = `private readonly ${called}: ${type ?? 'Database'}`;
  return isByType ? name : `@Inject(${token}) ${name}`;
}

/** What a client sends in JSON has to be what Drizzle takes: columns in other modes are not written for. */
function refuseForms({ readable, creatable, table }: CrudDomain): void {
  const isUnfit = ({ kind, rowType }: CrudField): boolean =>
    /^bigint\b/.test(rowType) ||
    (kind === 'timestamp' && !/^Date\b/.test(rowType)) ||
    (kind === 'date' && !/^string\b/.test(rowType));
  const field = [...creatable, ...readable].find(isUnfit);
  if (field === undefined) return;
  const mode =
    field.kind === 'bigint'
      ? "{ mode: 'number' }"
      : field.kind === 'date'
        ? "{ mode: 'string' }"
        : "{ mode: 'date' }";
  throw new TableplanError(
    'crud-not-possible',
    `${table.variable}.${field.key} is ${field.rowType} in Drizzle, which the nestjs-drizzle stack does not write code for.`,
    {
      hint: `Declare the column with ${mode}, or write the code of this table by hand.`,
      at: { file: table.path },
    },
  );
}

/** Names that the service has for something else. */
const TAKEN = new Set(
  'and asc count desc eq ilike or isNull sql rows row values query page limit search sortBy sortOrder where direction changes like total counted id pattern'.split(
    ' ',
  ),
);

function rowsOf({ domain }: DtoSetting): View {
  const { names, list, id, table } = domain;
  const local = TAKEN.has(table.variable) ? `${table.variable}Table` : table.variable;
  const member = (key: string): string => `${local}.${key}`;
  const rows = drizzleRows(domain, member);
  const hidden = domain.fields.filter((field) => !domain.readable.includes(field));
  const hasSearch = list.search.length > 0;
  const conditions = [
    ...(rows.alive === undefined ? [] : [rows.alive]),
    ...(hasSearch ? ['search ? matching(search) : undefined'] : []),
    ...list.filter.map(
      ({ key }) => `query.${key} === undefined ? undefined : eq(${member(key)}, query.${key})`,
    ),
  ];
  const newId = domain.idSource === 'application' ? `, ${id.key}: randomUUID()` : '';
  const hasColumns = hidden.length > 0;
  return {
    table: local,
    tableBinding: local === table.variable ? local : `${table.variable} as ${local}`,
    columns: hasColumns ? domain.readable.map(({ key }) => ({ key, code: member(key) })) : [],
    rowType: hasColumns
      ? `Pick<typeof ${local}.$inferSelect, keyof typeof COLUMNS>`
      : `typeof ${local}.$inferSelect`,
    idType: /^number\b/.test(id.rowType) ? 'number' : 'string',
    makesId: domain.idSource === 'application',
    named: namedOf(domain),
    byId: rows.byId,
    removal: rows.deleted === undefined ? `delete(${local})` : `update(${local}).set(${rows.deleted})`,
    newValues: newId === '' ? 'values' : `{ ...values${newId} }`,
    updateValues: rows.changed.length === 0 ? 'changes' : `{ ...changes, ${rows.changed.join(', ')} }`,
    where: conditions.length === 0 ? '' : `and(${conditions.join(', ')})`,
    search: list.search.map(({ key }) => member(key)),
    defaultSort: list.defaultSort,
    defaultOrder: list.defaultSort.order === 'asc' ? `'asc'` : `query.sortBy === undefined ? 'desc' : 'asc'`,
    sortsById: [...list.sort, list.defaultSort.field].every(({ key }) => key === id.key),
    relations: [],
    drizzleImports: [
      ...new Set([
        'asc',
        'count',
        'desc',
        ...rows.uses,
        ...(conditions.length > 0 ? ['and'] : []),
        ...(hasSearch ? ['ilike', 'or'] : []),
      ]),
    ]
      .toSorted()
      .join(', '),
    rowVariable: names.singular.camel,
  };
}
