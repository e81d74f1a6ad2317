import { join } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import { baseOf } from '../../../schema/path-template.ts';
import { directoryOf } from '../../../schema/specifier.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain, DomainNames } from '../../domain.ts';
import { isTest } from '../../find-database.ts';
import type { PackageNeed, StackFile, StackPlan } from '../../stack.ts';
import { testSamples } from '../../test-samples.ts';
import { routesAccess } from './access.ts';
import { controllerViews } from './controllers.ts';
import { documentView } from './documents.ts';
import { errorTargets, findProjectErrors } from './project-errors.ts';
import { type Layout, layoutOf } from './layout.ts';
import { elysiaNames } from './names.ts';
import { OPERATIONS } from './neighbours.ts';
import { routeConventions } from './route-conventions.ts';
import {
  type DatabaseService,
  findDatabaseService,
  findLoggerService,
  importedDatabase,
  registeredDatabase,
} from './services.ts';
import { findTargets, type WiringTargets } from './targets.ts';
import { repositoryToken } from './tokens.ts';
import { elysiaView, serviceTargets } from './view.ts';
import { readmeEdits } from './readme.ts';
import { wiringOf } from './wiring.ts';

/** The clean architecture: Drizzle behind a port, use cases and controllers from a tsyringe container, TypeBox. */
export function containerPlan(domain: CrudDomain, project: CrudProject): StackPlan {
  refuseModules(project);
  const targets = findTargets(project);
  const source = sourceFolder(project, targets);
  const layout = layoutOf(domain.names, project, source);
  const database = databaseOf(project, targets, layout);
  const logger = findLoggerService(project);
  const errors = findProjectErrors(project);
  const token = repositoryToken(domain.names, layout, project, targets);
  const names = elysiaNames(domain, layout);
  const conventions = routeConventions(domain.names, layout.neighbours, project);
  const view = elysiaView({ layout, domain, project, names, token, conventions, database, logger, errors });
  const access = routesAccess({ domain, project, layout, path: targets.routes });
  const [tokenImport] = token.imports;
  return {
    files: filesOf({
      domain,
      project,
      layout,
      targets,
      source,
      controllers: controllerViews(domain, names, { conventions, errors }),
    }),
    wiring: [
      ...wiringOf({ domain, project, layout, targets, token, access }),
      ...readmeEdits(domain, project, conventions.path),
    ],
    needs: needs(project),
    notices: [access.notice],
    targets: {
      ...serviceTargets([database, logger]),
      ...errorTargets(errors),
      ...(tokenImport === undefined ? {} : { token: tokenImport.path }),
      ...Object.fromEntries(domain.parents.map(({ table }) => [`parent ${table.variable}`, table.path])),
    },
    view: { ...view, document: documentView(domain, conventions, access) },
  };
}

/** Modules that bring their own tokens and registrations are another architecture. */
function refuseModules({ sources, root }: CrudProject): void {
  const definition = [...sources.keys()].find((path) =>
    /\/modules\/[^/]+\/module[-.](definition|tokens)\.[cm]?ts$/.test(path),
  );
  if (definition === undefined) return;
  throw new TableplanError(
    'crud-not-possible',
    `The project keeps its domains in modules of their own (${definition.slice(root.length + 1)}); the elysia stack writes the layered layout (src/core, src/external, src/adapters).`,
    {
      hint: 'Nothing was written. `tableplan migration` makes the table; or keep a stack of your own in tableplan/crud/.',
    },
  );
}

function databaseOf(project: CrudProject, targets: WiringTargets, { neighbours }: Layout): DatabaseService {
  const found =
    findDatabaseService(project) ??
    registeredDatabase(project, targets) ??
    importedDatabase(project, neighbours);
  if (found !== undefined) return found;
  throw new TableplanError(
    'crud-not-possible',
    'The Drizzle database is neither registered in the container, nor injected into a class, nor imported by a repository, so none can ask for it.',
    {
      hint: 'Register it: container.register(TOKENS.Database, { useValue: database }).',
    },
  );
}

/** `src`, as the files show it that everything is wired in. */
function sourceFolder({ root, sources }: CrudProject, { tokens, container, routes }: WiringTargets): string {
  const known = [tokens, container, routes].flatMap(
    (path) => /^(.*)\/(?:core|external|adapters)\//.exec(path ?? '')?.[1] ?? [],
  );
  const hasSource = [...sources.keys()].some((path) => path.startsWith(`${root}/src/`));
  return known[0] ?? (hasSource ? join(root, 'src') : root);
}

