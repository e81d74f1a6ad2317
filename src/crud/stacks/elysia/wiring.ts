import { TableplanError } from '../../../errors.ts';
import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import { indentAt, readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { Authentication, CrudDomain } from '../../domain.ts';
import type { WiringEdit } from '../../stack.ts';
import { withImports } from '../../wiring/imports.ts';
import { type Copy, copyLike, mentions, type Substitution, wrappersOf } from './copy-like.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, OPERATIONS } from './neighbours.ts';
import type { WiringTargets } from './targets.ts';
import { addTokenMember, type Token } from './tokens.ts';

export interface Wiring {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: Layout;
  readonly targets: WiringTargets;
  readonly token: Token;
}

/** The edits that make a domain part of the application: its token, its classes in the container, its routes. */
export function wiringOf(wiring: Wiring): readonly WiringEdit[] {
  return [...tokenEdit(wiring), containerEdit(wiring), routesEdit(wiring)];
}

function tokenEdit({ domain, targets, token }: Wiring): readonly WiringEdit[] {
  const { name, like } = token;
  const path = targets.tokens;
  if (name === undefined) return [];
  return [
    {
      path,
      what: `the token of ${domain.names.plural.words} among the tokens`,
      paste: token.code.includes('.')
        ? `${name}: Symbol.for('${name}'),`
        : `export const ${name} = Symbol.for('${name}');`,
      edit(text) {
        if (path === undefined || mentions(path, text, [name])) return text;
        const copied =
          like === undefined ? text : copyLike(path, text, [{ name, likes: [new Map([[like, name]])] }]);
        return copied !== undefined && copied !== text ? copied : addTokenMember(path, text, name);
      },
    },
  ];
}

function containerEdit({ domain, project, layout, targets, token }: Wiring): WiringEdit {
  const { classes, paths } = layout;
  const path = targets.container;
  const ofRepository = layout.neighbours
    .filter(({ role }) => role === 'adapter')
    .map(({ className, subject }): Substitution => {
      const port = layout.neighbours.find((each) => each.role === 'port' && each.subject === subject);
      return new Map([
        [className, classes.adapter],
        ...(port === undefined ? [] : [[port.className, classes.port] as const]),
        ...(token.like === undefined || token.name === undefined ? [] : [[token.like, token.name] as const]),
      ]);
    });
  const names = ['useCase', 'controller'] as const;
  const copies: readonly Copy[] = [
    { name: classes.adapter, likes: ofRepository },
    ...names.flatMap((kind) => operationCopies(layout, kind, layout.neighbours)),
  ];
  const registered = `container.register(${token.code}, { useClass: ${classes.adapter} });`;
  const imported = [
    { name: classes.adapter, path: paths.adapter },
    ...token.imports,
    ...OPERATIONS.flatMap((operation) => [
      { name: classes[`${operation}UseCase`], path: paths[`${operation}UseCase`] },
      { name: classes[`${operation}Controller`], path: paths[`${operation}Controller`] },
    ]),
  ];
  return {
    path,
    what: `the repository of ${domain.names.plural.words} in the container`,
    paste: registered,
    edit(text) {
      if (path === undefined) return undefined;
      const copied = copyLike(path, text, copies);
      if (copied === undefined) return undefined;
      const whole = mentions(path, copied, [classes.adapter])
        ? copied
        : addStatement(path, copied, registered, /\bcontainer\s*\.register/);
      if (whole === undefined) return undefined;
      const isTyped = new RegExp(`[<,]\\s*${classes.port}\\b`).test(whole);
      const port = isTyped ? [{ name: classes.port, path: paths.port }] : [];
      return importing(path, whole, [...imported, ...port], project);
    },
  };
}

/** What stands for each operation's class: the neighbours' class of the same operation, else of any other. */
function operationCopies(
  { classes }: Layout,
  kind: 'useCase' | 'controller',
  neighbours: readonly Neighbour[],
): readonly Copy[] {
  const ending = kind === 'useCase' ? 'UseCase' : 'Controller';
  return OPERATIONS.map((operation) => {
    const name = classes[`${operation}${ending}`];
    const like = (wanted: (neighbour: Neighbour) => boolean): Substitution[] =>
      neighbours.filter(wanted).map(({ className }) => new Map([[className, name]]));
    const same = (neighbour: Neighbour): boolean => neighbour.role === `${operation}${ending}`;
    return { name, likes: [...like(same), ...like((each) => each.role.endsWith(ending) && !same(each))] };
  });
}

function routesEdit({ domain, project, layout, targets }: Wiring): WiringEdit {
  const path = targets.routes;
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

function importing(
  path: string,
  text: string,
  imports: readonly { readonly name: string; readonly path: string }[],
  project: CrudProject,
): string {
  const wanted = imports.filter(({ name }) => mentions(path, text, [name]));
  return withImports(
    path,
    text,
    wanted.map((each) => ({ name: each.name, module: project.specifier(path, each.path) })),
  );
}

/** Behind the last statement that a pattern is in. */
function addStatement(path: string, text: string, statement: string, after: RegExp): string | undefined {
  const ast = parseText(path, text);
  const last = ast.statements.findLast(
    (each) => after.test(each.getText(ast)) && !ts.isImportDeclaration(each),
  );
  if (last === undefined) return undefined;
  const { eol } = readStyle(text);
  return applyEdits(text, [
    { start: last.end, end: last.end, text: eol + indentAt(text, last.getStart(ast)) + statement },
  ]);
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
  return applyEdits(text, [{ start: made.end, end: made.end, text: eol + lines(app, '') }]);
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
