import { ts } from '../../../schema/compiler.cjs';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import { importOf, importsOf } from './application.ts';
import type { GuardUse, NamedImport } from './guards.ts';
import { entriesOf } from './module-metadata.ts';
import { decoratorsOf, filesWith } from './neighbours.ts';

/** What a module has to have so that Nest can make the guards of its controllers; texts of code. */
export interface GuardNeeds {
  /** `AuthModule`, `JwtModule.register({ … })` */
  readonly entries: readonly string[];
  readonly providers: readonly string[];
  readonly imports: readonly NamedImport[];
  /** The entries that are modules of the project: tests, in which guards let everybody pass, do without them. */
  readonly modules: readonly NamedImport[];
}

/** What Nest gives every class, in every module. */
const EVERYWHERE = /^(Reflector|ModuleRef|HttpAdapterHost|LazyModuleLoader|REQUEST)$/;

/**
 * What the guards of a controller are given, found as the neighbours' modules have it: the modules in their `imports` that
 * export it, and providers of their own. What a global module exports needs nothing.
 */
export function guardNeeds(use: GuardUse, project: CrudProject): GuardNeeds {
  const modules = filesWith(project, /@Module\(/);
  const neighbours = modules.filter(({ ast, imports }) => {
    const guarded = entriesOf(ast, 'controllers').some((each) => {
      const path = imports.find(({ names }) =>
        names?.items.some(({ alias }) => alias === each.getText(ast)),
      )?.path;
      const text = path === undefined ? '' : (project.sources.get(path) ?? '');
      return use.guards.some((guard) => text.includes(guard));
    });
    return guarded;
  });
  const reading = { project, modules, neighbours };
  const needs = new Map<string, Need>();
  const queue = use.guards.flatMap((guard) => {
    const from = use.imports.find(({ name }) => name === guard)?.from;
    return from !== undefined && 'path' in from
      ? dependenciesOf(guard, read(from.path, project), project)
      : [];
  });
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next.token)) continue;
    seen.add(next.token);
    const need = needOf(next, reading);
    if (need === undefined) continue;
    needs.set(need.code, need);
    if (need.kind === 'provider' && next.path !== undefined)
      queue.push(...dependenciesOf(next.token, read(next.path, project), project));
  }
  const all = [...needs.values()];
  const ofKind = (kind: Need['kind']): readonly Need[] => all.filter((each) => each.kind === kind);
  return {
    entries: ofKind('module').map(({ code }) => code),
    providers: ofKind('provider').map(({ code }) => code),
    imports: all.flatMap(({ imports }) => imports),
    modules: ofKind('module').flatMap(({ code, imports: [from] }) =>
      from !== undefined && 'path' in from.from && from.name === code ? [from] : [],
    ),
  };
}

interface Reading {
  readonly project: CrudProject;
  readonly modules: readonly SchemaFile[];
  /** The modules of controllers with the same guards. */
  readonly neighbours: readonly SchemaFile[];
}

interface Need {
  readonly kind: 'module' | 'provider';
  readonly code: string;
  readonly imports: readonly NamedImport[];
}

/** Something that a class is given by Nest: a class, a token, the repository of an entity. */
interface Dependency {
  readonly token: string;
  /** The package that it comes from, or the file. */
  readonly module: string | undefined;
  readonly path: string | undefined;
}

function read(path: string, project: CrudProject): SchemaFile {
  return parseFile(path, project.sources.get(path) ?? '', (from, specifier) =>
    project.resolveImport(from, specifier),
  );
}

/** What the constructor of a class of a file takes, or that of the class of the project that it extends. */
function dependenciesOf(name: string, file: SchemaFile, project: CrudProject): readonly Dependency[] {
  const node = file.ast.statements.filter(ts.isClassDeclaration).find((each) => each.name?.text === name);
  if (node === undefined) return [];
  const constructor = node.members.find(ts.isConstructorDeclaration);
  if (constructor === undefined) {
    const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    const from = base && ts.isIdentifier(base.expression) ? importOf(base.expression.text, file) : undefined;
    if (from === undefined || !('path' in from.from)) return [];
    return dependenciesOf(from.name, read(from.from.path, project), project);
  }
  return constructor.parameters.flatMap((parameter) => dependencyOf(parameter, file) ?? []);
}

