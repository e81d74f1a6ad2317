import { ts } from '../compiler.cjs';
import { bindingNames } from '../parse.ts';
import type { SchemaFile } from '../source-file.ts';
import type { CodeStyle, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';

/** What a text names that was copied from a neighbour (a decorator, a type argument), imported as that one has it. */
export function importNames(run: Run, codeStyle: CodeStyle, draft: EntityDraft, text: string): void {
  const file = codeStyle.samples.find(({ source }) => source.file.text.includes(text))?.source.file;
  if (file !== undefined) importNamesOf(run, file, draft.path, text);
}

/** The names of a text as one file has them, imported into another: what that one imports, and what it exports itself. */
export function importNamesOf({ editing }: Run, file: SchemaFile, path: string, text: string): void {
  if (file.path === path) return;
  const words = new Set(text.replaceAll(/(['"])(?:\\.|(?!\1).)*\1/g, '').match(/[A-Za-z_$][\w$]*/g));
  for (const { name, isType } of exportsOf(file))
    if (words.has(name)) editing.needImport(path, { from: { path: file.path }, name, isType });
  for (const line of file.imports)
    for (const { name, alias, isType } of line.names?.items ?? [])
      if (words.has(alias) && alias === name)
        editing.needImport(path, {
          from: line.path === undefined ? { module: line.module } : { path: line.path },
          name,
          isType: line.isTypeOnly || isType,
        });
}

/** What a file declares and exports at its top. */
function exportsOf({ ast }: SchemaFile): readonly { readonly name: string; readonly isType: boolean }[] {
  return ast.statements.flatMap((statement) => {
    const isExported = (ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []).some(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
    );
    if (!isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations
        .flatMap(({ name }) => bindingNames(name))
        .map((name) => ({ name, isType: false }));
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const isNamed = isType || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
    return isNamed && statement.name !== undefined ? [{ name: statement.name.text, isType }] : [];
  });
}
