import type { CrudDomain } from '../../domain.ts';
import { domainWords, type ElysiaNames } from './names.ts';
import { type Operation, OPERATIONS } from './neighbours.ts';
import { errorsView, type ProjectErrors } from './project-errors.ts';
import type { RouteConventions } from './route-conventions.ts';

interface ControllerSetting {
  readonly conventions: RouteConventions;
  readonly errors: ProjectErrors | undefined;
}

/** What the one template of all controllers fills in, by operation. */
export function controllerViews(
  domain: CrudDomain,
  n: ElysiaNames,
  { conventions, errors }: ControllerSetting,
): ReadonlyMap<Operation, Readonly<Record<string, unknown>>> {
  const words = domainWords(domain);
  const id = `${conventions.path}/:id`;
  const views: Record<Operation, ControllerView> = {
    create: {
      method: 'post',
      path: conventions.path,
      context: 'body, status',
      dtos: [n.createBody, n.response],
      mappers: [n.toCreateData, n.toResponse],
      body: [
        `const ${n.one} = await this.useCase.execute(${n.toCreateData}(body));`,
        `return status(201, ${n.toResponse}(${n.one}));`,
      ],
      schemas: [
        `body: ${n.createBody}`,
        'transform: requireObject',
        responses(`201: ${n.response}`, 400, 409),
      ],
      summary: `Create ${words.a}`,
    },
    getAll: {
      method: 'get',
      path: conventions.path,
      context: 'query, status',
      dtos: [n.listQuery, n.listResponse],
      mappers: [n.toQuery, n.toResponse],
      body: [
        `const { data, meta } = await this.useCase.execute(${n.toQuery}(query));`,
        `return status(200, { data: data.map(${n.toResponse}), meta });`,
      ],
      schemas: [`query: ${n.listQuery}`, responses(`200: ${n.listResponse}`, 400)],
      summary: `List ${words.many}`,
    },
    getById: {
      method: 'get',
      path: id,
      context: 'params, status',
      dtos: [n.params, n.response],
      mappers: [n.toId, n.toResponse],
      body: [
        `const ${n.one} = await this.useCase.execute(${n.toId}(params.id));`,
        `return status(200, ${n.toResponse}(${n.one}));`,
      ],
      schemas: [`params: ${n.params}`, responses(`200: ${n.response}`, 400, 404)],
      summary: `Get ${words.a}`,
    },
    update: {
      method: conventions.update,
      path: id,
      context: 'params, body, status',
      dtos: [n.params, n.response, n.updateBody],
      mappers: [n.toId, n.toResponse, n.toUpdateData],
      body: [
        `const ${n.one} = await this.useCase.execute(${n.toId}(params.id), ${n.toUpdateData}(body));`,
        `return status(200, ${n.toResponse}(${n.one}));`,
      ],
      schemas: [
        `params: ${n.params}`,
        `body: ${n.updateBody}`,
        'transform: requireObject',
        responses(`200: ${n.response}`, 400, 404, 409),
      ],
      summary: `Change ${words.a}`,
    },
    delete: {
      method: 'delete',
      path: id,
      context: 'params',
      dtos: [n.params],
      mappers: [n.toId],
      body: [
        `await this.useCase.execute(${n.toId}(params.id));`,
        `return new Response(null, { status: 204 });`,
      ],
      schemas: [`params: ${n.params}`, responses('204: t.Void()', 400, 404, 409)],
      summary: `Delete ${words.a}`,
    },
  };
  return new Map(
    OPERATIONS.map((operation) => [operation, filled(operation, views[operation], { n, errors })]),
  );
}

interface ControllerView {
  readonly method: string;
  readonly path: string;
  /** What the handler takes of its context. */
  readonly context: string;
  readonly dtos: readonly string[];
  readonly mappers: readonly string[];
  /** The statements of the handler. */
  readonly body: readonly string[];
  readonly schemas: readonly string[];
  readonly summary: string;
}

function filled(
  operation: Operation,
  view: ControllerView,
  { n, errors }: { readonly n: ElysiaNames; readonly errors: ProjectErrors | undefined },
): Readonly<Record<string, unknown>> {
  return {
    ...view,
    dtos: view.dtos.join(', '),
    mappers: view.mappers.join(', '),
    name: n[`${operation}Controller`],
    useCase: n[`${operation}UseCase`],
    useCaseId: `${operation}UseCase`,
    http: [
      ...(errorsView(errors).isThrown ? [] : ['answered']),
      'answerInvalid',
      'ErrorResponse',
      ...(view.context.includes('body') ? ['requireObject'] : []),
    ].join(', '),
    usesT: operation === 'delete',
  };
}

function responses(success: string, ...refusals: readonly number[]): string {
  return `response: { ${[success, ...refusals.map((status) => `${status}: ErrorResponse`)].join(', ')} }`;
}
