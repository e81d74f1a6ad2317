import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { DomainLayout } from '../drizzle/layout.ts';
import { drizzleView } from '../drizzle/view.ts';
import { type CopiedImport, importLines } from './copied.ts';
import type { HonoConventions } from './conventions.ts';
import { type ProjectErrors, thrown } from './project-errors.ts';

export interface HonoViewInput {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: DomainLayout;
  readonly conventions: HonoConventions;
  readonly routesName: string;
  /** The path that the routes themselves begin with; nothing where they are mounted below it. */
  readonly base: string;
}

/** What the templates see of the application. */
export function honoView(input: HonoViewInput): Readonly<Record<string, unknown>> {
  const { domain, project, conventions, routesName, base } = input;
  const { isOpenApi } = conventions;
  const view = drizzleView(domain, project) as { readonly samples: Samples };
  const answersInvalid = isOpenApi
    ? conventions.hook !== 'application'
    : conventions.validator?.isOwn !== true;
  const answersFields = answersInvalid && !conventions.throws;
  const one = isOpenApi ? '/{id}' : '/:id';
  const { unique, foreign, invalid } = view.samples;
  return {
    ...view,
    routesName,
    zodModule: isOpenApi ? '@hono/zod-openapi' : 'zod',
    // Refinements and transformations say nothing to an OpenAPI document.
    documents: isOpenApi ? 'openapi' : undefined,
    answersFields,
    invalidStatus: conventions.errors?.invalidStatus ?? 400,
    refusalsSayFields: !conventions.throws,
    usesFields: !conventions.throws && Boolean(unique ?? foreign ?? (answersFields ? invalid : undefined)),
    paths: { base, all: base === '' ? '/' : base, one: `${base}${one}` },
    conventions: {
      ...accessView(input),
      ...validationView(conventions, answersInvalid),
      ...errorsView(conventions, domain),
      tags: tagOf(conventions, domain),
    },
    validate: validators(input, view as unknown as Names),
  };
}

interface Samples {
  readonly unique?: object | undefined;
  readonly foreign?: object | undefined;
  readonly invalid?: object | undefined;
}

interface Names {
  readonly schemas: { readonly create: string; readonly update: string; readonly list: string };
}

/** How routers are made, and the database is had. */
function accessView({
  project,
  layout,
  conventions,
  routesName,
}: HonoViewInput): Readonly<Record<string, unknown>> {
  const { database, maker } = conventions;
  const queriesName = routesName.replace(/Routes$/, 'Queries');
  const isTyped = maker.text.startsWith('new ') && !maker.text.includes('<');
  const isDeclared = [...project.sources.values()].some((text) =>
    /\binterface ContextVariableMap\b/.test(text),
  );
  const declares = database.kind === 'set' && isTyped && !isDeclared;
  const validator = conventions.isOpenApi ? undefined : conventions.validator;
  const imports = [
    ...(conventions.throws && conventions.errors === undefined
      ? [{ name: 'HTTPException', isType: false, from: { module: 'hono/http-exception' } }]
      : []),
    ...(conventions.throws && database.kind !== 'made'
      ? []
      : [{ name: 'Context', isType: true, from: { module: 'hono' } }]),
    ...maker.imports,
    ...(database.kind === 'made' ? database.call.imports : []),
    ...(validator?.callee.imports ?? []),
    ...(conventions.errors === undefined ? [] : [missingImport(conventions.errors)]),
  ];
  return {
    maker: declares ? maker.text.replace('(', `<{ Variables: { ${database.key}: Database } }>(`) : maker.text,
    needsDatabase: declares || database.kind !== 'set',
    imports: importLines(imports, layout.routes, project),
    isMade: database.kind === 'made',
    isSet: database.kind === 'set',
    // What routes throw is answered by the application that they are mounted in.
    isWrapped: database.kind === 'set' || conventions.throws,
    key: database.kind === 'set' ? database.key : undefined,
    call: database.kind === 'made' ? database.call.text : undefined,
    contextType: conventions.env === undefined ? 'Context' : `Context<${conventions.env}>`,
    queries: {
      given: 'queries',
      made: 'queries(c)',
      set: `${queriesName}(c.get('${database.kind === 'set' ? database.key : ''}'))`,
    }[database.kind],
  };
}

/** Who checks input, and who answers what is refused. */
function validationView(
  { isOpenApi, hook, validator, throws }: HonoConventions,
  answersInvalid: boolean,
): Readonly<Record<string, unknown>> {
  const isZod = !isOpenApi && validator?.isOwn === false;
  return {
    isOpenApi,
    ownValidate: !isOpenApi && validator === undefined,
    ownHook: hook !== 'application',
    hook: isOpenApi && hook === 'route' ? ', answerInvalid' : '',
    usesHook: answersInvalid && (isOpenApi || isZod),
    answersInvalid,
    throws,
    missing: throws ? 'notFound()' : 'notFound(c)',
    // These read the body themselves, and throw where it is no JSON.
    readsBody: answersInvalid && (isOpenApi || isZod),
  };
}

/** The middleware of each route, as code. */
function validators(
  { conventions: { validator } }: HonoViewInput,
  { schemas }: Names,
): Readonly<Record<string, string>> {
  const name = validator?.callee.text ?? 'validate';
  const hook = validator?.isOwn === false ? ', answerInvalid' : '';
  return {
    query: `${name}('query', ${schemas.list}${hook})`,
    create: `${name}('json', ${schemas.create}${hook})`,
    update: `${name}('json', ${schemas.update}${hook})`,
    key: `${name}('param', key${hook})`,
  };
}

function missingImport({ notFound: { name, path } }: ProjectErrors): CopiedImport {
  return { name, isType: false, from: { path } };
}

/** What is thrown, as code. */
function errorsView({ errors }: HonoConventions, { names }: CrudDomain): Readonly<Record<string, unknown>> {
  const { words } = names.singular;
  const message = `'There is no such ${words}'`;
  if (errors === undefined)
    return { missingError: `new HTTPException(404, { message: ${message} })`, errors: undefined };
  const { notFound, conflict, invalid, isHttp, statusKey, handler } = errors;
  const what = words.charAt(0).toUpperCase() + words.slice(1);
  return {
    missingError: thrown(notFound, { message, what }),
    errors: {
      isHttp,
      statusKey,
      names: [...new Set([conflict.name, invalid.name])].map((name) => ({ name, from: `error ${name}` })),
      invalidName: invalid.name,
      conflict: thrown(conflict, { message: 'text', what }),
      invalid: thrown(invalid, { message: 'text', what }),
      handler: handler?.name,
      // The test's application has none: Hono answers HTTPExceptions by itself.
      byStatus: handler === undefined && !isHttp,
    },
  };
}

/** The files that templates import errors and their handler from. */
export function errorTargets({ errors }: HonoConventions): Readonly<Record<string, string>> {
  if (errors === undefined) return {};
  const { conflict, invalid, handler } = errors;
  return {
    ...Object.fromEntries([conflict, invalid].map(({ name, path }) => [`error ${name}`, path])),
    ...(handler && { 'error handler': handler.path }),
  };
}

function tagOf({ hasTags }: HonoConventions, { names }: CrudDomain): string | undefined {
  const { words } = names.plural;
  return hasTags ? words.charAt(0).toUpperCase() + words.slice(1) : undefined;
}
