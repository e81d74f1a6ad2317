import type { CrudField } from '../../../domain.ts';
import { saysShould } from '../../../test-titles.ts';
import type { GuardUse } from '../guards.ts';
import { routeOf } from '../routes.ts';
import { EXPOSE_ALL, type exposing } from '../serializer.ts';
import { testImports } from '../test-runner.ts';
import { wordsOf } from '../views.ts';
import { type DtoSetting, hasResponse } from './dtos.ts';
import type { StandardLayout } from './layout.ts';
import { mappedTypes } from './mapped-types.ts';
import type { StandardOrm } from './orm.ts';
import { propertyStyle } from './property-style.ts';
import { swaggerView } from './swagger.ts';

type View = Readonly<Record<string, unknown>>;

export interface Written {
  readonly layout: StandardLayout;
  /** What is injected shows in its type alone. */
  readonly isInjectedByType: boolean;
  /** No pipe of the application validates what clients send: each parameter has its own. */
  readonly isValidatedHere: boolean;
  readonly guards: GuardUse;
  /** The type of a row, where no DTO is answered. */
  readonly answer: ReturnType<StandardOrm['answer']>;
  readonly serializer: ReturnType<typeof exposing>;
}

/** What the templates of the standard layout see, whatever the ORM. */
export function standardView(setting: DtoSetting, written: Written): View {
  const { domain, project, swagger, exposes } = setting;
  const { names, list, id } = domain;
  const { layout, isInjectedByType, isValidatedHere, guards, answer, serializer } = written;
  const { base } = layout;
  const style = propertyStyle(project);
  const isOwnAnswer = hasResponse(setting);
  const row = isOwnAnswer ? `${names.singular.pascal}ResponseDto` : answer.name;
  const route = routeOf(names.plural.kebab, project);
  const idParameter = keyParameter(id);
  return {
    Module: `${base.pascal}Module`,
    Controller: `${base.pascal}Controller`,
    Service: `${base.pascal}Service`,
    service: `${base.camel}Service`,
    Entity: names.singular.pascal,
    Entities: names.plural.pascal,
    entity: names.singular.camel,
    words: wordsOf(domain),
    Answer: row,
    answer,
    hasResponse: isOwnAnswer,
    hasListDto: swagger.properties || exposes,
    exposes,
    serialized: serializer === 'strategy' ? EXPOSE_ALL : '',
    hasPropertyDocs: swagger.properties,
    route: route.path,
    routeArgument: route.argument,
    idKey: id.key,
    idParameter: idParameter.text,
    createParameter: `create${names.singular.pascal}Dto`,
    updateParameter: `update${names.singular.pascal}Dto`,
    isInjectedByType,
    isValidatedHere,
    nestImports: nestImports({
      isInjectedByType,
      pipe: idParameter.pipe,
      guards,
      hasOptions: serializer !== undefined,
    }),
    swagger: swaggerView(domain, swagger, {
      row,
      list: swagger.properties ? `${names.singular.pascal}ListDto` : undefined,
      asked: isInjectedByType
        ? undefined
        : {
            create: `Create${names.singular.pascal}Dto`,
            update: `Update${names.singular.pascal}Dto`,
            list: `List${names.plural.pascal}Dto`,
          },
    }),
    mappedTypes: mappedTypes(project, swagger) ?? '',
    omitted: domain.idSource === 'client' ? JSON.stringify([id.key]) : '',
    isSearchable: list.search.length > 0,
    searchWords: list.search.map(({ key }) => key).join(' or '),
    sortFields: JSON.stringify([...new Set([...list.sort, list.defaultSort.field].map(({ key }) => key))]),
    limits: list.maxLimit !== 100 || list.defaultLimit !== 20,
    maxLimit: list.maxLimit,
    defaultLimit: list.defaultLimit,
    metaKeys: ['page', 'limit', 'total', 'totalPages'],
    modifier: style.isReadonly ? 'readonly ' : '',
    bang: style.hasBang ? '!' : '',
    isNodeTest: project.testRunner === 'node',
    httpImports: testImports(project, ['afterAll', 'afterEach', 'beforeAll', 'describe', 'it']),
    hookTimeout: project.testRunner === 'node' ? '' : ', 60_000',
    saysShould: saysShould(project),
  };
}

/** How the key comes out of the path. What no pipe of Nest knows is left to Postgres, whose refusal is answered with 400. */
function keyParameter({ kind, rowType }: CrudField): {
  readonly text: string;
  readonly pipe: string | undefined;
} {
  if (kind === 'uuid') return { text: `@Param('id', ParseUUIDPipe) id: string`, pipe: 'ParseUUIDPipe' };
  if (/^number\b/.test(rowType))
    return { text: `@Param('id', ParseIntPipe) id: number`, pipe: 'ParseIntPipe' };
  return { text: `@Param('id') id: string`, pipe: undefined };
}

const NEST = [
  'Body',
  'Controller',
  'Delete',
  'Get',
  'HttpCode',
  'HttpStatus',
  'Param',
  'Patch',
  'Post',
  'Query',
];

interface NestUses {
  readonly isInjectedByType: boolean;
  readonly pipe: string | undefined;
  readonly guards: GuardUse;
  readonly hasOptions: boolean;
}

function nestImports({ isInjectedByType, pipe, guards, hasOptions }: NestUses): string {
  const names = [
    ...NEST,
    ...(isInjectedByType ? [] : ['Inject']),
    ...(pipe === undefined ? [] : [pipe]),
    ...(hasOptions ? ['SerializeOptions'] : []),
    ...(guards.decorators.some((decorator) => decorator.startsWith('@UseGuards(')) ? ['UseGuards'] : []),
  ];
  return names.toSorted().join(', ');
}
