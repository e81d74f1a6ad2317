import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import type { ClassCode } from '../../parent-class.ts';
import { type CodePlace, declarationOf } from '../../refuses.ts';
import { type ErrorClass, readErrorClass } from './error-classes.ts';

/** An error that the application answers, as it is made. */
export interface ProjectError {
  readonly name: string;
  readonly path: string;
  /** Arguments as code, in which `message` and `what` stand for a text and for what there is none of. */
  readonly arguments: readonly Argument[];
}

export type Argument =
  { readonly kind: 'message' | 'options' | 'what' } | { readonly kind: 'status'; readonly code: number };

/** The application's own errors, to which its `onError` gives their form. */
export interface ProjectErrors {
  readonly notFound: ProjectError;
  readonly conflict: ProjectError;
  readonly invalid: ProjectError;
  /** What input that is refused is answered with. */
  readonly invalidStatus: 400 | 422;
  /** The property in which all of them have their status. */
  readonly statusKey: string;
  /** They extend HTTPException. */
  readonly isHttp: boolean;
  /** Code of the application throws one of them. */
  readonly isThrown: boolean;
  /** What the application gives to `onError`, where a test can have it without the application. */
  readonly handler: { readonly name: string; readonly path: string } | undefined;
}

/** What all generated domains share. */
const GENERATED = /\/crud\/\w[\w-]*\.ts$/;
const WANTED = {
  notFound: /^(Resource|Entity|Record|Http|Api)?NotFound(Error|Exception)?$/i,
  conflict: /^(Resource|Http|Api)?(Conflict|AlreadyExists|Duplicate\w*)(Error|Exception)?$/i,
  invalid:
    /^(Http|Api)?(Validation|BadRequest|Unprocessable(Entity|Content)?|Invalid(Value|Input|Argument)?)(Error|Exception)?$/i,
} as const;
/** What a class is called that others extend, or that is thrown with any status. */
const ANY = /^(App|Api|Http|Domain|Base|Application|Service|Custom|Request|Business)\w*(Error|Exception)$/i;
/** What the parameter is called that is named in the message: `new NotFoundError('User')`. */
const WHAT = /^(resource|entity|what|name|model|type|subject|item|record)(Name|Type)?$/i;

interface Handler extends CodePlace {
  readonly node: ts.Node;
  /** Its name where it is exported by itself. */
  readonly exported: string | undefined;
}

/**
 * The errors that the application throws and its `onError` maps by a status that they have: one for what is not there, one for
 * what is taken, one for invalid input; each a class of its own, or one that takes the status. Undefined where one of them has a
 * constructor that is not understood, or `onError` does not know it.
 */
export function findProjectErrors(
  project: CrudProject,
  { ofDomains }: { readonly ofDomains: ReadonlySet<string> },
): ProjectErrors | undefined {
  const own = [...project.sources].filter(([path]) => !isTest(path) && !GENERATED.test(path));
  // What a domain answers for itself is not answered for others.
  const handlers = own.flatMap(([path, text]) =>
    text.includes('.onError(') && !ofDomains.has(path)
      ? handlersIn({ path, ast: parseText(path, text) }, project)
      : [],
  );
  if (handlers.length === 0) return undefined;
  const classes = own
    .filter(([, text]) => /\bclass \w+ extends\b/.test(text))
    .flatMap(([path, text]) => exportedClasses({ path, ast: parseText(path, text) }))
    .flatMap((code) => readErrorClass(code, project) ?? [])
    .filter((each) => handlers.some((handler) => answers(handler, each, project)));
  const used = ({ name }: { readonly name: string }): number =>
    own.filter(([, text]) => new RegExp(`\\bnew ${name}\\(`).test(text)).length;
  const find = (pattern: RegExp, ...statuses: readonly number[]): readonly Made[] =>
    [classes.filter(({ name }) => pattern.test(name)), classes.filter(({ name }) => ANY.test(name))].flatMap(
      (some) =>
        some
          .flatMap((each) => statuses.flatMap((status) => madeWith(each, status) ?? []).slice(0, 1))
          .toSorted((a, b) => used(b) - used(a)),
    );
  const [notFound] = find(WANTED.notFound, 404);
  const conflict = find(WANTED.conflict, 409).find(({ saysMessage }) => saysMessage);
  const invalid = find(WANTED.invalid, 400, 422).find(({ saysMessage }) => saysMessage);
  if (notFound === undefined || conflict === undefined || invalid === undefined) return undefined;
  const all = [notFound, conflict, invalid];
  const { statusKey, isHttp } = notFound;
  if (!all.every((each) => each.statusKey === statusKey && each.isHttp === isHttp)) return undefined;
  return {
    notFound,
    conflict,
    invalid,
    invalidStatus: invalid.status === 422 ? 422 : 400,
    statusKey,
    isHttp,
    isThrown: all.some((each) => used(each) > 0),
    handler: handlers.flatMap((handler) => reusable(handler, project) ?? [])[0],
  };
}

interface Made extends ProjectError {
  readonly status: number;
  readonly statusKey: string;
  readonly isHttp: boolean;
  /** Whatever is wrong can be said in it. */
  readonly saysMessage: boolean;
}

