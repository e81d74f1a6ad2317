import { ts } from '../../../../schema/compiler.cjs';
import type { SchemaFile } from '../../../../schema/source-file.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../../domain.ts';
import { classesWith, type DecoratorCall, decoratorsOf, filesWith } from '../neighbours.ts';

/** Which decorators of `@nestjs/swagger` the project's controllers and DTOs have. */
export interface SwaggerStyle {
  /** The texts of `@ApiTags` of controllers; none where most have none. */
  readonly tags: readonly string[];
  /** `@ApiBearerAuth()` and the like, as most controllers have it. */
  readonly security: readonly string[];
  readonly hasOperations: boolean;
  /** `@ApiOkResponse({ type })`, or `@ApiResponse({ status: 200, type })`. */
  readonly responses: 'named' | 'status' | undefined;
  /** Refusals are documented too: `@ApiNotFoundResponse()`. */
  readonly hasErrors: boolean;
  /** Properties of DTOs have `@ApiProperty`. */
  readonly properties: boolean;
}

const ROUTE = /^(Get|Post|Put|Patch|Delete)$/;
const SUCCESS = /^Api(Ok|Created|NoContent|Accepted)Response$/;
const REFUSAL = /^Api(BadRequest|NotFound|Conflict|Forbidden|Unauthorized|UnprocessableEntity)Response$/;
const SECURITY = /^Api(BearerAuth|CookieAuth|BasicAuth|OAuth2|Security)$/;

