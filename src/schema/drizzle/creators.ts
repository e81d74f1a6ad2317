import { ts } from '../compiler.cjs';
import { bare, literalText, readChain } from './chain.ts';
import { type AffixesFrom, inferAffixes } from './inferred-affixes.ts';
import type { AddedColumns, CreatorModel, Declared, TableFactory, WrapperModel } from './model.ts';
import { pgCoreName } from './pg-core-name.ts';
import { constantsOf, functionsOf, ownConstant, returned, type Surroundings, tableFactory } from './read.ts';
import type { SchemaFile } from '../source-file.ts';

/** A creator may be made by another one, and that by a third. */
const ROUNDS = 3;

/**
 * What makes tables under names of the project's own: pgTableCreator, other names for a factory, and functions that call
 * one. Where the source does not show what a creator puts around a name (`process.env.PREFIX`), the tables tell.
 */
export function readCreators(
  files: readonly SchemaFile[],
  around: Pick<Surroundings, 'schemas' | 'constant'>,
  affixesFrom: AffixesFrom,
): readonly CreatorModel[] {
  let creators: readonly CreatorModel[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const known = { ...around, creators };
    const found = files.flatMap((file) => creatorsOf(file, known, affixesFrom));
    if (found.length === creators.length) return found;
    creators = found;
  }
  return creators;
}

function creatorsOf(file: SchemaFile, around: Surroundings, affixesFrom: AffixesFrom): CreatorModel[] {
  return [...constantsOf(file), ...functionsOf(file)].flatMap(
    ({ declared, value }) =>
      pgTableCreator(declared, value, { around, affixesFrom }) ??
      alias(declared, value, around) ??
      wrapper(declared, value, around) ??
      [],
  );
}

type Value = ts.Expression | ts.FunctionDeclaration;
type FunctionLike = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

function pgTableCreator(
  declared: Declared,
  value: Value,
  { around, affixesFrom }: { around: Surroundings; affixesFrom: AffixesFrom },
): CreatorModel | undefined {
  const { file } = declared;
  const call = ts.isFunctionDeclaration(value) ? undefined : readChain(value, file)?.rootCall;
  if (call === undefined || pgCoreName(call.expression, file) !== 'pgTableCreator') return undefined;
  const callback = asFunction(call.arguments[0]);
  const name = callback && parametersOf(callback)[0];
  const body = callback && bodyOf(callback);
  const affixes = affixesAround(body, name, { file, around }) ?? inferAffixes(declared, affixesFrom);
  return affixes && { ...declared, ...affixes, schema: 'public', wrapper: undefined };
}

/** `const table = app.table`: what a factory is called elsewhere. */
function alias(declared: Declared, value: Value, around: Surroundings): CreatorModel | undefined {
  const target = ts.isFunctionDeclaration(value) ? undefined : bare(value);
  if (target === undefined || !(ts.isIdentifier(target) || ts.isPropertyAccessExpression(target)))
    return undefined;
  const factory = tableFactory(target, declared.file, around);
  return factory && { ...declared, ...partsOf(factory) };
}

/** A function that gives its first parameter to a factory as the name. */
function wrapper(declared: Declared, value: Value, around: Surroundings): CreatorModel | undefined {
  const { file } = declared;
  const made = asFunction(value);
  const result = made && bodyOf(made);
  const chain = result && readChain(result, file);
  const factory = chain && tableFactory(chain.rootCall.expression, file, around);
  if (made === undefined || chain === undefined || factory === undefined) return undefined;
  const [name, columns, extras] = parametersOf(made);
  const affixes = affixesAround(chain.rootCall.arguments[0], name, { file, around });
  const given = columnsGiven(chain.rootCall.arguments[1], { columns, made, file });
  if (affixes === undefined || given === undefined) return undefined;
  const inner = partsOf(factory);
  const third = chain.rootCall.arguments[2];
  const takesExtras = third !== undefined && extras !== undefined && mentions(third, extras);
  const isPassedOn = third === undefined || (ts.isIdentifier(bare(third)) && takesExtras);
  return {
    ...declared,
    schema: inner.schema,
    prefix: inner.prefix + affixes.prefix,
    suffix: affixes.suffix + inner.suffix,
    wrapper: {
      takesColumns: given.takes && inner.wrapper?.takesColumns !== false,
      takesExtras: takesExtras && inner.wrapper?.takesExtras !== false,
      added: [...(inner.wrapper?.added ?? []), ...given.added],
      addsExtras: !isPassedOn || chain.links.length > 0 || inner.wrapper?.addsExtras === true,
    },
  };
}

