import { ts } from '../compiler.cjs';
import { renameColumnInSql } from '../../plan/resolve/rename-in-sql.ts';
import { stringLiteral } from '../literals.ts';
import { parseText } from '../parse.ts';
import { applyEdits, type TextEdit } from '../text-edit.ts';
import type { Run } from './context.ts';
import { type EntityDraft, isRenamed, propertyRenames } from './draft.ts';
import type { ClassModel, DecoratorModel } from './model.ts';
import { entityFilesNear } from './neighbours.ts';
import { RELATION } from './read.ts';
import { thisUses, withChildren } from './this-uses.ts';
import { argumentsOf, withArgument } from './snippet.ts';

/** Renames properties and columns wherever entities name them: decorators, the other sides of relations, `this`. */
export function followRenames(run: Run): void {
  for (const draft of run.drafts.all) {
    if (draft.isDropped || draft.source?.kind !== 'class') continue;
    const properties = propertyRenames(draft);
    const columns = new Map(
      draft.columns
        .filter((each) => !each.isDropped && isRenamed(each))
        .map((each) => [each.before.name, each.def.name] as const),
    );
    if (properties.size === 0 && columns.size === 0) continue;
    followInClass(run, draft.source, { properties, columns });
    if (properties.size > 0) followInOthers(run, draft, properties);
    if (properties.size > 0) tellOthers(run, draft, properties);
  }
}

interface Renames {
  readonly properties: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, string>;
}

function followInClass(run: Run, source: ClassModel, renames: Renames): void {
  const { path } = source.file;
  for (const decorator of source.decorators.filter((each) => each.isTypeorm)) {
    if (/^(Index|Unique)$/.test(decorator.name))
      rewrite(run, path, decorator, (text) => renamedInList(text, renames.properties));
    if (/^(Index|Check|Exclusion)$/.test(decorator.name))
      rewrite(run, path, decorator, (text) => renamedInSql(text, renames.columns));
    if (decorator.name.endsWith('Entity'))
      rewrite(run, path, decorator, (text) => renamedKeys(text, renames.properties));
  }
  for (const member of source.members)
    for (const decorator of member.decorators.filter((each) => each.isTypeorm))
      if (/^(Check|Index|Column)$/.test(decorator.name))
        rewrite(run, path, decorator, (text) => renamedInSql(text, renames.columns));
      else if (decorator.name === 'RelationId')
        rewrite(run, path, decorator, (text) => renamedInList(text, renames.properties));
  for (const family of withChildren(run, source))
    for (const { name, span } of thisUses(family, renames.properties))
      run.editing.edit(family.file.path, { ...span, text: renames.properties.get(name)! });
}

function rewrite(run: Run, path: string, decorator: DecoratorModel, change: (text: string) => string): void {
  run.editing.rewrite(path, decorator, change);
}

/** Changes string literals and `x.property` in a text that is one expression. */
function changeNames(
  text: string,
  change: {
    readonly literal?: (value: string) => string;
    readonly access?: (name: string) => string;
    readonly key?: (name: string) => string;
  },
): string {
  const shifted = text.replace(/^@/, ' ');
  const ast = parseText('snippet.ts', shifted);
  const edits: TextEdit[] = [];
  const put = (node: ts.Node, from: string, to: string | undefined, write = (name: string) => name): void => {
    if (to !== undefined && to !== from)
      edits.push({ start: node.getStart(ast), end: node.end, text: write(to) });
  };
  const literalLike = (node: ts.Node) => (value: string) => sameQuotes(value, ast.text[node.getStart(ast)]!);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) put(node, node.text, change.literal?.(node.text), literalLike(node));
    else if (ts.isPropertyAccessExpression(node))
      put(node.name, node.name.text, change.access?.(node.name.text));
    else if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name))
      put(node.name, node.name.text, change.key?.(node.name.text));
    ts.forEachChild(node, visit);
  };
  visit(ast);
  const changed = applyEdits(shifted, edits);
  return text.startsWith('@') ? `@${changed.slice(1)}` : changed;
}

function sameQuotes(value: string, quote: string): string {
  if (quote !== '`') return stringLiteral(value, quote === '"' ? '"' : "'");
  return `\`${value.replace(/\\|`|\$\{/g, (match) => `\\${match}`)}\``;
}

