import { ts } from '../compiler.cjs';
import type { TextEdit } from '../text-edit.ts';
import { mapName } from '../word-names.ts';

/** A type alias, an interface or a zod schema that stands for the rows of one table. */
export interface Companion {
  /** The statement without the whitespace and comments before it. */
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly kind: 'type' | 'value';
  readonly node: ts.Statement;
}

/** A neighbour whose companions show what this project writes for a table. */
export interface CompanionExample {
  readonly source: ts.SourceFile;
  /** The variable of its table. */
  readonly variable: string;
}

export interface CompanionTexts {
  /** The statements, one after the other as the neighbour has them. */
  readonly text: string;
  /** Names that it declares. */
  readonly types: readonly string[];
  readonly values: readonly string[];
  /** Names that it uses and that the neighbour's file imports. */
  readonly imports: readonly ImportedName[];
}

export interface ImportedName {
  readonly module: string;
  readonly name: string;
  readonly alias: string;
  readonly isType: boolean;
}

/**
 * Finds what a file declares for the rows of a table: `typeof users.$inferSelect`, `InferSelectModel<typeof users>`,
 * `createInsertSchema(users)`, and what is made of those (`z.infer<typeof insertUserSchema>`).
 */
export function companionsOf(source: ts.SourceFile, variable: string): Companion[] {
  const names = new Set([variable]);
  const found: Companion[] = [];
  for (const node of source.statements) {
    const name = companionName(node, names);
    if (name === undefined) continue;
    names.add(name.text);
    found.push({
      start: node.getStart(source),
      end: node.end,
      name: name.text,
      kind: ts.isVariableStatement(node) ? 'value' : 'type',
      node,
    });
  }
  return found;
}

/**
 * Writes the companions of a new table after those of a neighbour; undefined when the neighbour has none whose names
 * can be derived. `keys` are the columns' keys: an `.omit({ id: true })` keeps those that the new table has.
 */
export function companionTexts(
  example: CompanionExample,
  table: { readonly variable: string; readonly keys: readonly string[] },
): CompanionTexts | undefined {
  const { source } = example;
  const renames = new Map([[example.variable, table.variable]]);
  const written: { companion: Companion; text: string; name: string }[] = [];
  for (const companion of companionsOf(source, example.variable)) {
    const name = mapName(companion.name, { from: example.variable, to: table.variable });
    if (name === undefined || name === companion.name) continue;
    renames.set(companion.name, name);
    const text = rewrite(companion, source, renames, table.keys);
    if (text !== undefined) written.push({ companion, text, name });
  }
  if (written.length === 0) return undefined;
  const parts = written.map(
    ({ companion, text }, index) => separator(source, written[index - 1]?.companion, companion) + text,
  );
  return {
    text: parts.join(''),
    types: written.filter(({ companion }) => companion.kind === 'type').map(({ name }) => name),
    values: written.filter(({ companion }) => companion.kind === 'value').map(({ name }) => name),
    imports: importsUsed(source, parts.join('\n')),
  };
}

/** The names that a piece of text uses out of those that a file imports. */
function importsUsed(source: ts.SourceFile, text: string): ImportedName[] {
  const used = new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
  return source.statements.filter(ts.isImportDeclaration).flatMap((statement) => {
    const bindings = statement.importClause?.namedBindings;
    if (
      bindings === undefined ||
      !ts.isNamedImports(bindings) ||
      !ts.isStringLiteral(statement.moduleSpecifier)
    )
      return [];
    const module = statement.moduleSpecifier.text;
    return [...bindings.elements]
      .filter((element) => used.has(element.name.text))
      .map((element) => ({
        module,
        name: (element.propertyName ?? element.name).text,
        alias: element.name.text,
        isType: element.isTypeOnly || statement.importClause?.isTypeOnly === true,
      }));
  });
}

