import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { displayName, findEnum, isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import { toCase } from '../case.ts';
import { insertItem, removeItems } from '../list-edit.ts';
import { pathLike } from '../path-template.ts';
import { directoryOf } from '../specifier.ts';
import { removeStatement, startWithComments } from '../statement-removal.ts';
import { applyEdits } from '../text-edit.ts';
import { singularName } from '../word-names.ts';
import type { EntityDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import { enumText, memberCase, memberName, memberText } from './enum-habits.ts';
import { derivedEnumName, type EnumRef, type FindEnum, inlineValues } from './enum-refs.ts';
import { type EnumDeclaration, enumDeclaration, memberList } from './enum-source.ts';
import { bareName } from './inverse.ts';
import type { DecoratorModel, MemberModel } from './model.ts';
import { optionOf, withOption } from './options.ts';
import { decoratorNamed } from './read.ts';
import { itemsOf, stringOf } from './snippet.ts';
import { majority } from './vote.ts';

/** Where an entity uses an enum of the database, and what it has for its values. */
interface EnumUse {
  readonly name: ObjectName;
  readonly path: string;
  readonly member: MemberModel;
  readonly decorator: DecoratorModel;
  readonly source: { readonly kind: 'declared'; readonly declaration: EnumDeclaration } | { readonly kind: 'inline' } | undefined;
}

type EnumChange = Extract<Change, { enum: unknown }>;

export interface EnumEditor {
  readonly find: FindEnum;
  /** Adds, renames and drops values; takes out the enums of dropped types. After the drafts are finished. */
  edit(changes: readonly EnumChange[]): void;
}

/** The enums of a project: those that entities use, and those that a plan makes. */
export function openEnums(editing: Editing, entities: Entities, drafts: Drafts): EnumEditor {
  const uses = enumUses(editing, entities);
  const made = new Map<string, EnumRef>();
  const find: FindEnum = (name) => {
    const key = displayName(name);
    const known = made.get(key) ?? existing(name, uses, editing) ?? created(name, uses, editing, drafts);
    if (known !== undefined) made.set(key, known);
    return known;
  };
  return {
    find,
    edit: (changes) => {
      for (const change of changes) editEnum(change, uses, editing, { find, drafts });
    },
  };
}

function enumUses({ sources }: Editing, entities: Entities): readonly EnumUse[] {
  return entities.all.flatMap((entity) =>
    entity.columns
      .filter(({ type, isVirtual }) => (type === 'enum' || type === 'simple-enum') && !isVirtual)
      .flatMap((column): EnumUse[] => {
        const source = entities.find(entity);
        const owner =
          source?.kind !== 'class' || column.declaredIn === entity.name
            ? source
            : entities.classNamed(column.declaredIn);
        if (owner?.kind !== 'class') return [];
        const member = owner.members.find(({ name }) => name === column.property.split('.').at(-1));
        const decorator = member && decoratorNamed(member, /Column$/);
        if (member === undefined || decorator === undefined) return [];
        const name = column.enumName ?? derivedEnumName(entity.table.name, column.column);
        return [
          {
            name: { schema: entity.table.schema, name },
            path: owner.file.path,
            member,
            decorator,
            source: valuesOf(optionOf(decorator.text, 'enum'), owner.file.path, sources),
          },
        ];
      }),
  );
}

function valuesOf(written: string | undefined, path: string, sources: Editing['sources']): EnumUse['source'] {
  if (written === undefined) return undefined;
  if (written.startsWith('[')) return { kind: 'inline' };
  const name = /^(?:Object\.values\()?([A-Za-z_$][\w$]*)\)?$/.exec(written)?.[1];
  const file = sources.file(path);
  if (name === undefined || file === undefined) return undefined;
  const own = enumDeclaration(file, name);
  if (own !== undefined) return { kind: 'declared', declaration: own };
  const declaration = importedEnum(path, name, sources, 0);
  return declaration && { kind: 'declared', declaration };
}

/** Through as many barrels as there are, within reason. */
function importedEnum(
  path: string,
  name: string,
  sources: Editing['sources'],
  depth: number,
): EnumDeclaration | undefined {
  const file = sources.file(path);
  const line = file?.imports.find((each) => each.names?.items.some(({ alias }) => alias === name));
  const original = line?.names?.items.find(({ alias }) => alias === name)?.name;
  if (line?.path === undefined || original === undefined || depth > 4) return undefined;
  const target = sources.file(line.path);
  const declared = target && enumDeclaration(target, original);
  if (declared !== undefined) return declared;
  const anywhere = sources.filesWith(original).flatMap((each) => enumDeclaration(each, original) ?? []);
  return anywhere.length === 1 ? anywhere[0] : undefined;
}

function existing(name: ObjectName, uses: readonly EnumUse[], editing: Editing): EnumRef | undefined {
  const use = uses.find((each) => isSameObject(each.name, name) && each.source !== undefined);
  const values = findEnum(editing.input.before, name)?.values;
  if (use?.source === undefined) return values === undefined ? undefined : inlineRef(name, values, editing);
  if (use.source.kind === 'inline') return inlineRef(name, values ?? [], editing);
  return declaredRef(name, use.source.declaration, editing);
}

function inlineRef(name: ObjectName, values: readonly string[], editing: Editing): EnumRef {
  return {
    ...name,
    values,
    useIn: (path) => {
      const { quote } = editing.style(path);
      return {
        expression: inlineValues({ values }, quote),
        type: values.map((value) => `${quote}${value}${quote}`).join(' | '),
        member: () => undefined,
      };
    },
  };
}

type DeclaredEnum = Pick<EnumDeclaration, 'form' | 'name' | 'members' | 'hasType'> & {
  readonly file: { readonly path: string };
};

function declaredRef(name: ObjectName, declaration: DeclaredEnum, editing: Editing): EnumRef {
  const { form, members } = declaration;
  return {
    ...name,
    values: members.map(({ value }) => value),
    useIn: (path) => {
      const local = editing.needImport(path, { from: { path: declaration.file.path }, name: declaration.name });
      const isNamed = form === 'enum' || declaration.hasType;
      const type = isNamed ? local : form === 'list' ? `(typeof ${local})[number]` : `(typeof ${local})[keyof typeof ${local}]`;
      return {
        expression: local,
        type,
        member: (value) => {
          const member = members.find((each) => each.value === value);
          return member === undefined || form === 'list' ? undefined : `${local}.${member.name}`;
        },
      };
    },
  };
}

/** An enum that the plan makes: written where the neighbours have theirs, when the first column asks for it. */
function created(
  name: ObjectName,
  uses: readonly EnumUse[],
  editing: Editing,
  drafts: Drafts,
): EnumRef | undefined {
  const change = editing.input.changes.find(
    (each) => each.kind === 'create-enum' && isSameObject(each.enum, name),
  );
  if (change?.kind !== 'create-enum') return undefined;
  const user = userOf(name, drafts);
  if (user === undefined) return undefined;
  const declared = uses.flatMap(({ source, path }) => (source?.kind === 'declared' ? [{ ...source, path }] : []));
  const inline = uses.filter(({ source }) => source?.kind === 'inline').length;
  if (inline > declared.length) return inlineRef(name, change.enum.values, editing);
  const form = majority(declared.map(({ declaration }) => declaration.form)) ?? 'enum';
  const style = editing.style(user.draft.path);
  const members = memberCase(declared.map(({ declaration }) => declaration));
  const exported = enumName(name, user, declared.map(({ declaration }) => declaration.name));
  const path = enumPath(exported, user.draft, declared);
  declare(editing, user.draft, path, enumText(form, exported, change.enum.values, { style, members }));
  return declaredRef(
    name,
    {
      form,
      name: exported,
      members: change.enum.values.map((value) => ({ name: memberName(value, members), value })),
      hasType: form !== 'list',
      file: { path },
    },
    editing,
  );
}

/** Above the class that uses it, since decorators run before what stands below; else at the end of its own file. */
function declare(editing: Editing, draft: EntityDraft, path: string, text: string): void {
  const { source } = draft;
  if (source === undefined || path !== source.file.path) return editing.append(path, text);
  const at = startWithComments(source.file.text, source);
  const { eol } = editing.style(path);
  editing.edit(path, { start: at, end: at, text: text + eol + eol });
}

interface EnumUser {
  readonly draft: EntityDraft;
  readonly column: string;
}

function userOf(name: ObjectName, drafts: Drafts): EnumUser | undefined {
  for (const draft of drafts.all) {
    const column = draft.columns.find(({ def, isDropped }) => {
      const type = parseType(def.type);
      return !isDropped && isSameObject({ schema: type.schema ?? 'public', name: type.name }, name);
    });
    if (column !== undefined) return { draft, column: column.def.name };
  }
  return undefined;
}

/** `OrderStatus` for `order_status`, for `order_status_enum`, and for the name that TypeORM derives. */
function enumName({ name }: ObjectName, { draft, column }: EnumUser, others: readonly string[]): string {
  const isDerived = name === derivedEnumName(draft.name.name, column);
  const words = isDerived
    ? `${toCase(singularName(bareName(draft.exported)), 'snake')}_${column}`
    : name.replace(/_enum$/, '');
  const suffix = others.length > 0 && others.every((each) => each.endsWith('Enum')) ? 'Enum' : '';
  return `${toCase(words, 'pascal')}${suffix}`;
}

function enumPath(
  exported: string,
  draft: EntityDraft,
  declared: readonly { readonly declaration: EnumDeclaration; readonly path: string }[],
): string {
  const apart = declared.filter(({ declaration, path }) => declaration.file.path !== path);
  if (apart.length * 2 <= declared.length) return draft.path;
  const paths = [...new Set(apart.map(({ declaration }) => declaration.file.path))];
  const files = paths.map((path) => ({
    path,
    names: apart.filter(({ declaration }) => declaration.file.path === path).map(({ declaration }) => declaration.name),
  }));
  const like = pathLike(files, toCase(exported, 'snake'), undefined);
  if (like === undefined) return paths[0]!;
  const isBeside = apart.every(({ declaration, path }) => directoryOf(declaration.file.path) === directoryOf(path));
  return isBeside ? directoryOf(draft.path) + like.slice(like.lastIndexOf('/')) : like;
}

function editEnum(
  change: EnumChange,
  uses: readonly EnumUse[],
  editing: Editing,
  { find, drafts }: { readonly find: FindEnum; readonly drafts: Drafts },
): void {
  if (change.kind === 'create-enum') {
    if (find(change.enum) === undefined) throw enumAlone(change.enum);
    return;
  }
  const own = uses.filter((use) => isSameObject(use.name, change.enum));
  if (change.kind === 'drop-enum') return forgetEnum(change.enum, own, editing, drafts);
  if (own.length === 0 || own.some(({ source }) => source === undefined))
    throw new TableplanError(
      'schema-not-editable',
      `no entity lists the values of the enum ${displayName(change.enum)}`,
      { hint: 'Its values are computed, or no column has it. Change them by hand where they are made.' },
    );
  const done = new Set<string>();
  for (const use of own) {
    if (use.source?.kind === 'inline') {
      editInline(change, use, editing);
      continue;
    }
    const { declaration } = use.source as { declaration: EnumDeclaration };
    const key = `${declaration.file.path}#${declaration.name}`;
    if (!done.has(key)) editDeclared(change, declaration, editing);
    done.add(key);
  }
}

function enumAlone(name: ObjectName): TableplanError {
  return new TableplanError('plan-not-supported', `TypeORM has enums on columns only: no column is a ${displayName(name)}`, {
    hint: 'Add the column that is to have it in the same plan.',
  });
}

type ValueChange = Exclude<EnumChange, { kind: 'create-enum' | 'drop-enum' }>;

function editInline(change: ValueChange, use: EnumUse, editing: Editing): void {
  const { quote, eol } = editing.style(use.path);
  editing.rewrite(use.path, use.decorator, (text) => {
    const list = optionOf(text, 'enum') ?? '[]';
    const values = (itemsOf(list) ?? []).map((item) => stringOf(item) ?? '');
    return withOption(text, 'enum', inlineValues({ values: valuesAfter(change, values) }, quote), { eol });
  });
  const { type } = use.member;
  if (type === undefined) return;
  editing.rewrite(use.path, type, (text) => {
    const old = text.split('|').map((part) => part.trim());
    const literals = old.flatMap((part) => stringOf(part) ?? []);
    if (literals.length === 0) return text;
    const rest = old.filter((part) => stringOf(part) === undefined);
    return [...valuesAfter(change, literals).map((value) => `${quote}${value}${quote}`), ...rest].join(' | ');
  });
}

function valuesAfter(change: ValueChange, values: readonly string[]): readonly string[] {
  switch (change.kind) {
    case 'add-enum-value':
      return values.includes(change.value) ? values : values.toSpliced(placeFor(change, values), 0, change.value);
    case 'rename-enum-value':
      return values.map((value) => (value === change.from ? change.to : value));
    case 'drop-enum-value':
      return values.filter((value) => value !== change.value);
  }
}

function placeFor(change: Extract<ValueChange, { kind: 'add-enum-value' }>, values: readonly string[]): number {
  const before = change.before === undefined ? -1 : values.indexOf(change.before);
  const after = change.after === undefined ? -1 : values.indexOf(change.after);
  if (before !== -1) return before;
  return after === -1 ? values.length : after + 1;
}

function editDeclared(change: ValueChange, declaration: EnumDeclaration, editing: Editing): void {
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
function renamed(item: string, { from, to }: { from: string; to: string }, quote: "'" | '"'): string {
  const at = Math.max(item.lastIndexOf(`'${from}'`), item.lastIndexOf(`"${from}"`), item.lastIndexOf(`\`${from}\``));
  return at === -1 ? item : `${item.slice(0, at)}${quote}${to}${quote}${item.slice(at + from.length + 2)}`;
}

function lastLiteral(item: string): string {
  return stringOf(/(['"`])(?:(?!\1)[^\\]|\\.)*\1(?=\s*$)/.exec(item)?.[0]) ?? '';
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
function forgetEnum(name: ObjectName, uses: readonly EnumUse[], editing: Editing, drafts: Drafts): void {
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
      declaration.file.path !== path && count(declaration.file.text) > count(own) + (declaration.hasType ? 3 : 0);
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