function partsOf(factory: TableFactory): Pick<CreatorModel, 'schema' | 'prefix' | 'suffix' | 'wrapper'> {
  switch (factory.kind) {
    case 'pgTable':
      return { schema: 'public', prefix: '', suffix: '', wrapper: undefined };
    case 'schema':
      return { schema: factory.object.name, prefix: '', suffix: '', wrapper: undefined };
    case 'creator':
      return factory.creator;
  }
}

function asFunction(value: Value | undefined): FunctionLike | undefined {
  if (value === undefined) return undefined;
  if (ts.isFunctionDeclaration(value)) return value;
  const target = bare(value);
  return ts.isArrowFunction(target) || ts.isFunctionExpression(target) ? target : undefined;
}

function parametersOf(made: FunctionLike): (string | undefined)[] {
  return made.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : undefined));
}

function bodyOf({ body }: FunctionLike): ts.Expression | undefined {
  return body !== undefined && ts.isBlock(body) ? returned(body) : body;
}

interface Scope {
  readonly columns: string | undefined;
  readonly made: FunctionLike;
  readonly file: SchemaFile;
}

/** What a function gives a factory as columns; undefined when it cannot be read. */
function columnsGiven(
  node: ts.Expression | undefined,
  scope: Scope,
): { takes: boolean; added: WrapperModel['added'] } | undefined {
  const { columns: given, made, file } = scope;
  const value = node && bare(node);
  if (value === undefined) return undefined;
  const added = (target: ts.Expression): AddedColumns => ({ node: target, file, given });
  if (ts.isIdentifier(value)) {
    if (value.text === given) return { takes: true, added: [] };
    const local = localConstant(made, value.text);
    return local ? columnsGiven(local, scope) : { takes: false, added: [added(value)] };
  }
  if (ts.isArrowFunction(value)) return columnsGiven(bodyOf(value), scope);
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const isGiven = (each: ts.ObjectLiteralElementLike) =>
    ts.isSpreadAssignment(each) && given !== undefined && mentions(each.expression, given);
  const takes = value.properties.some(isGiven);
  return { takes, added: value.properties.every(isGiven) ? [] : [added(value)] };
}

/** `const all = { … }` within a function. */
function localConstant({ body }: FunctionLike, name: string): ts.Expression | undefined {
  if (body === undefined || !ts.isBlock(body)) return undefined;
  const declarations = body.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  return declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name)?.initializer;
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) return true;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}

/** `shop_${name}` and `'shop_' + name`: what stands around the name. */
function affixesAround(
  node: ts.Expression | undefined,
  name: string | undefined,
  { file, around }: { file: SchemaFile; around: Surroundings },
): { prefix: string; suffix: string } | undefined {
  const parts = node && textParts(bare(node));
  const at = parts?.findIndex((part) => typeof part === 'object' && part.identifier === name) ?? -1;
  if (parts === undefined || name === undefined || at === -1) return undefined;
  const texts = parts.map((part) =>
    typeof part === 'string'
      ? part
      : (ownConstant(file, part.identifier) ?? around.constant(file, part.identifier)),
  );
  if (texts.some((text, index) => index !== at && text === undefined)) return undefined;
  return { prefix: texts.slice(0, at).join(''), suffix: texts.slice(at + 1).join('') };
}

type TextPart = string | { readonly identifier: string };

function textParts(node: ts.Expression): TextPart[] | undefined {
  if (ts.isIdentifier(node)) return [{ identifier: node.text }];
  const literal = literalText(node);
  if (literal !== undefined) return [literal];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textParts(bare(node.left)), textParts(bare(node.right))];
    return left && right && [...left, ...right];
  }
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(
    (span) => [textParts(bare(span.expression)), span.literal.text] as const,
  );
  if (spans.some(([parts]) => parts === undefined)) return undefined;
  return [node.head.text, ...spans.flatMap(([parts, text]) => [...parts!, text])];
}
