import { type ColumnDef, findTable } from '../../plan/database-schema.ts';
import { sameExpression } from '../../postgres/expression.ts';
import { parseType, sameType } from '../../postgres/sql.ts';
import { ts } from '../compiler.cjs';
import type { CodeStyle, Run } from './context.ts';
import { importNamesOf } from './copied-names.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { isGeneratedUuid } from './generated-uuid.ts';
import type { MemberText } from './member-text.ts';
import { COLUMN, decoratorNamed } from './read.ts';
import { columnsOf, type SampleColumn } from './samples.ts';
import { majority } from './vote.ts';

/**
 * The member that most neighbours have for a column of the same name and kind, word for word with its imports: the key
 * (`@PrimaryColumn('uuid') id: string = uuidv7()`), and what the project has a decorator or a value of its own for. Undefined
 * for columns that any project writes alike.
 */
export function sharedMember(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
): MemberText | undefined {
  const alike = codeStyle.samples
    .filter(({ entity }) => entity !== draft.entity)
    .flatMap(columnsOf)
    .filter((each) => each.column.column === column.def.name && isSameKind(run, draft, column, each));
  const texts = alike.map(textOf);
  const most = majority(texts);
  const found = alike[texts.indexOf(most!)];
  const votes = texts.filter((text) => text === most).length;
  if (found === undefined || votes * 2 <= texts.length || !isOwn(found)) return undefined;
  importNamesOf(run, found.sample.source.file, draft.path, textOf(found));
  column.property = found.member.name;
  return memberOf(found);
}

/**
 * The methods that give neighbours their key before a row is written (`@BeforeInsert() setId() { this.id = uuidv7(); }`),
 * where most of those with such a key have the same one. Text as it stands there, from its first decorator on.
 */
export function sharedHooks(run: Run, codeStyle: CodeStyle, draft: EntityDraft): readonly string[] {
  const keys = draft.columns.filter(
    ({ def, isInherited }) =>
      !isInherited && def.default === undefined && draft.primaryKey?.columns.includes(def.name) === true,
  );
  return keys.flatMap((key) => {
    const alike = codeStyle.samples
      .flatMap(columnsOf)
      .filter((each) => each.column.column === key.def.name && isSameKind(run, draft, key, each));
    const hooks = alike.map((each) => ({ file: each.sample.source.file, text: hookOf(each) }));
    const text = majority(hooks.map((each) => each.text ?? ''));
    const found = hooks.find((each) => each.text === text);
    if (text === undefined || text === '' || found === undefined) return [];
    importNamesOf(run, found.file, draft.path, text);
    return [text];
  });
}

function hookOf({ member, sample }: SampleColumn): string | undefined {
  const { node, file } = sample.source;
  const writes = new RegExp(`\\bthis\\.${member.name}\\s*(\\?\\?|\\|\\|)?=[^=]`);
  const texts = node.members
    .filter(ts.isMethodDeclaration)
    .map((method) => file.text.slice(method.getStart(file.ast), method.end));
  return texts.find((text) => /^@(?:\w+\.)?BeforeInsert\(/.test(text) && writes.test(text));
}

function isSameKind(
  { editing }: Run,
  draft: EntityDraft,
  { def }: ColumnDraft,
  { column, sample }: SampleColumn,
): boolean {
  const known = findTable(editing.input.before, sample.entity.table)?.columns.find(
    ({ name }) => name === column.column,
  );
  const isPrimary = draft.primaryKey?.columns.includes(def.name) === true;
  return (
    known !== undefined &&
    column.isPrimary === isPrimary &&
    sameType(known.type, def.type) &&
    known.notNull === def.notNull &&
    hasSameDefault(known, def)
  );
}

function hasSameDefault(a: ColumnDef, b: ColumnDef): boolean {
  if (parseType(a.type).name === 'uuid' && isGeneratedUuid(a.default) && isGeneratedUuid(b.default))
    return true;
  if (a.default === undefined || b.default === undefined) return a.default === b.default;
  return sameExpression(a.default, b.default);
}

/** A key with a value or a decorator of the project, and nothing that is the neighbour's alone. */
function isOwn({ member, column, sample }: SampleColumn): boolean {
  const hasOther = member.decorators.some(({ isTypeorm, name }) => isTypeorm && !COLUMN.test(name));
  const isSpecial = member.node.initializer !== undefined || decoratorNamed(member, COLUMN) === undefined;
  const isNamed = new RegExp(`\\b${sample.entity.name}\\b`).test(textOf({ member, column, sample }));
  return isSpecial && !hasOther && !isNamed;
}

function memberOf({ member, sample }: SampleColumn): MemberText {
  const { text } = sample.source.file;
  const start = member.decorators.at(-1)?.end ?? member.start;
  return {
    decorators: member.decorators.map((each) => each.text),
    property: text.slice(start, member.end).trim(),
  };
}

function textOf(column: SampleColumn): string {
  const { decorators, property } = memberOf(column);
  return [...decorators, property].join('\n');
}
