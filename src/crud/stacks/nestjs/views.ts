import { posix } from 'node:path';
import { toSnakeCase } from '../../../plan/migration-name.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';
import { saysShould } from '../../test-titles.ts';
import { migrationExtensions, type TestExtension } from '../../migration-extensions.ts';
import { applicationSetup } from './application.ts';
import { sharedOptions } from './data-source.ts';
import { isGivenAlways } from './dto-inputs.ts';
import { choiceOf, givenFields, presentFields, recordBinding, recordName, valueType } from './fields.ts';
import { guardNeeds } from './guard-needs.ts';
import type { GuardUse } from './guards.ts';
import { importLines } from './import-lines.ts';
import { mappings } from './mapping.ts';
import type { RelationKey } from './relations.ts';
import { routeOf } from './routes.ts';
import { sampleCode } from './samples.ts';
import { testImports } from './test-runner.ts';

type View = Readonly<Record<string, unknown>>;

interface DomainViewInput {
  readonly project: CrudProject;
  readonly relations: readonly RelationKey[];
}

/** What the templates of a domain see. */
export function domainView(domain: CrudDomain, { project, relations }: DomainViewInput): View {
  const { names, list, id, touched } = domain;
  const route = routeOf(names.plural.kebab, project);
  const sortFields = [...new Set([...list.sort, list.defaultSort.field].map(({ key }) => key))];
  const withSamples = (views: readonly { readonly key: string }[], fields: readonly CrudField[]) =>
    views.map((view, index) => ({ ...view, sample: sampleCode(fields[index]!, 1) }));
  return {
    Entity: names.singular.pascal,
    Entities: names.plural.pascal,
    entity: names.singular.camel,
    entities: names.plural.camel,
    sample: `sample${names.singular.pascal}`,
    words: wordsOf(domain),
    route: route.path,
    routeArgument: route.argument,
    idKey: id.key,
    idType: valueType(domain, id),
    makesId: domain.idSource === 'application',
    choices: domain.fields.flatMap((field) => choiceOf(domain, field) ?? []),
    entityTypes: [
      names.singular.pascal,
      ...domain.readable.flatMap((field) => choiceOf(domain, field)?.type ?? []),
    ].join(', '),
    fields: withSamples(presentFields(domain, domain.readable), domain.readable),
    creatable: withSamples(
      givenFields(domain, domain.creatable, (field) => isGivenAlways(domain, field)),
      domain.creatable,
    ),
    relations,
    relationNames: JSON.stringify(relations.map(({ property }) => property)),
    read: mappings(domain, domain.readable, relations),
    written: mappings(domain, domain.updatable, relations),
    updatable: givenFields(domain, domain.updatable, () => false),
    SORT_FIELDS: `${toSnakeCase(names.singular.snake).toUpperCase()}_SORT_FIELDS`,
    sortFields: JSON.stringify(sortFields),
    defaultSort: list.defaultSort,
    maxLimit: list.maxLimit,
    defaultLimit: list.defaultLimit,
    isSearchable: list.search.length > 0,
    searchWords: list.search.map(({ key }) => key).join(' or '),
    search: list.search.map(({ key }) => ({ condition: JSON.stringify(`row.${key} ILIKE :search`) })),
    filterTypes: [...new Set(list.filter.flatMap((field) => choiceOf(domain, field)?.type ?? []))]
      .map((type) => `${type}, `)
      .join(''),
    filters: list.filter.map((field) => ({
      key: field.key,
      type: valueType(domain, field),
      condition: JSON.stringify(`${comparable(field, relations)} = :${field.key}`),
    })),
    named: namedOf(domain),
    Adapter: `Typeorm${names.singular.pascal}Repository`,
    Record: recordName(domain),
    recordBinding: recordBinding(domain),
    newValues: newValuesOf(domain),
    updateValues: touched === undefined ? 'values' : `{ ...values, ${touched.key}: () => 'now()' }`,
    ...rowsView(domain),
    sortsById: sortFields.includes(id.key),
    defaultOrder: list.defaultSort.order === 'asc' ? `'asc'` : `query.sortBy === undefined ? 'desc' : 'asc'`,
    ...testView(domain, { project, relations }),
  };
}

