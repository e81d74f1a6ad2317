import { TableplanError } from '../../../errors.ts';
import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { Authentication, CrudDomain } from '../../domain.ts';
import type { WiringEdit } from '../../stack.ts';
import { copyLike, mentions, wrappersOf } from './copy-like.ts';
import { importing, operationCopies } from './domain-copies.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, OPERATIONS } from './neighbours.ts';

export interface RoutesWiring {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  /** The file in which controllers are registered. */
  readonly path: string | undefined;
}

/** Registers the controllers of a domain as those of others are. Throws `answer-needed` for a guard that there is not. */
export function routesEdit({ domain, project, layout, path }: RoutesWiring): WiringEdit {
  const { classes, paths } = layout;
  const isPublic = domain.authentication === 'public';
  const text = path === undefined ? '' : (project.sources.get(path) ?? '');
  const neighbours = neighboursLike(domain, { path: path ?? 'routes.ts', text, layout });
  const copies = operationCopies(layout, 'controller', neighbours);
  const controllers = OPERATIONS.map((operation) => classes[`${operation}Controller`]);
  const imported = OPERATIONS.map((operation) => ({
    name: classes[`${operation}Controller`],
    path: paths[`${operation}Controller`],
  }));
  return {
    path,
    what: `the routes of ${domain.names.plural.words}${isPublic ? '' : ', within the guard of the others'}`,
    paste: controllers.map((name) => `container.resolve(${name}).register(app);`).join('\n'),
    edit(before) {
      if (path === undefined) return undefined;
      const copied = copyLike(path, before, copies);
      if (copied === undefined) return undefined;
      const missing = controllers.filter((name) => !mentions(path, copied, [name]));
      // What is to be guarded stands beside what is guarded, or nowhere.
      const whole = missing.length === 0 ? copied : isPublic ? addToApp(path, copied, missing) : undefined;
      return whole === undefined ? undefined : importing(path, whole, imported, project);
    },
  };
}

interface RoutesFile {
  readonly path: string;
  readonly text: string;
  readonly layout: Layout;
}

/**
 * The controllers whose routes are guarded as ours are to be. Throws `answer-needed` where ours are to be guarded and none
 * is: nothing is invented that guards data.
 */
function neighboursLike(
  { names, authentication }: CrudDomain,
  { path, text, layout }: RoutesFile,
): readonly Neighbour[] {
  const controllers = layout.neighbours.filter(
    ({ role, className }) => role.endsWith('Controller') && mentions(path, text, [className]),
  );
  const found = controllers.filter(
    ({ className }) => guardOf(wrappersOf(path, text, className)) === authentication,
  );
  const isIn = mentions(
    path,
    text,
    OPERATIONS.map((operation) => layout.classes[`${operation}Controller`]),
  );
  if (found.length > 0 || authentication === 'public' || isIn) return found;
  throw new TableplanError(
    'answer-needed',
    `No routes of the project are ${authentication === 'admin' ? 'for administrators alone' : 'guarded'}, so those of ${names.plural.words} cannot be as theirs are.`,
    {
      hint: 'Nothing was written. tableplan uses the guard that a project has around its routes and invents none.',
      missing: [
        {
          field: 'authentication',
          question: `Who may use ${names.plural.words}? A guard is found where routes.ts registers controllers within it.`,
          supply: '--authentication public',
        },
      ],
    },
  );
}

function guardOf(wrappers: readonly string[]): Authentication {
  const code = wrappers.join(' ');
  if (/admin/i.test(code)) return 'admin';
  return /auth(?!or)|protect|session|jwt|bearer|signed|login|private|beforeHandle/i.test(code)
    ? 'protected'
    : 'public';
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
