import type { Change } from '../../plan/change.ts';
import { displayName, type ObjectName } from '../../plan/database-schema.ts';
import { insertItem, removeItems } from '../list-edit.ts';
import { type Quote, stringLiteral } from '../literals.ts';
import { removeStatement } from '../statement-removal.ts';
import { applyEdits } from '../text-edit.ts';
import { quoteLiteral } from '../../postgres/quote.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import { memberCase, memberName, memberText } from './enum-conventions.ts';
import { inlineValues } from './enum-refs.ts';
import { type EnumDeclaration, memberList } from './enum-source.ts';
import type { EnumUse } from './enum-uses.ts';
import { optionOf, withOption } from './options.ts';
import { itemsOf, stringOf } from './snippet.ts';

/** A change of the values of an enum. */
export type ValueChange = Exclude<Extract<Change, { enum: unknown }>, { kind: 'create-enum' | 'drop-enum' }>;

/** Whether a change is one of values. */
export function isOfValues(change: Extract<Change, { enum: unknown }>): change is ValueChange {
  return change.kind !== 'create-enum' && change.kind !== 'drop-enum';
}

export function editInline(change: ValueChange, use: EnumUse, editing: Editing): void {
  const { quote, eol } = editing.style(use.path);
  editing.rewrite(use.path, use.decorator, (text) => {
    const list = optionOf(text, 'enum') ?? '[]';
    const values = (itemsOf(list) ?? []).map((item) => stringOf(item) ?? '');
    const listed = withOption(text, 'enum', inlineValues({ values: valuesAfter(change, values) }, quote), {
      eol,
    });
    const isDefault =
      change.kind === 'rename-enum-value' && stringOf(optionOf(text, 'default') ?? '') === change.from;
    return isDefault ? withOption(listed, 'default', valueText(change.to, quote), { eol }) : listed;
  });
  const { type } = use.member;
  if (type === undefined) return;
  editing.rewrite(use.path, type, (text) => {
    const old = membersOfUnion(text);
    const literals = old.flatMap((part) => stringOf(part) ?? []);
    if (literals.length === 0) return text;
    const rest = old.filter((part) => stringOf(part) === undefined);
    return [...valuesAfter(change, literals).map((value) => stringLiteral(value, quote)), ...rest].join(
      ' | ',
    );
  });
}

/** A value as a default: TypeORM doubles no quote in what it is given as a string. */
function valueText(value: string, quote: Quote): string {
  return value.includes("'")
    ? `() => ${stringLiteral(quoteLiteral(value), quote)}`
    : stringLiteral(value, quote);
}

/** A default that names the member of a value (`Status.Active`), where TypeORM would write the new value wrongly. */
export function editMemberDefault(change: ValueChange, use: EnumUse, editing: Editing): void {
  if (change.kind !== 'rename-enum-value' || use.source?.kind !== 'declared' || !change.to.includes("'"))
    return;
  const { name, members } = use.source.declaration;
  const member = members.find(({ value }) => value === change.from)?.name;
  const { quote, eol } = editing.style(use.path);
  editing.rewrite(use.path, use.decorator, (text) => {
    const written = optionOf(text, 'default');
    const isMember = written === `${name}.${member}` || stringOf(written) === change.from;
    return isMember ? withOption(text, 'default', valueText(change.to, quote), { eol }) : text;
  });
}