/** How single records are found and deleted: those that are marked as deleted are not there. */
export function rowsView({ id, deletion, touched }: CrudDomain): View {
  const key = id.key === 'id' ? 'id' : `${id.key}: id`;
  if (deletion === undefined)
    return { byId: `{ ${key} }`, removal: `delete({ ${key} })`, alive: '', usesIsNull: false };
  const { field, mark, isByOrm } = deletion;
  const byId = `{ ${key}, ${field.key}: ${mark === 'time' ? 'IsNull()' : 'false'} }`;
  const marked = [
    `${field.key}: ${mark === 'time' ? "() => 'now()'" : 'true'}`,
    ...(touched === undefined ? [] : [`${touched.key}: () => 'now()'`]),
  ];
  return {
    byId,
    removal: isByOrm ? `softDelete(${byId})` : `update(${byId}, { ${marked.join(', ')} })`,
    // Query builders of TypeORM leave out what it has marked itself.
    alive: isByOrm ? '' : `row.${field.key} ${mark === 'time' ? 'IS NULL' : '= false'}`,
    usesIsNull: mark === 'time',
  };
}

/** The values of a new record: the key too, where Postgres does not make it. */
function newValuesOf({ id, idSource }: CrudDomain): string {
  switch (idSource) {
    case 'default':
      return 'toRecord(values)';
    case 'application':
      return `{ ...toRecord(values), ${id.key}: randomUUID() }`;
    case 'client':
      return `{ ...toRecord(values), ${id.key}: values.${id.key} }`;
  }
}

export function wordsOf({ names }: CrudDomain) {
  const one = names.singular.words;
  return { one, many: names.plural.words, aOne: `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}` };
}

/** Postgres keeps microseconds, of which a Date and JSON know nothing. */
function comparable({ key, kind }: CrudField, relations: readonly RelationKey[]): string {
  const property = relations.find((each) => each.key === key)?.property ?? key;
  return kind === 'timestamp' ? `date_trunc('milliseconds', row.${property})` : `row.${property}`;
}

/** Constraints by the name that Postgres gives in its errors, with the fields that they are about. */
export function namedOf({ uniques, references, checks }: CrudDomain) {
  return [...uniques, ...references, ...checks]
    .filter(({ fields }) => fields.length > 0)
    .map(({ name, fields }) => ({
      name: JSON.stringify(name),
      fields: JSON.stringify(fields.map(({ key }) => key)),
    }));
}

function testView(domain: CrudDomain, { project, relations }: DomainViewInput): View {
  const { names, readable, id, idSource } = domain;
  const updatable = domain.updatable.filter(({ key }) => !relations.some((each) => each.key === key));
  const sample = `sample${names.singular.pascal}`;
  const isRead = ({ key }: CrudField): boolean => readable.some((each) => each.key === key);
  const changed = updatable.find((field) => isRead(field));
  const nullable = updatable.find(({ isNullable, key }) => isNullable && key !== changed?.key);
  const set = nullable === undefined ? changed : nullable;
  const unset = updatable.find(({ key }) => key !== set?.key);
  const setText = set === undefined ? '' : `${set.key}: ${set === nullable ? 'null' : sampleCode(set, 2)}`;
  const added = `new${names.singular.pascal}`;
  return {
    isNodeTest: project.testRunner === 'node',
    saysShould: saysShould(project),
    unitImports: testImports(project, ['describe', 'it']),
    httpImports: testImports(project, ['afterAll', 'afterEach', 'beforeAll', 'describe', 'it']),
    hookTimeout: project.testRunner === 'node' ? '' : ', 60_000',
    texts: {
      kept: `await ${names.plural.camel}.findById(created.${id.key})`,
      gone: `await ${names.plural.camel}.findById(${sample}.${id.key})`,
      execute: `useCase.execute(${sample}.${id.key})`,
      update: `useCase.execute(${sample}.${id.key}, {})`,
      notFound: `${names.singular.pascal}NotFoundError`,
      changes: changed === undefined ? '{}' : `{ ${changed.key}: ${sampleCode(changed, 2)} }`,
      changed: changed === undefined ? 'changed' : `changed.${changed.key}`,
      changedTo: changed === undefined ? sample : sampleCode(changed, 2),
      written:
        idSource === 'client'
          ? `{ ...toRecord(${added}), ${id.key}: ${added}.${id.key} }`
          : `toRecord(${added})`,
      newSample:
        relations.length === 0
          ? added
          : `{ ...rest, ${relations.map(({ key, property, target }) => `${property}: { ${target}: ${key} }`).join(', ')} }`,
      mapped: `toRecord({ ${[...(unset === undefined ? [] : [`${unset.key}: undefined`]), setText].join(', ')} })`,
      mappedTo: `{ ${setText} }`,
    },
  };
}