interface Files {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  readonly targets: WiringTargets;
  readonly source: string;
  readonly controllers: ReturnType<typeof controllerViews>;
}

function filesOf({ domain, project, layout, targets, source, controllers }: Files): readonly StackFile[] {
  const { paths } = layout;
  const { names } = domain;
  const core = targets.tokens === undefined ? join(source, 'core/shared') : directoryOf(targets.tokens);
  const drizzle = above(directoryOf(paths.adapter), names);
  const adapters = join(above(directoryOf(paths.createController), names), 'shared');
  const shared = (id: string, folder: string, file: string): StackFile => ({
    id,
    template: `${file}.hbs`,
    path: join(folder, file),
    isShared: true,
  });
  return [
    shared('domainErrors', core, 'domain-errors.ts'),
    shared('page', core, 'page.ts'),
    shared('databaseError', drizzle, 'database-error.ts'),
    ...(domain.list.search.length > 0 ? [shared('containsText', drizzle, 'contains-text.ts')] : []),
    shared('httpError', adapters, 'http-error.ts'),
    shared('schemas', adapters, 'schemas.ts'),
    shared('values', adapters, 'values.ts'),
    own('entity', 'entity.ts', paths.entity),
    own('port', 'port.ts', paths.port),
    ...OPERATIONS.map((operation) =>
      own(`${operation}UseCase`, `${FILE[operation]}.usecase.ts`, paths[`${operation}UseCase`]),
    ),
    own('adapter', 'adapter.ts', paths.adapter),
    own('dto', 'dto.ts', paths.dto),
    own('mapper', 'mapper.ts', mapperPath(paths.dto)),
    ...OPERATIONS.map((operation) => ({
      id: `${operation}Controller`,
      template: 'controller.ts.hbs',
      path: paths[`${operation}Controller`],
      view: { controller: controllers.get(operation) },
    })),
    own('http', 'requests.http', join(directoryOf(paths.createController), `${names.singular.kebab}.http`)),
    {
      ...own('readme', 'README.md', join(project.root, `docs/modules/${names.plural.kebab}-README.md`)),
      // People and `tableplan docs` write on in it.
      isShared: true,
    },
    ...(testSamples(domain).missing.length > 0
      ? []
      : [
          shared('testDatabase', drizzle, 'test-database.ts'),
          shared('testClient', adapters, 'test-client.ts'),
          own(
            'httpTest',
            'http.spec.ts',
            join(directoryOf(paths.createController), `${names.plural.kebab}.http.${testSuffix(project)}.ts`),
          ),
        ]),
  ];
}

function own(id: string, template: string, path: string): StackFile {
  return { id, template: `${template}.hbs`, path };
}

const FILE = {
  create: 'create',
  getAll: 'get-all',
  getById: 'get-by-id',
  update: 'update',
  delete: 'delete',
} as const;

/** The folder of all domains, above the one of this. */
function above(folder: string, { singular, plural }: DomainNames): string {
  const own = [singular, plural].flatMap(({ kebab, camel, snake, pascal }) => [kebab, camel, snake, pascal]);
  const parts = folder.split('/');
  const at = parts.findLastIndex((part) => own.includes(part));
  return at === -1 ? folder : parts.slice(0, at).join('/');
}

function mapperPath(dto: string): string {
  const base = baseOf(dto);
  return join(
    directoryOf(dto),
    base.includes('.dto.') ? base.replace('.dto.', '.mapper.') : base.replace(/\.ts$/, '.mapper.ts'),
  );
}

/** `spec`, as beside use cases, unless the project's tests are called otherwise. */
function testSuffix({ sources, testRunner }: CrudProject): 'spec' | 'test' {
  const tests = [...sources.keys()].filter(isTest);
  if (tests.some((path) => /\.spec\.[cm]?ts$/.test(path))) return 'spec';
  // node --test looks for `test` alone.
  return testRunner === 'node' || tests.some((path) => /\.test\.[cm]?ts$/.test(path)) ? 'test' : 'spec';
}

function needs({ testRunner }: CrudProject): readonly PackageNeed[] {
  return [
    ...['elysia', 'tsyringe', 'reflect-metadata', 'drizzle-orm'].map((name) => ({ name, isDev: false })),
    { name: '@electric-sql/pglite', isDev: true },
    ...(testRunner === 'vitest' || testRunner === 'jest' ? [{ name: testRunner, isDev: true }] : []),
  ];
}
