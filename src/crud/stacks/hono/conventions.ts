import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { type CodePlace, declarationOf } from '../../refuses.ts';
import type { HonoApp } from './app.ts';
import { type Copied, copied } from './copied.ts';
import { type DatabaseAccess, databaseAccess } from './database-access.ts';
import { findProjectErrors, type ProjectErrors } from './project-errors.ts';
import { makerOf, makesHono, type Mount, rootOf } from './routers.ts';
import { type ProjectValidator, projectValidator } from './validators.ts';

/** How the application's other domains are written. */
export interface HonoConventions {
  /** Routes are described for an OpenAPI document. */
  readonly isOpenApi: boolean;
  /** What makes a router: `new Hono<AppEnv>()`, `createRouter()`. */
  readonly maker: Copied;
  /**
   * Who answers what a schema of an OpenAPI route refuses: the `defaultHook` of the application, the generated one which the
   * maker is given, or the one of each route.
   */
  readonly hook: 'application' | 'router' | 'route';
  /** The type of the environment, as the maker has it: `AppEnv`. */
  readonly env: string | undefined;
  readonly database: DatabaseAccess;
  /** The middleware that checks input; undefined where there is none. */
  readonly validator: ProjectValidator | undefined;
  /** Routers throw errors, to which the application's own `onError` gives their form: its own, or HTTPExceptions. */
  readonly throws: boolean;
  /** The application's own. */
  readonly errors: ProjectErrors | undefined;
  /** Routes have tags in the OpenAPI document. */
  readonly hasTags: boolean;
}

/** What the generated module of errors exports for that. */
const HOOK = 'defaultHook: answerInvalid';
/** That module. */
const GENERATED = /\/crud\/errors\.ts$/;

/** A router of the application with its code. */
export interface RouterCode {
  readonly node: ts.Node;
  readonly place: CodePlace;
}