const NEST_IMPORTS = [
  'Body',
  'Controller',
  'Delete',
  'Get',
  'HttpCode',
  'HttpStatus',
  'Inject',
  'Param',
  'Patch',
  'Post',
  'Query',
  'UseInterceptors',
];

/** What the templates of the controller, its module and its test see of guards, and the files that they import from. */
export function guardView(
  use: GuardUse,
  project: CrudProject,
): {
  readonly view: View & { readonly guardEntries: readonly string[] };
  readonly targets: Readonly<Record<string, string>>;
} {
  const { lines, targets } = importLines(use.imports, 'guard');
  const needs = guardNeeds(use, project);
  const needed = importLines(needs.imports, 'guard-needs');
  const modules = importLines(needs.modules, 'guard-module');
  const view = (names: (name: string) => boolean) =>
    lines
      .map((each) => ({ ...each, names: each.names.split(', ').filter(names).join(', ') }))
      .filter((each) => each.names !== '');
  const isInDecorators = (name: string): boolean =>
    use.decorators.some((decorator) => new RegExp(`\\b${name}\\b`).test(decorator));
  const isInGuards = (name: string): boolean => use.guards.some((guard) => guard.includes(name));
  return {
    view: {
      guardDecorators: use.decorators,
      guardImports: view(isInDecorators),
      testGuardImports: [...view(isInGuards), ...modules.lines],
      guards: use.guards.join(', '),
      guardNeedsImports: needed.lines,
      guardEntries: needs.entries,
      guardProviders: needs.providers,
      guardModules: needs.modules.map(({ name }) => name).join(', '),
      nestImports: [...NEST_IMPORTS, ...(use.guards.length > 0 ? ['UseGuards'] : [])].toSorted().join(', '),
    },
    targets: { ...targets, ...needed.targets, ...modules.targets },
  };
}

/** Whether bodies with fields that nobody knows are refused, as elsewhere in the project; else these are left out. */
export function validatedView({ sources }: CrudProject): View {
  return {
    refusesUnknown: [...sources.values()].some((text) => /\bforbidNonWhitelisted:\s*true\b/.test(text)),
  };
}

/** What the template of the test application sees, and the files that it imports from. */
export function pgliteAppView(
  project: CrudProject,
  shared: string,
): { readonly view: View; readonly targets: Readonly<Record<string, string>> } {
  const { isEsm, packages, testRunner, migrations } = project;
  const folder = posix.relative(posix.join(shared, 'testing'), migrations);
  const extensions = extensionsOf(project);
  const isJestRequire = testRunner === 'jest' && !isEsm;
  const keys = extensions.map(({ key }) => key).join(', ');
  const pgliteOptions = keys === '' ? '' : `{ extensions: { ${keys} } }`;
  const setup = applicationSetup(project);
  const options = sharedOptions(project);
  const { lines, targets } = importLines([...setup.imports, ...options.imports], 'setup');
  return {
    targets,
    view: {
      urlImports: isEsm ? 'fileURLToPath, pathToFileURL' : 'pathToFileURL',
      isJestRequire,
      importsJest: isJestRequire && !packages.has('@types/jest'),
      isFastify: packages.has('@nestjs/platform-fastify') && !packages.has('@nestjs/platform-express'),
      setupImports: lines,
      setup: setup.statements,
      options: options.members,
      migrationsFolder: isEsm
        ? `fileURLToPath(new URL('${folder}', import.meta.url))`
        : `join(__dirname, '${folder}')`,
      loadMigration: isJestRequire
        ? 'jest.requireActual(join(MIGRATIONS, name))'
        : 'await import(pathToFileURL(join(MIGRATIONS, name)).href)',
      extensions,
      pgliteOptions,
      createPglite: isJestRequire ? 'createPglite()' : `PGlite.create(${pgliteOptions})`,
    },
  };
}

/** Those that migrations make, and the one that TypeORM makes itself for uuid_generate_v4(). */
function extensionsOf(project: CrudProject): readonly TestExtension[] {
  const made = migrationExtensions(project);
  const uuid = { key: 'uuid_ossp', module: '@electric-sql/pglite/contrib/uuid_ossp' };
  const isImplied = [...project.sources].some(
    ([path, text]) => path.startsWith(`${project.migrations}/`) && text.includes('uuid_generate_v4'),
  );
  return isImplied && !made.some(({ key }) => key === uuid.key) ? [...made, uuid] : made;
}
