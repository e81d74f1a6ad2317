import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain } from '../../../domain.ts';
import { sharedFile } from '../../../shared-file.ts';
import type { StackFile, StackPlan } from '../../../stack.ts';
import { applicationSetup } from '../application.ts';
import { guardsFor } from '../guards.ts';
import { httpTestOf } from '../http-test.ts';
import { emitsMetadata } from '../injection.ts';
import { moduleWiring } from '../module-wiring.ts';
import { needsOf } from '../needs.ts';
import { withRelationKeys } from '../relations.ts';
import { routeOf } from '../routes.ts';
import { exposing } from '../serializer.ts';
import { guardView, validatedView } from '../views.ts';
import { choicesOf } from './choices.ts';
import {
  createDto,
  type DtoSetting,
  type DtoView,
  hasResponse,
  listDto,
  responseDto,
  updateDto,
} from './dtos.ts';
import { type StandardLayout, standardLayout } from './layout.ts';
import { mappedTypes } from './mapped-types.ts';
import { swaggerStyle } from './swagger.ts';
import type { StandardOrm } from './orm.ts';
import { standardView } from './view.ts';

/** The layout of `nest g resource`: a module with its controller, service and DTOs. */
export function standardPlan(given: CrudDomain, project: CrudProject, orm: StandardOrm): StackPlan {
  const { domain, relations } = withRelationKeys(given);
  const layout = standardLayout(domain, project);
  const access = guardsFor(domain, project);
  const guards = guardView(access.use, project);
  const swagger = swaggerStyle(project);
  const serializer = exposing(project);
  const setting: DtoSetting = {
    domain,
    project,
    relations,
    swagger,
    exposes: serializer === 'dtos',
    entityType: (key) => orm.rowType(domain, key),
  };
  const validation = applicationSetup(project).validation;
  const isInjectedByType = emitsMetadata(project);
  const isValidatedHere = !(isInjectedByType && validation?.whitelist === true && validation.transform);
  const dtos = dtoFiles(setting, layout);
  const test = orm.test(setting, layout.shared);
  const service = orm.of(setting);
  const view = standardView(setting, {
    layout,
    isInjectedByType,
    isValidatedHere,
    guards: access.use,
    answer: orm.answer(domain),
    serializer,
  });
  return {
    files: [
      { id: 'module', template: 'module.ts.hbs', path: layout.module },
      { id: 'controller', template: 'controller.ts.hbs', path: layout.controller },
      { id: 'service', template: 'service.ts.hbs', path: layout.service },
      ...dtos.map(({ view: own, ...file }) => ({ ...file, view: { ...own } })),
      ...testFiles(domain, project, layout),
      ...sharedFiles(setting, { layout, dtos, isValidatedHere, test: test.view, more: service.shared }),
    ],
    wiring: [moduleWiring(project, { className: `${layout.base.pascal}Module`, path: layout.module })],
    needs: [...needsOf(project), ...service.needs],
    notices: [access.notice],
    view: {
      ...guards.view,
      ...view,
      ...service.view,
      moduleEntries: [...new Set([...service.entries, ...guards.view.guardEntries])].join(', '),
    },
    targets: { ...guards.targets, ...test.targets, ...service.targets, ...enumTargets(setting) },
  };
}

interface DtoFile extends Omit<StackFile, 'view'> {
  readonly view: DtoView | undefined;
}

function dtoFiles(setting: DtoSetting, layout: StandardLayout): readonly DtoFile[] {
  const { domain, project, swagger } = setting;
  const { singular, plural } = domain.names;
  const file = (id: string, name: string, template: string, view: DtoView | undefined): DtoFile => ({
    id,
    template,
    path: layout.dto(name),
    view,
  });
  const isPartial = mappedTypes(project, swagger) !== undefined;
  return [
    file('create-dto', `create-${singular.kebab}`, 'dto.ts.hbs', createDto(setting)),
    isPartial
      ? file('update-dto', `update-${singular.kebab}`, 'update.dto.ts.hbs', undefined)
      : file('update-dto', `update-${singular.kebab}`, 'dto.ts.hbs', updateDto(setting)),
    file('list-dto', `list-${plural.kebab}`, 'list.dto.ts.hbs', listDto(setting)),
    ...(hasResponse(setting)
      ? [file('response-dto', `${singular.kebab}-response`, 'response.dto.ts.hbs', responseDto(setting))]
      : []),
  ];
}

function testFiles(domain: CrudDomain, project: CrudProject, layout: StandardLayout): readonly StackFile[] {
  const http = httpTestOf(domain, routeOf(domain.names.plural.kebab, project).path);
  return http === undefined
    ? []
    : [{ id: 'http-spec', template: 'http.spec.ts.hbs', path: layout.test, view: { http } }];
}

interface Shared {
  readonly layout: StandardLayout;
  readonly dtos: readonly DtoFile[];
  readonly isValidatedHere: boolean;
  readonly test: StackFile['view'];
  readonly more: ReturnType<StandardOrm['of']>['shared'];
}

function sharedFiles(
  { domain, project }: DtoSetting,
  { layout, dtos, isValidatedHere, test, more }: Shared,
): readonly StackFile[] {
  const shared = (id: string, path: string, view?: StackFile['view']): StackFile =>
    sharedFile(layout.shared, id, path, view);
  const imported = dtos.flatMap(({ view }) => view?.imports ?? []).map(({ id }) => id);
  const validators = new Set([
    ...imported.filter((id) => id !== '' && id !== 'table' && !id.startsWith('enum ')),
    'from-text',
    'is-omittable',
    ...(domain.list.search.length > 0 ? ['is-text'] : []),
  ]);
  return [
    shared('database-errors', 'database-errors.ts'),
    shared('list-query', 'dto/list-query.dto.ts'),
    ...more.map(({ id, path }) => shared(id, path)),
    ...(isValidatedHere ? [shared('validated', 'http/validated.ts', validatedView(project))] : []),
    ...[...validators].toSorted().map((id) => shared(id, `validation/${id}.ts`)),
    shared('pglite-app', 'testing/pglite-app.ts', test),
  ];
}

/** The files of enums that DTOs import. */
function enumTargets({ domain, project }: DtoSetting): Readonly<Record<string, string>> {
  const found = domain.fields.flatMap((field) => choicesOf(field, domain, project) ?? []);
  return Object.fromEntries(
    found.flatMap(({ code, path }) => (path === undefined ? [] : [[`enum ${code}`, path]])),
  );
}