/** Reads how the routers of other domains are made, get the database and check input. */
export function readConventions(app: HonoApp, project: CrudProject): HonoConventions {
  const beside = app.neighbours.length > 0 ? app.neighbours.map(({ mount }) => mount) : app.leaves;
  const codes = beside.flatMap((mount) => codeOf(mount, project));
  const own = app.path === undefined ? [] : applicationsIn(app, app.path);
  // Those of other generated domains show what the application has not.
  const makers = codes
    .flatMap(({ node, place }) => makerIn(node, place, project) ?? [])
    .filter(({ node, place }) => !node.getText(place.ast).includes(HOOK));
  const roots = own.flatMap(({ node, place }) => makerIn(node, place, project) ?? []);
  const isOpenApi = [...makers, ...roots].some((maker) => maker.isOpenApi);
  const files = [...new Map([...codes, ...own].map((code) => [code.place.path, code])).values()];
  return {
    isOpenApi,
    ...madeLike([...makers, ...roots], { isOpenApi, project }),
    database: databaseAccess(files, project),
    validator: projectValidator(codes, project),
    ...errorsOf(codes, { app, project }),
    hasTags: [...project.sources].some(
      ([path, text]) => !isTest(path) && /\bcreateRoute\(\s*\{[\s\S]*?\btags:/.test(text),
    ),
  };
}

/** What routers throw and an `onError` of the application knows; what is generated already decides it. */
function errorsOf(
  codes: readonly RouterCode[],
  { app, project }: { readonly app: HonoApp; readonly project: CrudProject },
): Pick<HonoConventions, 'throws' | 'errors'> {
  const { sources } = project;
  const ofDomains = new Set(codes.map(({ place }) => place.path).filter((path) => path !== app.path));
  const errors = findProjectErrors(project, { ofDomains });
  const generated = [...sources].find(([path]) => GENERATED.test(path))?.[1];
  if (generated !== undefined) {
    const throws = !generated.includes('apiError');
    const isOwn = errors !== undefined && generated.includes(`new ${errors.conflict.name}(`);
    return { throws, errors: throws && isOwn ? errors : undefined };
  }
  const own = [...sources].filter(([path]) => !isTest(path)).map(([, text]) => text);
  const has = (pattern: RegExp): boolean => own.some((text) => pattern.test(text));
  const throwsHttp =
    codes.some(({ place }) => /\bnew HTTPException\(/.test(place.ast.text)) &&
    has(/\.onError\(/) &&
    has(/\binstanceof HTTPException\b|['"]getResponse['"] in /);
  const isOwn = errors !== undefined && (errors.isThrown || !throwsHttp);
  return { throws: isOwn || throwsHttp, errors: isOwn ? errors : undefined };
}

/** What a mounted name stands for. */
export function codeOf({ target, router }: Mount, project: CrudProject): readonly RouterCode[] {
  const callee = ts.isCallExpression(target) ? target.expression : target;
  if (!ts.isIdentifier(callee)) return [];
  const found = declarationOf(callee.text, router.place, project);
  return found === undefined || found === 'package' ? [] : [found];
}

function applicationsIn({ reading }: HonoApp, path: string): readonly RouterCode[] {
  return reading.routers.flatMap((router) => {
    const { declaration, place } = rootOf(router);
    return place.path === path && declaration?.initializer !== undefined
      ? [{ node: declaration.initializer, place }]
      : [];
  });
}

interface Maker {
  readonly node: ts.NewExpression | ts.CallExpression;
  readonly place: CodePlace;
  readonly isOpenApi: boolean;
  readonly hasHook: boolean;
}

/** The expression that makes the router of a constant or a function. */
function makerIn(node: ts.Node, place: CodePlace, project: CrudProject): Maker | undefined {
  let found: Maker | undefined;
  const visit = (each: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isNewExpression(each) && makesHono(each)) {
      const name = each.expression.getText(place.ast);
      found = {
        node: each,
        place,
        isOpenApi: name === 'OpenAPIHono',
        hasHook: /\bdefaultHook\b/.test(each.getText(place.ast)),
      };
    } else if (ts.isCallExpression(each)) {
      found = factoryCall(each, place, project);
      if (found === undefined) ts.forEachChild(each, visit);
    } else ts.forEachChild(each, visit);
  };
  if (ts.isExpression(node) && !ts.isFunctionLike(node)) visit(makerOf(node));
  else visit(node);
  return found;
}

/** `createRouter()` of the project, or `factory.createApp()`. */
function factoryCall(node: ts.CallExpression, place: CodePlace, project: CrudProject): Maker | undefined {
  const { expression } = node;
  const isMethod = ts.isPropertyAccessExpression(expression) && expression.name.text === 'createApp';
  const callee = isMethod ? expression.expression : expression;
  if (!ts.isIdentifier(callee)) return undefined;
  const declared = declarationOf(callee.text, place, project);
  if (declared === undefined || declared === 'package') return undefined;
  const code = declared.node.getText(declared.place.ast);
  const isFactory = isMethod
    ? /\bcreateFactory\b/.test(code)
    : ts.isFunctionLike(declared.node) && /\bnew (OpenAPI)?Hono\b/.test(code) && !/\.route\(/.test(code);
  if (!isFactory) return undefined;
  return {
    node,
    place,
    isOpenApi: /\bnew OpenAPIHono\b/.test(code),
    hasHook: /\bdefaultHook\b/.test(code),
  };
}

/** What most routers are made by, as far as it can be had elsewhere. */
function madeLike(
  makers: readonly Maker[],
  { isOpenApi, project }: { readonly isOpenApi: boolean; readonly project: CrudProject },
): Pick<HonoConventions, 'maker' | 'hook' | 'env'> {
  const name = isOpenApi ? 'OpenAPIHono' : 'Hono';
  const module = isOpenApi ? '@hono/zod-openapi' : 'hono';
  const own = { name, isType: false, from: { module } };
  const texts = makers
    .filter((maker) => maker.isOpenApi === isOpenApi)
    .map((maker) => maker.node.getText(maker.place.ast));
  const usual = texts.toSorted((a, b) => count(texts, b) - count(texts, a))[0];
  const maker =
    makers.find((each) => each.isOpenApi === isOpenApi && each.node.getText(each.place.ast) === usual) ??
    makers[0];
  if (maker !== undefined && ts.isCallExpression(maker.node)) {
    const whole = copied(maker.node, maker.place, { project });
    if (whole !== undefined && maker.isOpenApi === isOpenApi)
      return { maker: whole, hook: maker.hasHook ? 'application' : 'route', env: undefined };
  }
  if (maker === undefined || !ts.isNewExpression(maker.node))
    return {
      maker: { text: `new ${name}(${isOpenApi ? `{ ${HOOK} }` : ''})`, imports: [own] },
      hook: 'router',
      env: undefined,
    };
  const { place, node } = maker;
  const types = (node.typeArguments ?? []).map((each) => copied(each, place, { project }));
  const given = (node.arguments ?? []).map((each) => copied(each, place, { project }));
  const hasTypes = types.length > 0 && types.every((each) => each !== undefined);
  const hasGiven = maker.isOpenApi === isOpenApi && given.every((each) => each !== undefined);
  const parts = [...(hasTypes ? types : []), ...(hasGiven ? given : [])] as readonly Copied[];
  const hasHook = hasGiven && maker.hasHook;
  const options = hasGiven ? given.map((each) => each!.text).join(', ') : '';
  const withHook = options === '' ? `{ ${HOOK} }` : options.replace('{', `{ ${HOOK},`);
  return {
    maker: {
      text: `new ${name}${hasTypes ? `<${types.map((each) => each!.text).join(', ')}>` : ''}(${isOpenApi && !hasHook ? withHook : options})`,
      imports: [own, ...parts.flatMap(({ imports }) => imports)],
    },
    hook: hasHook ? 'application' : 'router',
    env: hasTypes ? types[0]?.text : undefined,
  };
}

function count(texts: readonly string[], text: string): number {
  return texts.filter((each) => each === text).length;
}
