import { posix } from 'node:path';
import { TableplanError } from '../../../../errors.ts';
import { ts } from '../../../../schema/compiler.cjs';
import type { SchemaFile } from '../../../../schema/source-file.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain } from '../../../domain.ts';
import { importOf } from '../application.ts';
import type { NamedImport } from '../guards.ts';
import { classesWith, decoratorsOf, filesWith } from '../neighbours.ts';

/** How services of the project get their database. */
export interface DatabaseProvider {
  /** The token or the class by which it is provided, as code: `DRIZZLE`, `'DRIZZLE'`, `DrizzleService`. */
  readonly token: string;
  /** The member of the class that holds the database: `db`; undefined where a token gives the database itself. */
  readonly member: string | undefined;
  /** The type of the injected parameter, as other services write it; undefined where none does. */
  readonly type: string | undefined;
  /** What other services call it. */
  readonly name: string;
  /** What the token needs, and what the type does. */
  readonly tokenImports: readonly NamedImport[];
  readonly typeImports: readonly NamedImport[];
  /** The module that provides it, where it is not global: a new module has to import it. */
  readonly module: NamedImport | undefined;
}

/**
 * The provider of the project's Drizzle database: a token whose value or factory makes it, or a class that holds it. Throws
 * `crud-not-possible` where there is none.
 */
export function databaseProvider(domain: CrudDomain, project: CrudProject): DatabaseProvider {
  const found = tokenProvider(project) ?? classProvider(project);
  if (found !== undefined) return found;
  throw new TableplanError(
    'crud-not-possible',
    `No module provides the Drizzle database, which the service of ${domain.names.plural.words} asks for.`,
    {
      hint: 'Provide it by a token that other files can import, { provide: DRIZZLE, useFactory: () => drizzle(…) }, or by an exported class with @Injectable() and a member db, and run the command again.',
    },
  );
}

function tokenProvider(project: CrudProject): DatabaseProvider | undefined {
  for (const file of filesWith(project, /\bprovide\b/)) {
    for (const { token, value } of providersIn(file)) {
      if (!makesDatabase(value, file, project)) continue;
      const reference = tokenReference(token, file);
      if (reference === undefined) continue;
      const used = parameterOf(project, reference.code);
      return {
        token: reference.code,
        member: undefined,
        type: used?.type,
        name: used?.name ?? 'db',
        tokenImports: reference.imports,
        typeImports: used?.imports ?? [],
        module: providingModule(project, file, reference.code),
      };
    }
  }
  return undefined;
}