/** In the lists of @Index and @Unique alone: a name of an index may be a property's too. */
function renamedInList(text: string, names: ReadonlyMap<string, string>): string {
  const given = argumentsOf(text) ?? [];
  const index = given.findIndex((argument) => /^\[|=>/.test(argument));
  if (index === -1) return text;
  const to = (name: string) => names.get(name) ?? name;
  const list = given[index]!;
  const isArrow = list.includes('=>');
  return withArgument(
    text,
    index,
    changeNames(wrapped(list), isArrow ? { access: to, key: to, literal: to } : { literal: to }).slice(1, -1),
  );
}

function wrapped(expression: string): string {
  return `(${expression})`;
}

/** `@Entity({ orderBy: { name: 'ASC' } })`. */
function renamedKeys(text: string, names: ReadonlyMap<string, string>): string {
  return text.includes('orderBy') ? changeNames(text, { key: (name) => names.get(name) ?? name }) : text;
}

/** Expressions of SQL that a decorator holds: @Check, `where`, `asExpression`. */
function renamedInSql(text: string, columns: ReadonlyMap<string, string>): string {
  if (columns.size === 0) return text;
  const inSql = (sql: string) =>
    [...columns].reduce((each, [from, to]) => renameColumnInSql(each, from, to), sql);
  const isSql = /^@(\w+\.)?Check\b/.test(text)
    ? (value: string) => /[^\w]/.test(value)
    : (value: string) => /[=<>()]|\bIS\b|\bNOT\b/i.test(value);
  return changeNames(text, { literal: (value) => (isSql(value) ? inSql(value) : value) });
}

/** Relations of other entities that name a renamed property: as their other side, or as what they refer to. */
function followInOthers(run: Run, draft: EntityDraft, names: ReadonlyMap<string, string>): void {
  for (const entity of run.entities.all) {
    const relations = entity.relations.filter(({ target }) => target === draft.entity?.name);
    const source = relations.length === 0 ? undefined : run.entities.find(entity);
    if (source?.kind !== 'class') continue;
    for (const { property } of relations) {
      const member = source.members.find(({ name }) => name === property);
      for (const decorator of member?.decorators ?? []) {
        if (!decorator.isTypeorm) continue;
        if (RELATION.test(decorator.name))
          rewrite(run, source.file.path, decorator, (text) => renamedInverse(text, names));
        else if (/^JoinColumns?$/.test(decorator.name))
          rewrite(run, source.file.path, decorator, (text) => renamedReferences(text, names));
      }
    }
  }
}

function renamedInverse(text: string, names: ReadonlyMap<string, string>): string {
  const inverse = argumentsOf(text)?.[1];
  if (inverse === undefined || inverse.startsWith('{')) return text;
  const to = (name: string) => names.get(name) ?? name;
  return withArgument(text, 1, changeNames(wrapped(inverse), { access: to, literal: to }).slice(1, -1));
}

function renamedReferences(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(
    /(\breferencedColumnName\s*:\s*)(['"`])(\w+)\2/g,
    (whole, head: string, quote: string, name: string) =>
      names.has(name) ? `${head}${quote}${names.get(name)}${quote}` : whole,
  );
}

/** Code outside the entities keeps the old name: only the type checker can find all of it. */
function tellOthers({ editing }: Run, draft: EntityDraft, names: ReadonlyMap<string, string>): void {
  const own = new Set(entityFilesNear(draft.path, editing.sources));
  for (const [from, to] of names) {
    const users = editing.sources
      .filesWith(from)
      .filter((file) => !own.has(file.path) && new RegExp(`\\b${draft.exported}\\b`).test(file.text));
    const [first] = users;
    if (first === undefined) continue;
    const line = first.text.slice(0, first.text.search(new RegExp(`\\b${from}\\b`))).split('\n').length;
    editing.notice({
      severity: 'warning',
      rule: 'property-renamed',
      message: `${draft.exported}.${from} is now ${to}: ${users.length} other ${users.length === 1 ? 'file' : 'files'} may still say ${from} (tsc tells)`,
      file: first.path,
      line,
    });
  }
}