function companionName(node: ts.Statement, names: ReadonlySet<string>): ts.Identifier | undefined {
  if (ts.isTypeAliasDeclaration(node)) return queriesOnly(node.type, names) ? node.name : undefined;
  if (ts.isInterfaceDeclaration(node))
    return (node.heritageClauses ?? []).some((clause) => queriesOnly(clause, names)) ? node.name : undefined;
  if (!ts.isVariableStatement(node) || node.declarationList.declarations.length !== 1) return undefined;
  const [declaration] = node.declarationList.declarations;
  if (declaration?.initializer === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  return isSchemaOf(declaration.initializer, names) ? declaration.name : undefined;
}

/** Whether a type asks `typeof` about these names, and about no others. */
function queriesOnly(node: ts.Node, names: ReadonlySet<string>): boolean {
  const asked: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isTypeQueryNode(child)) asked.push(rootOfEntity(child.exprName));
    ts.forEachChild(child, visit);
  };
  visit(node);
  return asked.length > 0 && asked.every((name) => names.has(name));
}

function rootOfEntity(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : rootOfEntity(name.left);
}

/** `createInsertSchema(users, …)` with calls behind it, or `insertUserSchema.partial()`. */
function isSchemaOf(expression: ts.Expression, names: ReadonlySet<string>): boolean {
  if (!ts.isCallExpression(expression)) return false;
  const callee = expression.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    if (!ts.isIdentifier(callee.expression)) return isSchemaOf(callee.expression, names);
    return names.has(callee.expression.text) && /Schema$/i.test(callee.expression.text);
  }
  const [table] = expression.arguments;
  return (
    ts.isIdentifier(callee) &&
    /^create\w*Schema$/.test(callee.text) &&
    table !== undefined &&
    ts.isIdentifier(table) &&
    names.has(table.text)
  );
}

function rewrite(
  companion: Companion,
  source: ts.SourceFile,
  renames: ReadonlyMap<string, string>,
  keys: readonly string[],
): string | undefined {
  const edits: TextEdit[] = [];
  let isPossible = true;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const change = columnArguments(node, source, keys);
      if (change === 'impossible') isPossible = false;
      else if (change !== undefined) {
        edits.push(change);
        return visit(change.start === node.arguments[0]?.end ? node.arguments[0]! : keptCallee(node, change));
      }
    }
    const renamed = ts.isIdentifier(node) ? renames.get(node.text) : undefined;
    if (renamed !== undefined) edits.push({ start: node.getStart(source), end: node.end, text: renamed });
    ts.forEachChild(node, visit);
  };
  visit(companion.node);
  return isPossible ? applied(source.text, companion, edits) : undefined;
}

/** What of a call is about the neighbour's columns: overrides and key lists are cut down to what the new table has. */
function columnArguments(
  call: ts.CallExpression,
  source: ts.SourceFile,
  keys: readonly string[],
): TextEdit | 'impossible' | undefined {
  const [first, second] = call.arguments;
  const callee = call.expression;
  if (ts.isIdentifier(callee) && second !== undefined)
    return { start: first!.end, end: call.arguments.at(-1)!.end, text: '' };
  if (!ts.isPropertyAccessExpression(callee) || first === undefined) return undefined;
  const method = callee.name.text;
  if (!ts.isObjectLiteralExpression(first) || (method !== 'omit' && method !== 'pick')) {
    return { start: callee.expression.end, end: call.end, text: '' };
  }
  const kept = first.properties.filter((property) => keys.includes(property.name?.getText(source) ?? ''));
  if (kept.length === first.properties.length) return undefined;
  if (kept.length === 0)
    return method === 'pick' ? 'impossible' : { start: callee.expression.end, end: call.end, text: '' };
  const list = kept.map((property) => property.getText(source)).join(', ');
  return { start: first.getStart(source), end: first.end, text: `{ ${list} }` };
}

/** The part of a call that stays when its arguments change: what it is called on. */
function keptCallee(call: ts.CallExpression, change: TextEdit): ts.Node {
  const callee = call.expression;
  return ts.isPropertyAccessExpression(callee) && change.text === '' ? callee.expression : callee;
}

function applied(text: string, companion: Companion, edits: readonly TextEdit[]): string {
  let result = '';
  let at = companion.start;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at, companion.end);
}

/** The line breaks between two statements as the neighbour has them; one where other things stand between. */
function separator(source: ts.SourceFile, previous: Companion | undefined, next: Companion): string {
  if (previous === undefined) return '';
  const between = source.text.slice(previous.end, next.start);
  const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
  return between.trim() === '' ? between : eol;
}
