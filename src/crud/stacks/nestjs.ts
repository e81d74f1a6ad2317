import { posix } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { CrudProject } from '../crud-project.ts';
import type { CrudDomain } from '../domain.ts';
import type { PackageNeed, Stack, StackFile, StackPlan } from '../stack.ts';
import { dataSourceExport } from './nestjs/data-source.ts';
import { createDto, idDto, listDto, sharedIds, updateDto } from './nestjs/dtos.ts';
import { guardsFor } from './nestjs/guards.ts';
import { httpTestOf } from './nestjs/http-test.ts';
import { type Layout, layoutOf } from './nestjs/layout.ts';
import { moduleWiring } from './nestjs/module-wiring.ts';
import { withRelationKeys } from './nestjs/relations.ts';
import { routeOf } from './nestjs/routes.ts';
import { domainView, guardView, pgliteAppView, validatedView } from './nestjs/views.ts';

/** NestJS with TypeORM, hexagonal: the domain knows neither; use cases, a port, an adapter, a controller. */
export const nestjs: Stack = {
  name: 'nestjs',
  orm: 'typeorm',
  framework: 'nestjs',
  plan(given, project) {
    refuseUnfit(given, project);
    const { domain, relations } = withRelationKeys(given);
    const layout = layoutOf(domain, project);
    const { plural } = domain.names;
    const dataSource = dataSourceExport(project);
    const access = guardsFor(domain, project);
    const guards = guardView(access.use);
    return {
      files: [...domainFiles(domain, project, layout), ...sharedFiles(domain, project, layout)],
      wiring: [
        moduleWiring(project, {
          className: `${plural.pascal}Module`,
          path: posix.join(layout.module, `${plural.kebab}.module.ts`),
        }),
      ],
      needs: needsOf(project),
      notices: [access.notice],
      view: { ...domainView(domain, { project, relations }), ...guards.view },
      targets: { ...guards.targets, ...(dataSource && { 'data-source': dataSource.path }) },
    } satisfies StackPlan;
  },
};

const NEEDS: readonly PackageNeed[] = [
  { name: 'class-transformer', isDev: false },
  { name: 'class-validator', isDev: false },
  { name: '@electric-sql/pglite', isDev: true },
  { name: '@nestjs/testing', isDev: true },
];

function needsOf({ testRunner }: CrudProject): readonly PackageNeed[] {
  return testRunner === 'vitest' || testRunner === 'jest'
    ? [...NEEDS, { name: testRunner, isDev: true }]
    : NEEDS;
}

function refuseUnfit({ table }: CrudDomain, { sources }: CrudProject): void {
  const text = sources.get(table.path) ?? '';
  if (!new RegExp(`\\bclass ${table.variable}\\b`).test(text))
    throw new TableplanError(
      'crud-not-possible',
      `${table.variable} is no class with @Entity, and the nestjs stack writes code for these only.`,
      {
        hint: 'Take `tableplan migration`, and write the code of this table by hand.',
        at: { file: table.path },
      },
    );
}

const USE_CASES = ['create', 'find', 'list', 'update', 'delete'] as const;

function domainFiles(domain: CrudDomain, project: CrudProject, layout: Layout): readonly StackFile[] {
  const { singular, plural } = domain.names;
  const inModule = (path: string): string => posix.join(layout.module, path);
  const entity = singular.kebab;
  const http = httpTestOf(domain, routeOf(plural.kebab, project).path);
  const useCases = USE_CASES.flatMap((verb): readonly StackFile[] => {
    const name = `${verb}-${verb === 'list' ? plural.kebab : entity}`;
    const path = inModule(`application/use-cases/${name}/${name}.use-case`);
    return [
      { id: `${verb}-use-case`, template: `${verb}.use-case.ts.hbs`, path: `${path}.ts` },
      { id: `${verb}-use-case-spec`, template: `${verb}.use-case.spec.ts.hbs`, path: `${path}.spec.ts` },
    ];
  });
  const dtos = [
    { id: 'create-dto', name: `create-${entity}`, view: createDto(domain) },
    { id: 'update-dto', name: `update-${entity}`, view: updateDto(domain) },
    { id: 'id-dto', name: `${entity}-id`, view: idDto(domain) },
  ].map(({ id, name, view }) => ({
    id,
    template: 'dto.ts.hbs',
    path: inModule(`presenters/http/dto/${name}.dto.ts`),
    view: { ...view },
  }));
  const files: readonly (readonly [id: string, template: string, path: string])[] = [
    ['entity', 'entity.ts.hbs', inModule(`domain/${entity}.ts`)],
    ['port', 'port.ts.hbs', inModule(`application/ports/${entity}.repository.ts`)],
    ['errors', 'errors.ts.hbs', inModule(`application/${plural.kebab}.errors.ts`)],
    ['mapper', 'mapper.ts.hbs', posix.join(layout.persistence, `${entity}.mapper.ts`)],
    ['mapper-spec', 'mapper.spec.ts.hbs', posix.join(layout.persistence, `${entity}.mapper.spec.ts`)],
    ['repository', 'repository.ts.hbs', posix.join(layout.persistence, `typeorm-${entity}.repository.ts`)],
    ['response-dto', 'response.dto.ts.hbs', inModule(`presenters/http/dto/${entity}-response.dto.ts`)],
    ['controller', 'controller.ts.hbs', inModule(`presenters/http/${plural.kebab}.controller.ts`)],
    ['module', 'module.ts.hbs', inModule(`${plural.kebab}.module.ts`)],
    ['samples', 'samples.ts.hbs', inModule(`testing/${entity}.samples.ts`)],
    [
      'in-memory-repository',
      'in-memory.repository.ts.hbs',
      inModule(`testing/in-memory-${entity}.repository.ts`),
    ],
  ];
  return [
    ...files.map(([id, template, path]) => ({ id, template, path })),
    ...useCases,
    ...dtos,
    {
      id: 'list-dto',
      template: 'list.dto.ts.hbs',
      path: inModule(`presenters/http/dto/list-${plural.kebab}.dto.ts`),
      view: { ...listDto(domain) },
    },
    ...(http === undefined
      ? []
      : [
          {
            id: 'http-spec',
            template: 'http.spec.ts.hbs',
            path: inModule(`presenters/http/${plural.kebab}.http.spec.ts`),
            view: { http },
          },
        ]),
  ];
}

function sharedFiles(domain: CrudDomain, project: CrudProject, layout: Layout): readonly StackFile[] {
  const validators = sharedIds([createDto(domain), updateDto(domain), idDto(domain), listDto(domain)]);
  const shared = (id: string, path: string, view?: StackFile['view']): StackFile => ({
    id,
    template: `${posix.basename(path)}.hbs`,
    path: posix.join(layout.shared, path),
    isShared: true,
    view,
  });
  return [
    shared('domain-errors', 'domain-errors.ts'),
    shared('page', 'page.ts'),
    shared('refusal', 'persistence/refusal.ts'),
    ...(domain.list.search.length > 0 ? [shared('like-pattern', 'persistence/like-pattern.ts')] : []),
    shared('domain-error-interceptor', 'http/domain-error.interceptor.ts'),
    shared('validated', 'http/validated.ts', validatedView(project)),
    ...[...validators].toSorted().map((id) => shared(id, `validation/${id}.ts`)),
    shared('pglite-app', 'testing/pglite-app.ts', pgliteAppView(project, layout)),
  ];
}