/** How an error of a class is made that has a status; undefined where that is not known. */
function madeWith(own: ErrorClass, status: number): Made | undefined {
  const { name, place, parameters, isHttp, statusKey } = own;
  if (statusKey === undefined || own.status === undefined) return undefined;
  if (own.status.kind === 'number' && own.status.value !== status) return undefined;
  const roles = parameters.map((parameter, index): Argument | undefined => {
    if (own.status?.kind === 'parameter' && own.status.index === index)
      return parameter.type === 'status' ? { kind: 'status', code: status } : undefined;
    const { message } = own;
    if (message?.kind === 'options' && message.index === index) return { kind: 'options' };
    if (parameter.type !== 'text') return undefined;
    if (message?.kind === 'parameter' && message.index === index) return { kind: 'message' };
    const isNamed = message?.kind === 'text' && message.of.includes(index) && WHAT.test(parameter.name);
    return isNamed ? { kind: 'what' } : undefined;
  });
  const given = roles.slice(0, roles.findLastIndex((role) => role !== undefined) + 1);
  const left = parameters.slice(given.length);
  if (left.some(({ isOptional }) => !isOptional)) return undefined;
  const known = given.flatMap((role) => role ?? []);
  if (known.length < given.length) return undefined;
  if (own.status.kind === 'parameter' && !known.some(({ kind }) => kind === 'status')) return undefined;
  const saysMessage = known.some(({ kind }) => kind === 'message' || kind === 'options');
  return { name, path: place.path, arguments: known, status, statusKey, isHttp, saysMessage };
}

/** Classes that can be had by their name, and made. */
function exportedClasses({ path, ast }: CodePlace): readonly ClassCode[] {
  return ast.statements.filter(ts.isClassDeclaration).flatMap((node) => {
    const kinds = (node.modifiers ?? []).map(({ kind }) => kind);
    const isOne =
      kinds.includes(ts.SyntaxKind.ExportKeyword) &&
      !kinds.includes(ts.SyntaxKind.DefaultKeyword) &&
      !kinds.includes(ts.SyntaxKind.AbstractKeyword);
    return isOne ? [{ node, place: { path, ast } }] : [];
  });
}

/** What a file gives to `onError`: a function there, or one of the project by its name. */
function handlersIn(place: CodePlace, project: CrudProject): readonly Handler[] {
  const found: Handler[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'onError'
    ) {
      const [given] = node.arguments;
      if (given !== undefined && ts.isFunctionLike(given))
        found.push({ ...place, node: given, exported: undefined });
      if (given !== undefined && ts.isIdentifier(given)) {
        const declared = declarationOf(given.text, place, project);
        if (declared !== undefined && declared !== 'package')
          found.push({
            ...declared.place,
            node: declared.node,
            exported: exportedName(given.text, place, declared.place),
          });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(place.ast);
  return found;
}

/** The name by which a test can import what a name of another file stands for. */
function exportedName(name: string, from: CodePlace, { path, ast }: CodePlace): string | undefined {
  if (from.path === path) return undefined;
  const isExported = ast.statements.some(
    (statement) =>
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
      !(ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) &&
      (ts.isFunctionDeclaration(statement)
        ? statement.name?.text === name
        : ts.isVariableStatement(statement) &&
          statement.declarationList.declarations.some((each) => each.name.getText(ast) === name)),
  );
  return isExported ? name : undefined;
}

/** Whether a handler knows errors of a class, and answers with the status that they have. */
function answers({ node, path, ast }: Handler, own: ErrorClass, project: CrudProject): boolean {
  const text = node.getText(ast);
  const reads =
    (own.statusKey !== undefined && new RegExp(`\\.${own.statusKey}\\b`).test(text)) ||
    (own.isHttp && /\.getResponse\(/.test(text)) ||
    (own.statusKey !== undefined && new RegExp(`\\{[^}]*\\b${own.statusKey}\\b[^}]*\\} = `).test(text));
  if (!reads) return false;
  const keys = [...text.matchAll(/['"](\w+)['"] in /g)].map(([, key]) => key);
  if (own.statusKey !== undefined && keys.includes(own.statusKey)) return true;
  if (own.isHttp && keys.includes('getResponse')) return true;
  return [...text.matchAll(/\binstanceof (\w+)/g)].some(([, name = '']) => {
    const known = declarationOf(name, { path, ast }, project);
    if (known === 'package') return own.isHttp && name === 'HTTPException';
    return own.ancestors.some(
      (each) => known !== undefined && each.place.path === known.place.path && each.node.name?.text === name,
    );
  });
}

/** A handler whose file needs nothing of the project but errors: no settings, no logger, no database. */
function reusable({ exported, path, ast }: Handler, project: CrudProject): ProjectErrors['handler'] {
  // One for an environment of the application's does not fit the test's.
  if (exported === undefined || /\b(ErrorHandler|Context)</.test(ast.text)) return undefined;
  const isHarmless = ast.statements.filter(ts.isImportDeclaration).every((statement) => {
    if (statement.importClause?.isTypeOnly === true) return true;
    const { moduleSpecifier } = statement;
    if (!ts.isStringLiteral(moduleSpecifier)) return false;
    const target = project.resolveImport(path, moduleSpecifier.text);
    if (target === undefined) return /^(hono(\/|$)|zod$)/.test(moduleSpecifier.text);
    return /\bclass \w+ extends\b/.test(project.sources.get(target) ?? '');
  });
  return isHarmless ? { name: exported, path } : undefined;
}

/** `new NotFoundError('Order item')`: `message` is code, `what` the name of a row. */
export function thrown(
  { name, arguments: given }: ProjectError,
  { message, what }: { readonly message: string; readonly what: string },
): string {
  const code = given.map((each) => {
    switch (each.kind) {
      case 'status':
        return String(each.code);
      case 'what':
        return `'${what}'`;
      case 'options':
        return `{ message: ${message} }`;
      case 'message':
        return message;
    }
  });
  return `new ${name}(${code.join(', ')})`;
}