function dependencyOf(parameter: ts.ParameterDeclaration, file: SchemaFile): Dependency | undefined {
  const given = decoratorsOf(parameter).find(({ name }) => /^Inject(Repository|Model)?$/.test(name));
  const type = parameter.type;
  const [argument] = given?.arguments ?? [];
  const token =
    argument?.getText(file.ast) ??
    (type !== undefined && ts.isTypeReferenceNode(type) ? type.typeName.getText(file.ast) : undefined);
  if (token === undefined || EVERYWHERE.test(token)) return undefined;
  const from = importOf(token, file)?.from;
  return {
    token,
    module: from !== undefined && 'module' in from ? from.module : undefined,
    path: from === undefined ? file.path : 'path' in from ? from.path : undefined,
  };
}

/** As the neighbours have it, else the one module of the project that exports it; undefined where that is a global one. */
function needOf(dependency: Dependency, reading: Reading): Need | undefined {
  for (const file of reading.neighbours) {
    const entry = entriesOf(file.ast, 'imports').find((each) => gives(each, file, dependency, reading));
    const imports = entry && importsOf(entry, file);
    if (entry !== undefined && imports !== undefined)
      return { kind: 'module', code: entry.getText(file.ast), imports };
    const provider = entriesOf(file.ast, 'providers').find((each) => provides(each, file, dependency.token));
    const names = provider && importsOf(provider, file);
    if (provider !== undefined && names !== undefined)
      return { kind: 'provider', code: provider.getText(file.ast), imports: names };
  }
  const exporting = reading.modules.filter((file) => exportsIt(file, dependency.token, reading));
  const [only] = exporting;
  const name = only && moduleName(only);
  if (only === undefined || name === undefined || exporting.length > 1 || isGlobal(only)) return undefined;
  return { kind: 'module', code: name, imports: [{ name, from: { path: only.path } }] };
}

/** An entry of a module's `imports` brings a dependency: a module of the project that exports it, or one of its package. */
function gives(entry: ts.Expression, file: SchemaFile, dependency: Dependency, reading: Reading): boolean {
  const root = rootOf(entry);
  const from = root === undefined ? undefined : importOf(root, file)?.from;
  if (from === undefined) return false;
  if ('module' in from)
    return (
      from.module === dependency.module ||
      (/\.forFeature\(/.test(entry.getText(file.ast)) && namesIn(entry).includes(dependency.token))
    );
  const module = reading.modules.find(({ path }) => path === from.path);
  return module !== undefined && exportsIt(module, dependency.token, reading);
}

function provides(entry: ts.Expression, { ast }: SchemaFile, token: string): boolean {
  if (ts.isIdentifier(entry)) return entry.text === token;
  if (!ts.isObjectLiteralExpression(entry)) return false;
  return entry.properties.some(
    (each) =>
      ts.isPropertyAssignment(each) &&
      each.name.getText(ast) === 'provide' &&
      each.initializer.getText(ast) === token,
  );
}

/** A module exports something itself, or another module that does. */
function exportsIt(
  file: SchemaFile,
  token: string,
  reading: Reading,
  above: readonly string[] = [],
): boolean {
  return entriesOf(file.ast, 'exports').some((each) => {
    if (each.getText(file.ast) === token) return true;
    const root = rootOf(each);
    const from = root === undefined ? undefined : importOf(root, file)?.from;
    const next =
      from !== undefined && 'path' in from
        ? reading.modules.find(({ path }) => path === from.path)
        : undefined;
    return (
      next !== undefined &&
      !above.includes(next.path) &&
      exportsIt(next, token, reading, [...above, file.path])
    );
  });
}

/** `JwtModule` of `JwtModule.register({ … })`. */
function rootOf(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return rootOf(node.expression);
  return undefined;
}

function namesIn(node: ts.Node): readonly string[] {
  const names: string[] = ts.isIdentifier(node) ? [node.text] : [];
  ts.forEachChild(node, (child) => void names.push(...namesIn(child)));
  return names;
}

function moduleName({ ast }: SchemaFile): string | undefined {
  return moduleClass(ast)?.name?.text;
}

function isGlobal({ ast }: SchemaFile): boolean {
  const node = moduleClass(ast);
  return node !== undefined && decoratorsOf(node).some(({ name }) => name === 'Global');
}

function moduleClass({ statements }: ts.SourceFile): ts.ClassDeclaration | undefined {
  return statements
    .filter(ts.isClassDeclaration)
    .find((node) => decoratorsOf(node).some(({ name }) => name === 'Module'));
}
