import { relative } from 'node:path';
import { runtimeCasing } from '../../find-database.ts';
import { propertyKey, stringLiteral } from '../../../schema/literals.ts';
import { migrationExtensions } from '../../migration-extensions.ts';
import { runnerView, samplesView, testView } from '../../test-view.ts';
import { bodySchema, literals, responseSchema, textSchema } from '../../validation/typebox.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';
import { adapterView } from './adapter-view.ts';
import { fromBody, fromQuery, member, readersIn, toJson } from './conversions.ts';
import { type EntityField, entityFields, typeDeclarations, valueLists } from './entity.ts';
import { errorsView, type ProjectErrors } from './project-errors.ts';
import type { Layout } from './layout.ts';
import type { ElysiaNames } from './names.ts';
import { domainWords, tableName } from './names.ts';
import type { RouteConventions } from './route-conventions.ts';
import type { DatabaseService, FoundImport, Injected } from './services.ts';
import type { Token } from './tokens.ts';

export interface ViewInput {
  readonly layout: Layout;
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly names: ElysiaNames;
  readonly token: Token;
  readonly conventions: RouteConventions;
  readonly database: DatabaseService;
  readonly logger: Injected | undefined;
  /** Those that the project has, and answers itself. */
  readonly errors: ProjectErrors | undefined;
}

type View = Readonly<Record<string, unknown>>;

/** What the templates see besides the domain. */
export function elysiaView(input: ViewInput): View {
  const { domain, project, layout, names, token, conventions, database, logger } = input;
  const fields = entityFields(domain);
  const samples = samplesView(domain);
  const errors = errorsView(input.errors);
  const table = tableName(domain);
  return {
    n: names,
    words: domainWords(domain),
    table,
    tableImport: table === domain.table.variable ? table : `${domain.table.variable} as ${table}`,
    token: token.code,
    tokenImports: token.imports.map(({ name }) => ({ clause: `{ ${name} }`, id: 'token', module: '' })),
    db: databaseView(database),
    logger: logger && injectedView(logger),
    app: { method: conventions.method, type: conventions.appType, isOther: conventions.appType !== 'Elysia' },
    list: { hasSearch: domain.list.search.length > 0 },
    entity: {
      lists: valueLists(fields),
      types: typeDeclarations(fields),
      fields: fields.map(({ field: { key }, type }) => ({
        key: propertyKey(key, "'"),
        type,
        own: member('this', key),
        given: member('values', key),
      })),
    },
    port: { ...portView(domain, fields), isInterface: layout.isPortInterface },
    adapter: adapterView(domain, fields, names),
    dto: dtoView(domain, names),
    mapper: mapperView(domain, names),
    path: conventions.path,
    idOf: `\${${member(names.one, domain.id.key)}}`,
    ...testView(project),
    runner: runnerView(project),
    samples,
    errors,
    usesDatabase: database.isImported === true || samples.parents.length > 0,
    // The project's own errors have a message alone.
    usesFields: !errors.isOwn && [samples['unique'], samples['invalid'], samples['foreign']].some(Boolean),
    migrationsFolder: relative(project.root, project.migrations).replaceAll('\\', '/'),
    casing: runtimeCasing(project),
    extensions: migrationExtensions(project),
  };
}

/** How the repository has its database. A parameter cannot have the name of the constant whose type it is of. */
function databaseView(database: DatabaseService): View {
  const name = /\btypeof db\b/.test(database.type) ? 'database' : 'db';
  return {
    ...injectedView(database),
    isImported: database.isImported ?? false,
    name,
    use: `this.${name}${database.access}`,
    test: wrapped(database.access),
  };
}

/** The files that templates import for what is injected, by the names that the views give them. */
export function serviceTargets(
  services: readonly (Injected | undefined)[],
): Readonly<Record<string, string>> {
  const imports = services.flatMap((service) => [
    ...(service?.tokenImports ?? []),
    ...(service?.typeImports ?? []),
  ]);
  return Object.fromEntries(
    imports.flatMap(({ path }) => (path === undefined ? [] : [[targetId(path), path]])),
  );
}

