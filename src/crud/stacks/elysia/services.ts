import { ts } from '../../../schema/compiler.cjs';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import { findDatabase, isTest } from '../../find-database.ts';
import type { Neighbour } from './neighbours.ts';
import type { WiringTargets } from './targets.ts';

/** An import that a file has: of a package by its name, of a project file by its path. */
export interface FoundImport {
  /** `{ Database }`, `* as schema`. */
  readonly clause: string;
  readonly module: string;
  readonly path: string | undefined;
}

/** What a class of the project gets through its constructor: `@inject(TOKENS.Logger) private readonly logger: Logger`. */
export interface Injected {
  readonly token: string;
  readonly type: string;
  readonly tokenImports: readonly FoundImport[];
  readonly typeImports: readonly FoundImport[];
}

export interface DatabaseService extends Injected {
  /** What stands between the injected object and its queries: ``, `.connection`. */
  readonly access: string;
  /** Repositories import it from a module, and no container knows it. */
  readonly isImported?: boolean | undefined;
}

const QUERIES = 'select|selectDistinct|insert|update|delete|query|transaction|execute';

/** How the project's repositories get their Drizzle database. */
export function findDatabaseService(project: CrudProject): DatabaseService | undefined {
  return firstInjected(project, /drizzle/i, ({ name, body }) => {
    const access = new RegExp(`this\\.${name}((?:\\s*\\.\\w+)*?)\\s*\\.(?:${QUERIES})\\b`).exec(body)?.[1];
    return access === undefined ? undefined : { access: access.replace(/\s/g, '') };
  });
}

/** The database as the container has it, where no class asks for it yet. */
export function registeredDatabase(
  project: CrudProject,
  { container }: WiringTargets,
): DatabaseService | undefined {
  const database = findDatabase(project);
  const text = container === undefined ? undefined : project.sources.get(container);
  if (database === undefined || container === undefined || text === undefined) return undefined;
  const registered = new RegExp(
    `\\bregister(?:Instance)?(?:<[^(]*>)?\\(\\s*([\\w.]+|'\\w+'|"\\w+")\\s*,\\s*(?:\\{\\s*useValue:\\s*)?${database.name}\\b`,
  ).exec(text)?.[1];
  if (registered === undefined) return undefined;
  const file = parseFile(container, text, project.resolveImport);
  return {
    token: registered,
    type: `typeof ${database.name}`,
    access: '',
    tokenImports: importsOf(file, registered),
    typeImports: [{ clause: `{ ${database.name} }`, module: '', path: database.path }],
  };
}

/** The database as repositories import it: `import { db } from '../connection'`. */
export function importedDatabase(
  project: CrudProject,
  neighbours: readonly Neighbour[],
): DatabaseService | undefined {
  const database = findDatabase(project);
  const isUsed = neighbours.some(({ role, path }) => {
    const text = role === 'adapter' ? project.sources.get(path) : undefined;
    if (text === undefined || database === undefined) return false;
    return parseFile(path, text, project.resolveImport).imports.some(
      (each) => each.path === database.path && each.names?.items.some(({ name }) => name === database.name),
    );
  });
  if (database === undefined || !isUsed) return undefined;
  // The property of the repository may be called as the constant is.
  const alias = database.name === 'db' ? 'connection' : database.name;
  const clause = alias === database.name ? `{ ${alias} }` : `{ ${database.name} as ${alias} }`;
  return {
    token: alias,
    type: `typeof ${alias}`,
    access: '',
    tokenImports: [],
    typeImports: [{ clause, module: '', path: database.path }],
    isImported: true,
  };
}

/** How the project's classes get their logger: one that has been seen to take a text alone, or first. */
export function findLoggerService(project: CrudProject): Injected | undefined {
  return firstInjected(project, /logger/i, ({ name, token, body }) => {
    const isLogger = /logger/i.test(token) && new RegExp(`this\\.${name}\\.info\\(\\s*['"\`]`).test(body);
    return isLogger ? {} : undefined;
  });
}

interface Parameter {
  readonly name: string;
  readonly token: string;
  /** The text of the class. */
  readonly body: string;
}

function firstInjected<More extends object>(
  { sources, resolveImport }: CrudProject,
  mention: RegExp,
  pick: (parameter: Parameter) => More | undefined,
): (Injected & More) | undefined {
  for (const [path, text] of sources) {
    if (isTest(path) || !text.includes('inject(') || !mention.test(text)) continue;
    const file = parseFile(path, text, resolveImport);
    for (const parameter of injectedParameters(file)) {
      const more = pick(parameter);
      if (more === undefined) continue;
      const { token, type } = parameter;
      const tokenImports = importsOf(file, token);
      // A class may be both.
      const isKnown = (each: FoundImport): boolean =>
        tokenImports.some(({ clause }) => clause === each.clause);
      return {
        ...more,
        token,
        type,
        tokenImports,
        typeImports: importsOf(file, type).filter((each) => !isKnown(each)),
      };
    }
  }
  return undefined;
}

function injectedParameters({ ast, text }: SchemaFile): (Parameter & { readonly type: string })[] {
  const constructors = ast.statements
    .filter(ts.isClassDeclaration)
    .flatMap((node) =>
      node.members.filter(ts.isConstructorDeclaration).map((each) => ({ each, body: node.getText(ast) })),
    );
  return constructors.flatMap(({ each, body }) =>
    each.parameters.flatMap((parameter) => {
      const token = injectedToken(parameter, ast);
      if (token === undefined || parameter.type === undefined || !ts.isIdentifier(parameter.name)) return [];
      return [
        {
          name: parameter.name.text,
          token,
          type: text.slice(parameter.type.getStart(ast), parameter.type.end),
          body,
        },
      ];
    }),
  );
}

function injectedToken(parameter: ts.ParameterDeclaration, ast: ts.SourceFile): string | undefined {
  const calls = (ts.getDecorators(parameter) ?? [])
    .map(({ expression }) => expression)
    .filter(ts.isCallExpression);
  const call = calls.find(({ expression }) => ts.isIdentifier(expression) && expression.text === 'inject');
  return call?.arguments[0]?.getText(ast);
}

/** The imports of a file that bring the names in a piece of code. */
function importsOf({ imports }: SchemaFile, code: string): readonly FoundImport[] {
  const names = new Set(code.match(/(?<![.\w$'"])[A-Za-z_$][\w$]*/g) ?? []);
  return imports.flatMap(({ module, path, names: list, namespace, defaultName }) => {
    const items = (list?.items ?? []).filter(({ alias }) => names.has(alias));
    const clauses = [
      ...items.map(({ name, alias }) => (name === alias ? `{ ${name} }` : `{ ${name} as ${alias} }`)),
      ...(namespace !== undefined && names.has(namespace) ? [`* as ${namespace}`] : []),
      ...(defaultName !== undefined && names.has(defaultName) ? [defaultName] : []),
    ];
    return clauses.map((clause) => ({ clause, module, path }));
  });
}
