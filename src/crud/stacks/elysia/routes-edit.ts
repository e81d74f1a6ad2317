import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { WiringEdit } from '../../stack.ts';
import type { RoutesAccess } from './access.ts';
import { copyLike, mentions } from './copy-like.ts';
import { importing, operationCopies } from './domain-copies.ts';
import type { Layout } from './layout.ts';
import { OPERATIONS } from './neighbours.ts';
import type { Token } from './tokens.ts';

export interface RoutesWiring {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  /** The file in which controllers are registered. */
  readonly path: string | undefined;
  readonly access: RoutesAccess;
  readonly token: Token;
}

/** Registers the controllers of a domain as those of others are. */
export function routesEdit({ domain, project, layout, path, access, token }: RoutesWiring): WiringEdit {
  const { classes, paths } = layout;
  const copies = operationCopies(layout, 'controller', access.neighbours, token);
  const controllers = OPERATIONS.map((operation) => classes[`${operation}Controller`]);
  const imported = OPERATIONS.map((operation) => ({
    name: classes[`${operation}Controller`],
    path: paths[`${operation}Controller`],
  }));
  const { isClosed, closedBy, receiver = 'app' } = access;
  return {
    path,
    // What is resolved has to be registered, or the whole application does not start.
    group: 'container',
    what: `the routes of ${domain.names.plural.words}${isClosed ? `, where ${closedBy} closes them as it does the others` : ''}`,
    paste: controllers.map((name) => `container.resolve(${name}).register(${receiver});`).join('\n'),
    edit(before) {
      if (path === undefined) return undefined;
      const copied = copyLike(path, before, copies);
      if (copied === undefined) return undefined;
      const missing = controllers.filter((name) => !mentions(path, copied, [name]));
      // What is to be guarded stands beside what is guarded, or nowhere.
      const whole = missing.length === 0 ? copied : isClosed ? undefined : addToApp(path, copied, missing);
      return whole === undefined ? undefined : importing(path, whole, imported, project);
    },
  };
}

/** Registers controllers at the end of the function that gets the application, or behind the last use of the one that is made here. */
function addToApp(path: string, text: string, controllers: readonly string[]): string | undefined {
  const ast = parseText(path, text);
  const { eol, indent } = readStyle(text);
  if (!/\bcontainer\b/.test(text)) return undefined;
  const lines = (app: string, space: string): string =>
    controllers.map((name) => `${space}container.resolve(${name}).register(${app});`).join(eol);
  for (const statement of ast.statements) {
    const found = functionWithApp(statement, ast);
    if (found === undefined) continue;
    const end = found.body.statements.findLast(ts.isReturnStatement);
    const at = end === undefined ? found.body.end - 1 : lineStart(text, end.getStart(ast));
    const isApart = end !== undefined && /\n[ \t]*\r?\n$/.test(text.slice(0, at));
    return applyEdits(text, [
      { start: at, end: at, text: `${lines(found.app, indent)}${eol}${isApart ? eol : ''}` },
    ]);
  }
  const made = ast.statements.findLast(
    (each) => ts.isVariableStatement(each) && /=\s*new Elysia\b/.test(each.getText(ast)),
  );
  const app = made && /\b(?:const|let)\s+(\w+)/.exec(made.getText(ast))?.[1];
  if (made === undefined || app === undefined) return undefined;
  return applyEdits(text, [{ start: made.end, end: made.end, text: eol + eol + lines(app, '') }]);
}

function functionWithApp(
  statement: ts.Statement,
  ast: ts.SourceFile,
): { app: string; body: ts.Block } | undefined {
  const candidates = ts.isFunctionDeclaration(statement)
    ? [statement]
    : ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ initializer }) =>
          initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
            ? [initializer]
            : [],
        )
      : [];
  for (const { parameters, body } of candidates) {
    const parameter = parameters.find(
      ({ type, name }) => ts.isIdentifier(name) && /\bElysia\b|AnyElysia/.test(type?.getText(ast) ?? ''),
    );
    if (parameter !== undefined && ts.isIdentifier(parameter.name) && body && ts.isBlock(body))
      return { app: parameter.name.text, body };
  }
  return undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}
