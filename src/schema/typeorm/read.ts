import { ts } from '../compiler.cjs';
import { spanOf } from '../parse.ts';
import type { SchemaFile } from '../source-file.ts';
import { isDefaultExport } from './default-export.ts';
import type { ClassModel, DecoratorModel, MemberModel, SchemaObjectModel } from './model.ts';

const classes = new WeakMap<SchemaFile, readonly ClassModel[]>();

/** The classes that a file declares at its top. */
export function classesIn(file: SchemaFile): readonly ClassModel[] {
  const known = classes.get(file) ?? file.ast.statements.flatMap((node) => readClass(node, file));
  classes.set(file, known);
  return known;
}

/** The EntitySchema objects that a file declares at its top. */
export function schemaObjectsIn(file: SchemaFile): readonly SchemaObjectModel[] {
  return file.ast.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) =>
      statement.declarationList.declarations.flatMap((declaration) =>
        readSchemaObject(declaration, statement, file),
      ),
    );
}

function readClass(node: ts.Statement, file: SchemaFile): ClassModel[] {
  if (!ts.isClassDeclaration(node)) return [];
  return [
    {
      ...spanOf(node, file.ast),
      kind: 'class',
      file,
      name: node.name?.text ?? 'default',
      node,
      decorators: readDecorators(node, file),
      members: node.members.filter(ts.isPropertyDeclaration).map((member) => readMember(member, file)),
      isDefaultExport: node.name === undefined || isDefaultExport(file.ast, node.name.text),
      bodyStart: file.text.indexOf('{', bodyFrom(node)) + 1,
    },
  ];
}

/** Behind everything that stands before a class's body. */
function bodyFrom(node: ts.ClassDeclaration): number {
  const ends = [
    node.name?.end,
    node.typeParameters?.end,
    node.heritageClauses?.end,
    ...(node.modifiers ?? []).map(({ end }) => end),
  ];
  return Math.max(...ends.filter((end) => end !== undefined), node.pos);
}

function readMember(node: ts.PropertyDeclaration, file: SchemaFile): MemberModel {
  const { ast, text } = file;
  const modifiers = (node.modifiers ?? []).filter((each) => !ts.isDecorator(each));
  return {
    ...spanOf(node, ast),
    name:
      ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : node.name.getText(ast),
    nameSpan: spanOf(node.name, ast),
    node,
    decorators: readDecorators(node, file),
    type: node.type && { ...spanOf(node.type, ast), text: node.type.getText(ast) },
    mark: node.exclamationToken ? '!' : node.questionToken ? '?' : '',
    modifiers: modifiers.map((each) => text.slice(each.getStart(ast), each.end)).join(' '),
  };
}

function readDecorators(
  node: ts.ClassDeclaration | ts.PropertyDeclaration,
  file: SchemaFile,
): DecoratorModel[] {
  return (node.modifiers ?? []).flatMap((decorator) => {
    if (!ts.isDecorator(decorator)) return [];
    const { expression } = decorator;
    const call = ts.isCallExpression(expression) ? expression : undefined;
    const written = (call?.expression ?? expression).getText(file.ast);
    const typeorm = typeormName(written, file);
    const span = spanOf(decorator, file.ast);
    const text = file.text.slice(span.start, span.end);
    return [{ ...span, text, name: typeorm ?? written, isTypeorm: typeorm !== undefined, call }];
  });
}

/** TypeORM's name for what a file calls so: `Col` of `import { Column as Col }`, `orm.Column`. */
export function typeormName(written: string, file: SchemaFile): string | undefined {
  for (const each of file.imports) {
    if (each.module !== 'typeorm') continue;
    const item = each.names?.items.find(({ alias }) => alias === written);
    if (item !== undefined) return item.name;
    const [owner, name] = written.split('.');
    if (name !== undefined && (each.namespace === owner || each.defaultName === owner)) return name;
  }
  return undefined;
}

function readSchemaObject(
  declaration: ts.VariableDeclaration,
  statement: ts.VariableStatement,
  file: SchemaFile,
): SchemaObjectModel[] {
  const { initializer, name } = declaration;
  if (initializer === undefined || !ts.isNewExpression(initializer) || !ts.isIdentifier(name)) return [];
  const [options] = initializer.arguments ?? [];
  const isSchema = typeormName(initializer.expression.getText(file.ast), file) === 'EntitySchema';
  if (!isSchema || options === undefined || !ts.isObjectLiteralExpression(options)) return [];
  const [type] = initializer.typeArguments ?? [];
  return [
    {
      ...spanOf(statement, file.ast),
      kind: 'schema',
      file,
      variable: name.text,
      name: schemaName(options) ?? name.text,
      options,
      typeName: type?.getText(file.ast),
      typeNode: type,
    },
  ];
}

function schemaName(options: ts.ObjectLiteralExpression): string | undefined {
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) continue;
    if (property.name.text === 'name' && ts.isStringLiteralLike(property.initializer))
      return property.initializer.text;
    if (property.name.text === 'name' && ts.isPropertyAccessExpression(property.initializer))
      return ts.isIdentifier(property.initializer.expression)
        ? property.initializer.expression.text
        : undefined;
  }
  return undefined;
}

/** The decorator of TypeORM with one of these names. */
export function decoratorNamed(
  owner: { readonly decorators: readonly DecoratorModel[] },
  pattern: RegExp,
): DecoratorModel | undefined {
  return owner.decorators.find((each) => each.isTypeorm && pattern.test(each.name));
}

/** Decorators that make a property a column of its own. */
export const COLUMN =
  /^(Column|Primary(Generated)?Column|(Create|Update|Delete)DateColumn|VersionColumn|ObjectIdColumn|ViewColumn|Generated)$/;
export const RELATION = /^(ManyToOne|OneToOne|OneToMany|ManyToMany)$/;

/** Whether a property is a column, an embedded one included. */
export function isColumn(member: MemberModel): boolean {
  return decoratorNamed(member, COLUMN) !== undefined;
}

export function isRelation(member: MemberModel): boolean {
  return decoratorNamed(member, RELATION) !== undefined;
}
