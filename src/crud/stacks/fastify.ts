import { join } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { CrudProject } from '../crud-project.ts';
import type { CrudDomain } from '../domain.ts';
import { type DatabaseModule, findDatabase } from '../find-database.ts';
import type { Guard } from '../guard.ts';
import { sharedFile } from '../shared-file.ts';
import type { Stack, StackFile, StackPlan } from '../stack.ts';
import { drizzleFiles, drizzleNeeds, parentTargets } from './drizzle/files.ts';
import { type DomainLayout, domainLayout } from './drizzle/layout.ts';
import { drizzleView } from './drizzle/view.ts';
import { type AutoloadPlan, planAutoload } from './fastify/autoload.ts';
import { decoratorsOf } from './fastify/decorators.ts';
import { fastifyDialect, hookCode } from './fastify/dialect.ts';
import { tagLike } from './fastify/tags.ts';
import { planMount } from './servers/mounting.ts';
import { readApplication } from './servers/routers.ts';
import { mountRoutes } from './servers/wiring.ts';

/** Fastify 4 or 5, zod and Drizzle: a plugin, validation, queries and a test. */
export const fastify: Stack = {
  name: 'fastify',
  orm: 'drizzle',
  framework: 'fastify',
  shares: ['drizzle'],
  plan(domain, project) {
    const database = findDatabase(project);
    const routesName = `${domain.names.singular.camel}Routes`;
    const decorator = decoratorsOf(project).find(({ name }) =>
      /^((pg)?db|database|drizzle|orm)$/i.test(name),
    )?.name;
    const dialect = fastifyDialect(project, decorator);
    const base: Base = { domain, project, database, decorator, routesName };
    const loaded = planAutoload(domain, readApplication(project, dialect));
    if (loaded !== undefined) return autoloaded(base, loaded);
    const wanted = { domain, project, dialect, routesName };
    const plan = planMount({ ...wanted, database: database?.name });
    const layout = domainLayout(domain, project, { others: plan.others, own: plan.routes });
    const wiring = mountRoutes({
      ...wanted,
      plan,
      database,
      routes: layout.routes,
      missing: 'no file creates a Fastify instance',
      findsDatabase: decorator !== undefined,
    });
    return {
      files: filesOf(layout, project),
      wiring: [wiring],
      needs: drizzleNeeds('fastify', project),
      notices: [plan.notice],
      targets: parentTargets(domain),
      view: viewOf(base),
    };
  },
};

interface Base {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly database: DatabaseModule | undefined;
  /** The name by which the application has its database: `fastify.db`. */
  readonly decorator: string | undefined;
  readonly routesName: string;
}

function viewOf({ domain, project, decorator, routesName }: Base): Readonly<Record<string, unknown>> {
  const { packages } = project;
  const { words } = domain.names.singular;
  const isDocumented = documents(project);
  // @fastify/swagger reads schemas of zod only with a transform; that of another package reads those of zod 3.
  const isHidden =
    !isDocumented && packages.has('@fastify/swagger') && !packages.has('fastify-type-provider-zod');
  return {
    ...drizzleView(domain, project),
    routesName,
    typedMethods: true,
    decorator,
    isFastify4: /^\D*4\b/.test(packages.get('fastify') ?? ''),
    hide: isHidden ? 'hide: true, ' : '',
    isDocumented,
    documents: isDocumented ? 'meta' : undefined,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    tag: tagLike(project, domain.names.plural.words),
  };
}

/** Whether routes stand in a document with their schemas: zod 4 gives them as JSON Schema. */
function documents({ packages }: CrudProject): boolean {
  return packages.has('@fastify/swagger') && !/^\D*3\./.test(packages.get('zod') ?? '');
}

/** The files of a domain, and what writes documents, where the application does. */
function filesOf(layout: DomainLayout, project: CrudProject): readonly StackFile[] {
  return [
    ...drizzleFiles(layout),
    ...(documents(project) ? [sharedFile(layout.shared, 'documents', 'documents.ts')] : []),
  ];
}

/** A folder of its own below the one that @fastify/autoload loads: `index.ts` registers the plugin. */
function autoloaded(
  base: Base,
  { folder, prefix, database: option, guard, notice }: AutoloadPlan,
): StackPlan {
  const { domain, project, database, decorator } = base;
  const layout = domainLayout(domain, project, { others: [], own: join(folder, 'routes.ts') });
  const isImported = decorator === undefined && option === undefined;
  if (isImported && database === undefined)
    throw new TableplanError('crud-not-possible', 'No file of the project exports a Drizzle database.', {
      hint: 'Decorate the application with it (fastify.decorate), export it (export const db = drizzle(…)), or give it to @fastify/autoload in options.',
    });
  const name = option ?? database?.name ?? 'db';
  const imports = importsOf(guard, isImported ? database : undefined);
  const given = [
    ...(prefix === undefined ? [] : [`prefix: '${prefix}'`]),
    ...(decorator === undefined ? [name === 'db' ? 'db' : `db: ${name}`] : []),
  ];
  return {
    files: [
      ...filesOf(layout, project),
      { id: 'entry', template: 'entry.ts.hbs', path: join(folder, 'index.ts') },
    ],
    wiring: [],
    needs: drizzleNeeds('fastify', project),
    notices: [notice],
    targets: {
      ...parentTargets(domain),
      ...Object.fromEntries(imports.own.map(({ target, path }) => [target, path])),
    },
    view: {
      ...viewOf(base),
      entry: {
        imports: imports.own,
        packages: imports.packages,
        isGiven: option !== undefined && decorator === undefined,
        database: name,
        isFlat: prefix !== undefined,
        hook: guard && `fastify.${hookCode(guard.text, 'fastify', project)};`,
        options: given.length > 0 ? `, { ${given.join(', ')} }` : '',
      },
    },
  };
}

function importsOf(guard: Guard | undefined, database: DatabaseModule | undefined) {
  const all = [...(database === undefined ? [] : [database]), ...(guard?.imports ?? [])];
  return {
    own: all.flatMap(({ name, path }) =>
      path === undefined ? [] : [{ name, path, target: `entry ${name}` }],
    ),
    packages: (guard?.imports ?? []).flatMap(({ name, module }) =>
      module === undefined ? [] : [{ name, module }],
    ),
  };
}