/** A class of the project that makes the database, or is given it, and holds it where others can reach it. */
function classProvider(project: CrudProject): DatabaseProvider | undefined {
  for (const file of filesWith(project, /\bdrizzle\s*\(/)) {
    for (const node of classesWith(file, 'Injectable')) {
      const member = databaseMember(node, file);
      if (member === undefined || node.name === undefined || !isExported(node)) continue;
      const token = node.name.text;
      return {
        token,
        member,
        type: token,
        name: token.charAt(0).toLowerCase() + token.slice(1),
        tokenImports: [{ name: token, from: { path: file.path } }],
        typeImports: [],
        module: providingModule(project, file, token),
      };
    }
  }
  return undefined;
}

const DATABASE =
  /\b(NodePg|PostgresJs|Pg|Neon\w*|Vercel\w*|Pglite|BunSQL)Database\b|\bdrizzle\s*\(|ReturnType<typeof drizzle/;

function databaseMember(node: ts.ClassDeclaration, { ast }: SchemaFile): string | undefined {
  const isHidden = (each: ts.Node): boolean =>
    ts.canHaveModifiers(each) &&
    (ts.getModifiers(each) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
    );
  const member = node.members.find(
    (each) =>
      (ts.isPropertyDeclaration(each) || ts.isGetAccessorDeclaration(each)) &&
      !isHidden(each) &&
      DATABASE.test(each.getText(ast)),
  );
  return member?.name !== undefined && ts.isIdentifier(member.name) ? member.name.text : undefined;
}

interface Provided {
  readonly token: ts.Expression;
  readonly value: ts.Expression | ts.MethodDeclaration;
}

function providersIn({ ast }: SchemaFile): readonly Provided[] {
  const found: Provided[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const member = (name: RegExp) =>
        node.properties.find(
          (each) => each.name !== undefined && ts.isIdentifier(each.name) && name.test(each.name.text),
        );
      const token = member(/^provide$/);
      const value = member(/^(useFactory|useValue)$/);
      if (token !== undefined && ts.isPropertyAssignment(token) && value !== undefined)
        if (ts.isPropertyAssignment(value))
          found.push({ token: token.initializer, value: value.initializer });
        else if (ts.isMethodDeclaration(value)) found.push({ token: token.initializer, value });
    }
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

/** The value is made by `drizzle(…)`, there or in the file of the constant that it is. */
function makesDatabase(value: Provided['value'], file: SchemaFile, project: CrudProject): boolean {
  if (/\bdrizzle\s*[(<]/.test(value.getText(file.ast))) return true;
  if (!ts.isIdentifier(value)) return false;
  const from = importOf(value.text, file)?.from;
  const text = from === undefined ? file.text : 'path' in from ? (project.sources.get(from.path) ?? '') : '';
  return new RegExp(`\\b${value.text}\\b[^;]*=\\s*drizzle\\s*[(<]`).test(text);
}

/** How another file names a token; undefined for one that no other file can import. */
function tokenReference(
  token: ts.Expression,
  file: SchemaFile,
): { readonly code: string; readonly imports: readonly NamedImport[] } | undefined {
  if (ts.isStringLiteralLike(token)) return { code: `'${token.text}'`, imports: [] };
  if (!ts.isIdentifier(token)) return undefined;
  const imported = importOf(token.text, file);
  if (imported !== undefined) return { code: token.text, imports: [imported] };
  const isOwn = file.ast.statements.some(
    (each) =>
      isExported(each) &&
      ((ts.isClassDeclaration(each) && each.name?.text === token.text) ||
        (ts.isVariableStatement(each) &&
          each.declarationList.declarations.some(
            ({ name }) => ts.isIdentifier(name) && name.text === token.text,
          ))),
  );
  return isOwn ? { code: token.text, imports: [{ name: token.text, from: { path: file.path } }] } : undefined;
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** The type that another class gives the parameter with this token, where all of its names are imported. */
function parameterOf(
  project: CrudProject,
  token: string,
): { readonly name: string; readonly type: string; readonly imports: readonly NamedImport[] } | undefined {
  for (const file of filesWith(project, /@Inject\(/)) {
    const parameters = file.ast.statements
      .filter(ts.isClassDeclaration)
      .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))
      .flatMap((each) => [...each.parameters]);
    for (const parameter of parameters) {
      const inject = decoratorsOf(parameter).find(({ name }) => name === 'Inject')?.arguments[0];
      const isIt = inject !== undefined && inject.getText(file.ast).replaceAll('"', "'") === token;
      if (!isIt || parameter.type === undefined || !ts.isIdentifier(parameter.name)) continue;
      const imports = typeNames(parameter.type).map((name) => typeImport(name, file));
      if (imports.every((each) => each !== undefined))
        return {
          name: parameter.name.text,
          type: parameter.type.getText(file.ast).replaceAll(/\s+/g, ' '),
          imports,
        };
    }
  }
  return undefined;
}

function typeImport(name: string, file: SchemaFile): NamedImport | undefined {
  const imported = importOf(name, file);
  if (imported !== undefined) return imported;
  const namespace = file.imports.find((each) => each.namespace === name);
  if (namespace === undefined) return undefined;
  const from = namespace.path === undefined ? { module: namespace.module } : { path: namespace.path };
  return { name: `* as ${name}`, from };
}

/** `NodePgDatabase` and `schema` of `NodePgDatabase<typeof schema>`. */
function typeNames(node: ts.Node): readonly string[] {
  const names: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isTypeReferenceNode(each) && ts.isIdentifier(each.typeName)) names.push(each.typeName.text);
    if (ts.isTypeQueryNode(each) && ts.isIdentifier(each.exprName)) names.push(each.exprName.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return [...new Set(names)];
}

/** The module that exports a provider; undefined where a global one does, or none is seen. */
function providingModule(project: CrudProject, provider: SchemaFile, token: string): NamedImport | undefined {
  const bare = token.replaceAll("'", '');
  for (const file of filesWith(project, /@Module\(/)) {
    const knows = file.path === provider.path || file.imports.some(({ path }) => path === provider.path);
    if (!knows || !file.text.includes('exports')) continue;
    const [node] = classesWith(file, 'Module');
    const metadata = node?.name === undefined ? '' : moduleText(node, file);
    const isProviding =
      file.path === provider.path || new RegExp(`\\b${bare}\\b|providers`, 'i').test(metadata);
    if (node?.name === undefined || !isExported(node) || !isProviding) continue;
    if (decoratorsOf(node).some(({ name }) => name === 'Global')) return undefined;
    return { name: node.name.text, from: { path: posix.normalize(file.path) } };
  }
  return undefined;
}

function moduleText(node: ts.ClassDeclaration, { ast }: SchemaFile): string {
  const [metadata] = decoratorsOf(node).find(({ name }) => name === 'Module')?.arguments ?? [];
  return metadata?.getText(ast) ?? '';
}
