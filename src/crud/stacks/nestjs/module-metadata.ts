import { ts } from '../../../schema/compiler.cjs';
import { decoratorsOf } from './neighbours.ts';

export type ModuleList = 'imports' | 'controllers' | 'providers' | 'exports';

/** The object of the first `@Module({ … })` of a file; undefined where it is made by something else. */
export function moduleMetadata({ statements }: ts.SourceFile): ts.ObjectLiteralExpression | undefined {
  const calls = statements.filter(ts.isClassDeclaration).flatMap((node) => decoratorsOf(node));
  const [argument] = calls.find(({ name }) => name === 'Module')?.arguments ?? [];
  return argument !== undefined && ts.isObjectLiteralExpression(argument) ? argument : undefined;
}

/** The member of a module's metadata with this name. */
export function moduleMember(
  metadata: ts.ObjectLiteralExpression,
  list: ModuleList,
): ts.ObjectLiteralElementLike | undefined {
  return metadata.properties.find(
    ({ name }) => name !== undefined && ts.isIdentifier(name) && name.text === list,
  );
}

/** The list that a member is: itself, or the constant of the file that it names; undefined for others. */
export function listOfMember(
  property: ts.ObjectLiteralElementLike,
  ast: ts.SourceFile,
): ts.ArrayLiteralExpression | undefined {
  const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
  if (value !== undefined && ts.isArrayLiteralExpression(value)) return value;
  const name = ts.isShorthandPropertyAssignment(property)
    ? property.name.text
    : value !== undefined && ts.isIdentifier(value)
      ? value.text
      : undefined;
  const declarations = ast.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  const constant = declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name);
  const initializer = constant?.initializer;
  return initializer !== undefined && ts.isArrayLiteralExpression(initializer) ? initializer : undefined;
}

/** The entries of one list of the first module of a file; none where it has no such list that can be seen. */
export function entriesOf(ast: ts.SourceFile, list: ModuleList): readonly ts.Expression[] {
  const metadata = moduleMetadata(ast);
  const member = metadata && moduleMember(metadata, list);
  return member === undefined ? [] : (listOfMember(member, ast)?.elements ?? []);
}
