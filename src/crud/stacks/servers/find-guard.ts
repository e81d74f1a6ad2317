import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudDomain } from '../../domain.ts';
import { isTest } from '../../find-database.ts';
import { type Guard, noGuard } from '../../guard.ts';
import type { Application } from './routers.ts';

/**
 * The project's own middleware for a domain that is not public: an exported function that takes a request and refuses some.
 * Throws `answer-needed` where it has none: nothing is invented that guards data.
 */
export function findGuard(
  { names, authentication }: CrudDomain,
  application: Application,
): Guard | undefined {
  if (authentication === 'public' || authentication === undefined) return undefined;
  const guards = exportedGuards(application);
  const all = [...application.project.sources.values()].join('\n');
  const admin = guards.find(
    ({ name, isFactory }) => isFactory && new RegExp(`\\b${name}\\(\\s*['"]admin['"]\\s*\\)`).test(all),
  );
  if (authentication === 'admin' && admin !== undefined)
    return { imports: [admin], text: `${admin.name}('admin')` };
  const isAdmin = authentication === 'admin';
  const fits = (name: string): boolean =>
    (isAdmin ? /admin/i : /auth|protect|guard|login|session/i).test(name) &&
    (isAdmin || !/admin|role|optional|permission/i.test(name));
  const named = application.dialect.guards?.().find(({ name }) => fits(name));
  if (named !== undefined) return named.guard;
  const found = guards.find(({ name }) => fits(name));
  if (found !== undefined)
    return { imports: [found], text: found.isFactory ? `${found.name}()` : found.name };
  throw noGuard(names.plural.words);
}

interface Exported {
  readonly name: string;
  readonly path: string;
  /** It gives the middleware back: `requireRole('admin')`. */
  readonly isFactory: boolean;
}

function exportedGuards({ project, dialect }: Application): readonly Exported[] {
  return [...project.sources].flatMap(([path, text]) => {
    if (isTest(path) || !/\b40[13]\b|Unauthori[sz]ed|Forbidden|jwtVerify/i.test(text)) return [];
    const ast = parseText(path, text);
    return ast.statements.flatMap((statement) =>
      exportedFunctions(statement).flatMap(({ name, node }): Exported[] => {
        if (!isHandler(node) && returned(node) === undefined) return [];
        if (!dialect.refuses(node, { path, ast }, project)) return [];
        return [{ name, path, isFactory: !isHandler(node) }];
      }),
    );
  });
}

type Callable = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

function exportedFunctions(
  statement: ts.Statement,
): readonly { readonly name: string; readonly node: Callable }[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isFunctionDeclaration(statement))
    return statement.name === undefined ? [] : [{ name: statement.name.text, node: statement }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer !== undefined && isCallable(initializer)
      ? [{ name: name.text, node: initializer }]
      : [],
  );
}

function isCallable(node: ts.Node): node is Callable {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);
}

/** `(req, res, next) => …`, `(request, reply) => …` */
function isHandler({ parameters }: Callable): boolean {
  return (
    parameters.length >= 2 && /^_*(req|request)$/.test((parameters[0]!.name as ts.Identifier).text ?? '')
  );
}

/** The handler that a function gives back. */
function returned({ body }: Callable): Callable | undefined {
  if (body === undefined) return undefined;
  const given = ts.isBlock(body) ? body.statements.find(ts.isReturnStatement)?.expression : body;
  return given !== undefined && isCallable(given) && isHandler(given) ? given : undefined;
}
