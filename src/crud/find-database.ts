import { ts } from '../schema/compiler.cjs';
import { parseText } from '../schema/parse.ts';
import type { CrudProject } from './crud-project.ts';

/** Where a project makes its Drizzle database. */
export interface DatabaseModule {
  readonly path: string;
  /** The exported constant. */
  readonly name: string;
}

/** The exported `const db = drizzle(…)` that the application can import, its own first; undefined where there is none. */
export function findDatabase({ sources, canImport }: CrudProject): DatabaseModule | undefined {
  const inOrder = [...sources].toSorted(([a], [b]) => Number(isForOthers(a)) - Number(isForOthers(b)));
  for (const [path, text] of inOrder) {
    if (isTest(path) || !/\bdrizzle\s*[(<]/.test(text) || !/['"]drizzle-orm\//.test(text)) continue;
    const name = exportedDatabase(path, text);
    if (name !== undefined && canImport(path, name)) return { path, name };
  }
  return undefined;
}

/** A database of tests, seeds or scripts, taken where there is no other. */
function isForOthers(path: string): boolean {
  return /[./_-](tests?|testing|mocks?|seeds?|seeders?|scripts?)[./_-]/i.test(path);
}

function exportedDatabase(path: string, text: string): string | undefined {
  const ast = parseText(path, text);
  for (const statement of ast.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const call = initializer && ts.isCallExpression(initializer) ? initializer : undefined;
      const isDrizzle =
        call !== undefined && ts.isIdentifier(call.expression) && call.expression.text === 'drizzle';
      if (isExported && isDrizzle && ts.isIdentifier(name)) return name.text;
    }
  }
  return undefined;
}

/** Whether a file is a test, or helps tests. */
export function isTest(path: string): boolean {
  return /(\.|\/)(test|spec|e2e-spec)\.[cm]?[jt]sx?$|\/(__tests__|tests?)\//.test(path);
}

/** The casing that the application's Drizzle is made with, where it is. */
export function runtimeCasing({ sources }: CrudProject): string | undefined {
  for (const text of sources.values()) {
    const found = /\bdrizzle\s*\([\s\S]{0,300}?\bcasing:\s*['"](\w+)['"]/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
