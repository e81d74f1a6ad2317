import { ts } from '../../../schema/compiler.cjs';
import { parseFile, parseText } from '../../../schema/parse.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import type { GuardUse } from './guards.ts';

/** A guard of the whole application. */
export interface GlobalGuard {
  /** `JwtAuthGuard`; the code of a factory or an instance where there is no name. */
  readonly name: string;
  /** `src/app.module.ts`. */
  readonly file: string;
}

/** Guards that ask something else than who somebody is. */
export const OTHER_GUARDS = /role|admin|throttl|rate|permission|polic/i;

/** Guards of the whole application that look after who somebody is. */
export function globalGuard(project: CrudProject): GlobalGuard | undefined {
  return globalGuards(project).find(({ name }) => !OTHER_GUARDS.test(name));
}

/** All of them: `{ provide: APP_GUARD, … }` of a module, `app.useGlobalGuards(…)`. */
export function globalGuards({ sources, root }: CrudProject): readonly GlobalGuard[] {
  return [...sources].flatMap(([path, text]) => {
    if (isTest(path) || !/\bAPP_GUARD\b|\buseGlobalGuards\b/.test(text)) return [];
    const names: string[] = [];
    const ast = parseText(path, text);
    const visit = (node: ts.Node): void => {
      names.push(...guardsIn(node, ast));
      ts.forEachChild(node, visit);
    };
    visit(ast);
    return names.map((name) => ({ name, file: posixRelative(root, path) }));
  });
}

function guardsIn(node: ts.Node, ast: ts.SourceFile): readonly string[] {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return node.expression.name.text === 'useGlobalGuards'
      ? node.arguments.map((argument) => nameOf(argument, ast))
      : [];
  if (!ts.isObjectLiteralExpression(node)) return [];
  const properties = node.properties.filter(ts.isPropertyAssignment);
  const value = (name: string) => properties.find((each) => each.name.getText(ast) === name)?.initializer;
  if (value('provide')?.getText(ast) !== 'APP_GUARD') return [];
  const guard = ['useClass', 'useExisting', 'useValue', 'useFactory'].flatMap((name) => value(name) ?? [])[0];
  return guard === undefined ? [] : [nameOf(guard, ast)];
}

/** `JwtAuthGuard` of itself, of `new JwtAuthGuard(reflector)` and of `app.get(JwtAuthGuard)`. */
function nameOf(node: ts.Expression, ast: ts.SourceFile): string {
  if (ts.isNewExpression(node)) return node.expression.getText(ast);
  if (ts.isFunctionLike(node)) return /\bnew\s+(\w+)/.exec(node.getText(ast))?.[1] ?? 'a factory';
  const given = ts.isCallExpression(node) ? node.arguments[0] : undefined;
  return given !== undefined && ts.isIdentifier(given) ? given.text : node.getText(ast);
}

const OPENING = /^((Is)?Public|(Skip|No)Auth|(Allow)?Anonymous|AllowUnauthenticated|Unauthenticated)$/;
const OPENING_KEY = /public|(skip|no)_?auth|allow_?(anonymous|unauth)/i;

/** The decorator by which the project opens single routes; nothing where it has none. */
export function openingDecorator({ sources }: CrudProject): GuardUse | undefined {
  for (const [path, text] of sources) {
    if (isTest(path)) continue;
    const exported = [...text.matchAll(/\bexport\s+(?:const|function)\s+([A-Z]\w*)([^;]{0,200})/g)];
    const found = exported.find(([, name = '', code = '']) => {
      const key = /\bSetMetadata(?:<[^(]*>)?\(\s*([\w.]+|['"`][^'"`]*['"`])/.exec(code)?.[1];
      return OPENING.test(name) || (key !== undefined && OPENING_KEY.test(key));
    });
    if (found !== undefined)
      return { decorators: [`@${found[1]}()`], guards: [], imports: [{ name: found[1]!, from: { path } }] };
  }
  return undefined;
}

/** A decorator of the project's own that is made of others: `Auth = () => applyDecorators(UseGuards(JwtAuthGuard), …)`. */
export interface ComposedDecorator {
  readonly name: string;
  /** What it guards with. */
  readonly use: GuardUse;
}

/** Those that guard. */
export function composedDecorators(project: CrudProject): readonly ComposedDecorator[] {
  return [...project.sources].flatMap(([path, text]) => {
    if (isTest(path) || !text.includes('applyDecorators(') || !text.includes('UseGuards(')) return [];
    const file = parseFile(path, text, (from, specifier) => project.resolveImport(from, specifier));
    return file.ast.statements.flatMap((statement) => {
      const name = exportedName(statement);
      const guards = name === undefined ? [] : guardsOf(statement);
      if (name === undefined || guards.length === 0) return [];
      const imports = guards.flatMap((guard) => {
        const line = file.imports.find((each) => each.names?.items.some(({ alias }) => alias === guard));
        const from =
          line === undefined
            ? { path }
            : line.path === undefined
              ? { module: line.module }
              : { path: line.path };
        return [{ name: guard, from }];
      });
      return [{ name, use: { decorators: [], guards, imports: [...imports, { name, from: { path } }] } }];
    });
  });
}

function exportedName(statement: ts.Statement): string | undefined {
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return undefined;
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text;
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration] = statement.declarationList.declarations;
  return declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}

/** The classes that `UseGuards(…)` names somewhere within. */
function guardsOf(node: ts.Node): readonly string[] {
  const found: string[] = [];
  const visit = (each: ts.Node): void => {
    const isUse =
      ts.isCallExpression(each) && ts.isIdentifier(each.expression) && each.expression.text === 'UseGuards';
    if (isUse) found.push(...each.arguments.filter(ts.isIdentifier).map(({ text }) => text));
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}
