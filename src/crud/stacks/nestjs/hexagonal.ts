import { posix } from 'node:path';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { sharedFile } from '../../shared-file.ts';
import type { StackFile, StackPlan } from '../../stack.ts';
import { createDto, idDto, listDto, sharedIds, updateDto } from './dtos.ts';
import { guardsFor } from './guards.ts';
import { httpTestOf } from './http-test.ts';
import { type Layout, layoutOf } from './layout.ts';
import { moduleWiring } from './module-wiring.ts';
import { needsOf } from './needs.ts';
import { withRelationKeys } from './relations.ts';
import { routeOf } from './routes.ts';
import { EXPOSE_ALL, exposing } from './serializer.ts';
import { domainView, guardView, pgliteAppView, validatedView } from './views.ts';

/** Layers: the domain knows neither Nest nor TypeORM; use cases, a port, an adapter, a controller. */
export function hexagonalPlan(given: CrudDomain, project: CrudProject): StackPlan {
  const { domain, relations } = withRelationKeys(given);
  const layout = layoutOf(domain, project);
  const { plural } = domain.names;
  const access = guardsFor(domain, project);
  const guards = guardView(access.use, project);
  const test = pgliteAppView(project, layout.shared);
  return {
    files: [
      ...domainFiles(domain, project, layout),
      ...sharedFiles(domain, project, { layout, test: test.view }),
    ],
    wiring: [
      moduleWiring(project, {
        className: `${plural.pascal}Module`,
        path: posix.join(layout.module, `${plural.kebab}.module.ts`),
      }),
    ],
    needs: needsOf(project),
    notices: [access.notice],
    view: {
      ...domainView(domain, { project, relations }),
      ...guards.view,
      // The controller answers with classes that have nothing else.
      serialized: exposing(project) === undefined ? '' : EXPOSE_ALL,
    },
    targets: { ...guards.targets, ...test.targets },
  };
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

function sharedFiles(
  domain: CrudDomain,
  project: CrudProject,
  { layout, test }: { readonly layout: Layout; readonly test: StackFile['view'] },
): readonly StackFile[] {
  const validators = sharedIds([createDto(domain), updateDto(domain), idDto(domain), listDto(domain)]);
  const shared = (id: string, path: string, view?: StackFile['view']): StackFile =>
    sharedFile(layout.shared, id, path, view);
  return [
    shared('domain-errors', 'domain-errors.ts'),
    shared('page', 'page.ts'),
    shared('refusal', 'persistence/refusal.ts'),
    ...(domain.list.search.length > 0 ? [shared('like-pattern', 'persistence/like-pattern.ts')] : []),
    shared('domain-error-interceptor', 'http/domain-error.interceptor.ts'),
    shared('validated', 'http/validated.ts', validatedView(project)),
    ...[...validators].toSorted().map((id) => shared(id, `validation/${id}.ts`)),
    shared('pglite-app', 'testing/pglite-app.ts', test),
  ];
}