/** What most of the project's controllers and DTOs have; nothing where they have none of it. */
export function swaggerStyle(project: CrudProject): SwaggerStyle {
  const files = filesWith(project, /['"]@nestjs\/swagger['"]/);
  const controllers = filesWith(project, /@Controller\(/).flatMap((file) =>
    classesWith(file, 'Controller').map((node) => ({ file, node })),
  );
  const isMost = (count: number, all: number): boolean => count > 0 && count * 2 >= all;
  const ofClasses = controllers.map(({ file, node }) => ({ file, calls: decoratorsOf(node) }));
  const routes = controllers
    .flatMap(({ node }) => node.members.map((member) => decoratorsOf(member)))
    .filter((calls) => calls.some(({ name }) => ROUTE.test(name)));
  const having = (name: RegExp): number =>
    routes.filter((calls) => calls.some((each) => name.test(each.name))).length;
  const tags = ofClasses.flatMap(
    ({ calls }) => firstText(calls.find(({ name }) => name === 'ApiTags')) ?? [],
  );
  const secured = ofClasses.map(({ file, calls }) =>
    calls
      .filter(({ name }) => SECURITY.test(name))
      .map((each) => textOf(each, file))
      .join('\n'),
  );
  const [security] = secured.filter(
    (text) => text !== '' && isMost(secured.filter((other) => other === text).length, secured.length),
  );
  const [named, byStatus] = [having(SUCCESS), having(/^ApiResponse$/)];
  return {
    tags: isMost(tags.length, controllers.length) ? tags : [],
    security: security === undefined ? [] : security.split('\n'),
    hasOperations: isMost(having(/^ApiOperation$/), routes.length),
    responses:
      named + byStatus > 0 ? (byStatus > named ? 'status' : 'named') : tags.length > 0 ? 'named' : undefined,
    hasErrors: isMost(having(REFUSAL), routes.length),
    properties: files.some(({ text }) => /@ApiProperty(Optional)?\(/.test(text)),
  };
}

function firstText(call: DecoratorCall | undefined): string | undefined {
  const [first] = call?.arguments ?? [];
  return first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
}

function textOf({ name, arguments: args }: DecoratorCall, { ast }: SchemaFile): string {
  return `@${name}(${args.map((each) => each.getText(ast).replaceAll(/\s*\n\s*/g, ' ')).join(', ')})`;
}

/** The tag of a domain in the manner of the others: `Order items`, `OrderItems`, `order-items`. */
export function tagOf({ names }: CrudDomain, { tags }: SwaggerStyle): string | undefined {
  if (tags.length === 0) return undefined;
  const { plural, singular } = names;
  const are = (test: (tag: string) => boolean): boolean => tags.filter(test).length * 2 > tags.length;
  const form = are((tag) => !/s$/i.test(tag)) ? singular : plural;
  const joined = tags.find((tag) => /[\w][ _-][\w]|[a-z][A-Z]/.test(tag)) ?? '';
  const words = joined.includes(' ')
    ? form.words
    : joined.includes('_')
      ? form.snake
      : /[a-z][A-Z]/.test(joined)
        ? form.camel
        : are((tag) => /^[A-Z]/.test(tag))
          ? form.words
          : form.kebab;
  return are((tag) => /^[A-Z]/.test(tag)) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/** The decorators of a controller and of its routes, and what of the package they are. */
export interface SwaggerView {
  readonly ofClass: readonly string[];
  readonly create: readonly string[];
  readonly findAll: readonly string[];
  readonly findOne: readonly string[];
  readonly update: readonly string[];
  readonly remove: readonly string[];
  readonly imports: string;
}

/** The classes of bodies and of a list's parameters, where no compiler emits them. */
export interface Asked {
  readonly create: string;
  readonly update: string;
  readonly list: string;
}

interface Answered {
  /** The classes of a row and of a list. */
  readonly row: string;
  readonly list: string | undefined;
  readonly asked: Asked | undefined;
}

/** Says what each route answers, as far as the neighbours say it. */
export function swaggerView(domain: CrudDomain, style: SwaggerStyle, answered: Answered): SwaggerView {
  const { singular, plural } = domain.names;
  const a = `${/^[aeiou]/.test(singular.words) ? 'an' : 'a'} ${singular.words}`;
  const route = (summary: string, success: Success, refusals: readonly Refusal[]): readonly string[] => [
    ...(style.hasOperations ? [`@ApiOperation({ summary: '${summary}' })`] : []),
    ...(style.responses === undefined ? [] : [successOf(style.responses, success)]),
    ...(style.hasErrors ? refusals.map((each) => refusalOf(style.responses, each)) : []),
  ];
  const tag = tagOf(domain, style);
  const isConflicting = domain.uniques.some(({ fields }) =>
    fields.some((field) => domain.creatable.includes(field)),
  );
  const conflict: readonly Refusal[] = isConflicting ? ['Conflict'] : [];
  const { row, asked } = answered;
  const isUsed = style.responses !== undefined;
  const body = (name: string | undefined): readonly string[] =>
    isUsed && name !== undefined ? [`@ApiBody({ type: ${name} })`] : [];
  const view = {
    ofClass: [
      ...(tag === undefined ? [] : [`@ApiTags('${tag}')`]),
      ...(domain.authentication === 'public' ? [] : style.security),
    ],
    create: [
      ...body(asked?.create),
      ...route(`Create ${a}`, { name: 'Created', type: row }, ['BadRequest', ...conflict]),
    ],
    findAll: [
      ...(isUsed && asked !== undefined ? [`@ApiQuery({ type: ${asked.list} })`] : []),
      ...route(`List ${plural.words}`, { name: 'Ok', type: answered.list }, ['BadRequest']),
    ],
    findOne: route(`Get ${a}`, { name: 'Ok', type: row }, ['BadRequest', 'NotFound']),
    update: [
      ...body(asked?.update),
      ...route(`Change ${a}`, { name: 'Ok', type: row }, ['BadRequest', 'NotFound', ...conflict]),
    ],
    remove: route(`Delete ${a}`, { name: 'NoContent', type: undefined }, [
      'BadRequest',
      'NotFound',
      ...(domain.isReferenced ? (['Conflict'] as const) : []),
    ]),
  };
  const names = Object.values(view)
    .flat()
    .map((decorator) => /^@(\w+)/.exec(decorator)![1]!);
  return { ...view, imports: [...new Set(names)].toSorted().join(', ') };
}

interface Success {
  readonly name: 'Ok' | 'Created' | 'NoContent';
  readonly type: string | undefined;
}

const STATUS = {
  Ok: 200,
  Created: 201,
  NoContent: 204,
  BadRequest: 400,
  NotFound: 404,
  Conflict: 409,
} as const;

type Refusal = 'BadRequest' | 'NotFound' | 'Conflict';

function successOf(form: 'named' | 'status', { name, type }: Success): string {
  const options = [
    ...(form === 'status' ? [`status: ${STATUS[name]}`] : []),
    ...(type === undefined ? [] : [`type: ${type}`]),
  ];
  const braces = options.length === 0 ? '' : `{ ${options.join(', ')} }`;
  return form === 'status' ? `@ApiResponse(${braces})` : `@Api${name}Response(${braces})`;
}

function refusalOf(form: SwaggerStyle['responses'], refusal: Refusal): string {
  return form === 'status' ? `@ApiResponse({ status: ${STATUS[refusal]} })` : `@Api${refusal}Response()`;
}

interface Documented {
  readonly isOptional: boolean;
  /** The enum or the list that the value is of, as code. */
  readonly choices: string | undefined;
}

/** `@ApiProperty({ … })` of a DTO's property, with its type, which only some compilers emit; undefined where others have none. */
export function propertyDecorator(
  { properties }: SwaggerStyle,
  field: CrudField,
  { isOptional, choices }: Documented,
): { readonly name: string; readonly text: string } | undefined {
  if (!properties) return undefined;
  const name = isOptional ? 'ApiPropertyOptional' : 'ApiProperty';
  const options = [
    ...(choices === undefined
      ? typeOptions(field)
      : [`enum: ${choices}`, ...(field.isArray ? ['isArray: true'] : [])]),
    ...(field.isNullable ? ['nullable: true'] : []),
  ];
  return { name, text: `@${name}({ ${options.join(', ')} })` };
}

const FORMATS: Readonly<Partial<Record<CrudField['kind'], string>>> = {
  uuid: 'uuid',
  timestamp: 'date-time',
  date: 'date',
};

function typeOptions(field: CrudField): readonly string[] {
  const { kind, isArray, rowType, rules } = field;
  if (kind === 'json') return [`type: 'object'`, 'additionalProperties: true'];
  const isNumber = kind === 'integer' || kind === 'float' || /^number\b/.test(rowType);
  const isWhole = !isArray && isNumber && (kind === 'integer' || kind === 'bigint');
  const type = kind === 'boolean' ? 'Boolean' : isWhole ? `'integer'` : isNumber ? 'Number' : 'String';
  const isText = !isNumber && !isArray;
  const format = FORMATS[kind];
  return [
    `type: ${isArray ? `[${type}]` : type}`,
    ...(format === undefined ? [] : [`format: '${format}'`]),
    ...(!isText || rules.minLength === undefined ? [] : [`minLength: ${rules.minLength}`]),
    ...(!isText || rules.maxLength === undefined ? [] : [`maxLength: ${rules.maxLength}`]),
  ];
}