function injectedView({ token, type, tokenImports, typeImports }: Injected): View {
  return {
    token,
    type,
    tokenImports: tokenImports.map(importView),
    typeImports: typeImports.map(importView),
  };
}

function importView({ clause, module, path }: FoundImport): View {
  return { clause, module, id: path === undefined ? '' : targetId(path) };
}

function targetId(path: string): string {
  return `file ${path}`;
}

/** The test's database in the place of the project's: `{ connection: db }` for what is asked for as `.connection`. */
function wrapped(access: string): string {
  return access
    .split('.')
    .slice(1)
    .reduceRight((inner, name) => `{ ${name}: ${inner} }`, 'db');
}

function portView({ creatable, updatable, list }: CrudDomain, fields: readonly EntityField[]): View {
  const typed = (field: CrudField): EntityField => fields.find((each) => each.field === field)!;
  const asked = [...creatable, ...updatable, ...list.filter].map(typed);
  const optional = (field: CrudField, isRequired: boolean): string => {
    const type = typed(field).plainType;
    return isRequired || type === 'unknown' ? type : `${type} | undefined`;
  };
  return {
    types: [
      ...new Set(asked.flatMap(({ valuesName, typeName }) => (valuesName === undefined ? [] : [typeName]))),
    ],
    create: creatable.map((field) => ({
      key: propertyKey(field.key, "'"),
      question: field.isRequired ? '' : '?',
      type: optional(field, field.isRequired),
    })),
    update: updatable.map((field) => ({ key: propertyKey(field.key, "'"), type: optional(field, false) })),
    sort: list.sort.map(({ key }) => stringLiteral(key, "'")).join(' | '),
    filter:
      list.filter.length > 0 &&
      list.filter.map((field) => ({
        key: propertyKey(field.key, "'"),
        type: typed(field).plainType.replace(/ \| null$/, ''),
      })),
  };
}

function dtoView({ creatable, updatable, readable, list, id }: CrudDomain, names: ElysiaNames): View {
  const fixed = creatable.filter((field) => !updatable.includes(field));
  const keys = fixed.map(({ key }) => stringLiteral(key, "'")).join(', ');
  const code = [...creatable.map(bodySchema), ...[id, ...list.filter].map(textSchema)].join('\n');
  return {
    usesText: list.search.length > 0 || /(?<![\w.])text\(/.test(code),
    id: textSchema(id),
    create: creatable.map((field) => ({ key: propertyKey(field.key, "'"), schema: bodySchema(field) })),
    updateBase: fixed.length === 0 ? names.createBody : `t.Omit(${names.createBody}, [${keys}])`,
    filter: list.filter.map((field) => ({ key: propertyKey(field.key, "'"), schema: textSchema(field) })),
    sort: list.sort.length > 0 && literals(list.sort.map(({ key }) => key)),
    response: readable.map((field) => ({ key: propertyKey(field.key, "'"), schema: responseSchema(field) })),
  };
}

function mapperView({ creatable, updatable, readable, list, id }: CrudDomain, { one }: ElysiaNames): View {
  const member = (field: CrudField, value: string) => ({ key: propertyKey(field.key, "'"), value });
  const create = creatable.map((field) => member(field, fromBody(field)));
  const update = updatable.map((field) => member(field, fromBody(field)));
  const filter = list.filter.map((field) => member(field, fromQuery(field)));
  const idCode = fromQuery({ ...id, key: 'id' }, 'params').replaceAll('params.id', 'text');
  const code = [...create, ...update, ...filter].map(({ value }) => value);
  return {
    id: idCode,
    create,
    update,
    filter,
    response: readable.map((field) => member(field, toJson(field, one))),
    readers: readersIn([...code, idCode, 'toInteger(']).join(', '),
  };
}