/** The members of `'a' | 'b' | null`; a value may hold the bar too. */
function membersOfUnion(text: string): readonly string[] {
  return (text.match(/(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^|'"])+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function valuesAfter(change: ValueChange, values: readonly string[]): readonly string[] {
  switch (change.kind) {
    case 'add-enum-value':
      return values.includes(change.value)
        ? values
        : values.toSpliced(placeFor(change, values), 0, change.value);
    case 'rename-enum-value':
      return values.map((value) => (value === change.from ? change.to : value));
    case 'drop-enum-value':
      return values.filter((value) => value !== change.value);
  }
}

function placeFor(
  change: Extract<ValueChange, { kind: 'add-enum-value' }>,
  values: readonly string[],
): number {
  const before = change.before === undefined ? -1 : values.indexOf(change.before);
  const after = change.after === undefined ? -1 : values.indexOf(change.after);
  if (before !== -1) return before;
  return after === -1 ? values.length : after + 1;
}

export function editDeclared(change: ValueChange, declaration: EnumDeclaration, editing: Editing): void {
  const { file, statement, form } = declaration;
  const style = editing.style(file.path);
  const members = memberCase([declaration]);
  editing.rewrite(file.path, statement, (text) => {
    const list = memberList(text);
    if (list === undefined) return text;
    const values = list.items.map(({ start, end }) => lastLiteral(text.slice(start, end)));
    if (change.kind === 'add-enum-value') {
      if (values.includes(change.value)) return text;
      const item = memberText(form, change.value, memberName(change.value, members), style);
      return applyEdits(text, [insertItem(text, list, placeFor(change, values), item, style.eol)]);
    }
    const index = values.indexOf(change.kind === 'drop-enum-value' ? change.value : change.from);
    if (index === -1) return text;
    if (change.kind === 'drop-enum-value') return applyEdits(text, removeItems(text, list, [index]));
    const { start, end } = list.items[index]!;
    return text.slice(0, start) + renamed(text.slice(start, end), change, style.quote) + text.slice(end);
  });
  if (change.kind === 'drop-enum-value') tellUses(change.value, declaration, editing);
}

/** The value alone: the member keeps its name, which the application uses. */
function renamed(item: string, { to }: { readonly to: string }, quote: Quote): string {
  return item.replace(LAST_LITERAL, () => stringLiteral(to, quote));
}

/** The value of a member is the last thing in it. */
const LAST_LITERAL = /(['"`])(?:(?!\1)[^\\]|\\.)*\1(?=\s*$)/;

function lastLiteral(item: string): string {
  return stringOf(LAST_LITERAL.exec(item)?.[0]) ?? '';
}

/** Code that still names a value that goes. */
function tellUses(value: string, { name, members, file }: EnumDeclaration, editing: Editing): void {
  const member = members.find((each) => each.value === value)?.name;
  if (member === undefined) return;
  const pattern = new RegExp(`\\b${name}\\.${member}\\b`);
  for (const other of editing.sources.filesWith(name)) {
    const at = pattern.exec(other.text)?.index;
    if (at === undefined) continue;
    editing.notice({
      severity: 'warning',
      rule: 'enum-value-still-used',
      message: `${name}.${member} goes from ${file.path}, and is still used here`,
      file: other.path,
      line: other.text.slice(0, at).split('\n').length,
    });
  }
}

/** The declaration goes with the type when nothing but its columns named it. */
export function forgetEnum(
  name: ObjectName,
  uses: readonly EnumUse[],
  editing: Editing,
  drafts: Drafts,
): void {
  for (const { source, path } of uses) {
    if (source?.kind !== 'declared') continue;
    const { declaration } = source;
    const gone = new Set(drafts.all.filter(({ isDropped }) => isDropped).map((draft) => draft.path));
    const count = (text: string) => text.match(new RegExp(`\\b${declaration.name}\\b`, 'g'))?.length ?? 0;
    const others = editing.sources
      .filesWith(declaration.name)
      .filter((file) => file.path !== declaration.file.path && file.path !== path && !gone.has(file.path));
    const own = declaration.file.text.slice(declaration.statement.start, declaration.statement.end);
    const isUsedHere =
      declaration.file.path !== path &&
      count(declaration.file.text) > count(own) + (declaration.hasType ? 3 : 0);
    if (others.length > 0 || isUsedHere) {
      editing.notice({
        severity: 'warning',
        rule: 'enum-still-used',
        message: `the type ${displayName(name)} goes, and ${declaration.name} is still used in ${others[0]?.path ?? declaration.file.path}`,
        file: declaration.file.path,
      });
      continue;
    }
    editing.edit(declaration.file.path, removeStatement(declaration.file.text, declaration.statement));
  }
}
