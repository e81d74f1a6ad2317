import { ts } from '../../../schema/compiler.cjs';
import type { SchemaFile } from '../../../schema/source-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import { declarationOf } from '../../refuses.ts';
import type { NamedImport } from './guards.ts';
import { filesWith } from './neighbours.ts';

/** What the application does to every request, as far as a test can do it too. */
export interface ApplicationSetup {
  /** `app.useGlobalPipes(new ValidationPipe({ whitelist: true }));` */
  readonly statements: readonly string[];
  readonly imports: readonly NamedImport[];
  /** The global ValidationPipe; undefined where there is none, or none that could be read. */
  readonly validation: ValidationOptions | undefined;
}

export interface ValidationOptions {
  readonly whitelist: boolean;
  readonly transform: boolean;
}

/** What a test does as well: pipes, and how answers are written. Where routes lie is the test's own affair. */
const SETTERS = /^(useGlobalPipes|useGlobalFilters|useGlobalInterceptors)$/;

/**
 * What the application's main file, or a function that is given the application, sets up by calls that need nothing but
 * imports; and the pipes that a module provides for all (`APP_PIPE`).
 */
export function applicationSetup(project: CrudProject): ApplicationSetup {
  const statements: string[] = [];
  const imports: NamedImport[] = [];
  let validation: ValidationOptions | undefined;
  const add = (file: SchemaFile, call: string, values: readonly ts.Expression[]): void => {
    validation ??= values
      .map((value) => validationOf(value, file, project))
      .find((each) => each !== undefined);
    const needed = values.map((value) => importsOf(value, file));
    const statement = `app.${call}(${values.map((value) => withApp(value, file)).join(', ')});`;
    if (!needed.every((each) => each !== undefined) || statements.includes(statement)) return;
    statements.push(statement);
    imports.push(...needed.flat());
  };
  for (const file of filesWith(project, /useGlobal(Pipes|Filters|Interceptors)|APP_PIPE/)) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const { name, expression } = node.expression;
        if (SETTERS.test(name.text) && ts.isIdentifier(expression)) add(file, name.text, node.arguments);
      }
      const pipe = ts.isObjectLiteralExpression(node) ? providedPipe(node) : undefined;
      if (pipe !== undefined) add(file, 'useGlobalPipes', [pipe]);
      ts.forEachChild(node, visit);
    };
    visit(file.ast);
  }
  return { statements, imports, validation };
}

/** The pipe of `{ provide: APP_PIPE, useValue: new ValidationPipe(…) }`, or of a factory that gives one. */
function providedPipe({ properties }: ts.ObjectLiteralExpression): ts.Expression | undefined {
  const value = (name: string): ts.Expression | undefined =>
    properties
      .filter(ts.isPropertyAssignment)
      .find((each) => ts.isIdentifier(each.name) && each.name.text === name)?.initializer;
  const token = value('provide');
  if (token === undefined || !ts.isIdentifier(token) || token.text !== 'APP_PIPE') return undefined;
  const made = value('useValue') ?? value('useFactory');
  const body =
    made !== undefined && ts.isArrowFunction(made) && made.parameters.length === 0 ? made.body : made;
  return body !== undefined && ts.isExpression(body) && ts.isNewExpression(body) ? body : undefined;
}

/** Undefined for another pipe. */
function validationOf(
  value: ts.Expression,
  file: SchemaFile,
  project: CrudProject,
): ValidationOptions | undefined {
  if (!ts.isNewExpression(value) || !ts.isIdentifier(value.expression)) return undefined;
  if (value.expression.text !== 'ValidationPipe') return undefined;
  const [given] = value.arguments ?? [];
  const options = given !== undefined && ts.isIdentifier(given) ? valueOf(given.text, file, project) : given;
  const isOn = (name: string): boolean =>
    options !== undefined &&
    ts.isObjectLiteralExpression(options) &&
    options.properties.some(
      (each) =>
        ts.isPropertyAssignment(each) &&
        ts.isIdentifier(each.name) &&
        each.name.text === name &&
        each.initializer.kind === ts.SyntaxKind.TrueKeyword,
    );
  return { whitelist: isOn('whitelist'), transform: isOn('transform') };
}

/** The value of a constant of the file, or of one that it imports. */
function valueOf(name: string, file: SchemaFile, project: CrudProject): ts.Node | undefined {
  const declared = declarationOf(name, file, project);
  return declared === 'package' ? undefined : declared?.node;
}

/** What an expression names, where all of that is imported, or the application itself; undefined where something else is. */
export function importsOf(node: ts.Node, file: SchemaFile): readonly NamedImport[] | undefined {
  const found: NamedImport[] = [];
  const declared = new Set<string>();
  let isOpen = false;
  const visit = (each: ts.Node): void => {
    if (ts.isParameter(each)) namesOf(each.name).forEach((name) => declared.add(name));
    if (ts.isPropertyAccessExpression(each)) return visit(each.expression);
    if (ts.isPropertyAssignment(each)) return visit(each.initializer);
    if (ts.isTypeNode(each)) return;
    if (ts.isIdentifier(each) && !declared.has(each.text)) {
      const from = importOf(each.text, file);
      if (from !== undefined) found.push(from);
      else if (!APPLICATION.test(each.text) && !HARMLESS.has(each.text)) isOpen = true;
    }
    ts.forEachChild(each, visit);
  };
  visit(node);
  return isOpen ? undefined : found;
}

const APPLICATION = /^(app|application)$/;
const HARMLESS = new Set([
  'undefined',
  'Object',
  'Number',
  'String',
  'Boolean',
  'Array',
  'Error',
  'Date',
  'JSON',
]);

function namesOf(name: ts.BindingName): readonly string[] {
  return ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : namesOf(each.name)));
}

function withApp(value: ts.Expression, { ast }: SchemaFile): string {
  return value.getText(ast).replaceAll(/\bapplication\.get\b/g, 'app.get');
}

/** Where a name of a file is imported from; undefined for what the file declares, or imports under another name. */
export function importOf(name: string, { imports }: SchemaFile): NamedImport | undefined {
  const line = imports.find((each) =>
    each.names?.items.some((item) => item.alias === name && item.name === name),
  );
  if (line === undefined) return undefined;
  return { name, from: line.path === undefined ? { module: line.module } : { path: line.path } };
}
