import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { displayName, findEnum, isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import { toCase } from '../case.ts';
import { pathLike } from '../path-template.ts';
import { directoryOf } from '../specifier.ts';
import { startWithComments } from '../statement-removal.ts';
import { singularName } from '../word-names.ts';
import type { EntityDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import { enumText, memberCase, memberName } from './enum-conventions.ts';
import { declaredRef, derivedEnumName, type EnumRef, type FindEnum, inlineRef } from './enum-refs.ts';
import { type EnumDeclaration, enumDeclaration } from './enum-source.ts';
import { type EnumUse, enumUses } from './enum-uses.ts';
import { editDeclared, editInline, editMemberDefault, forgetEnum, isOfValues } from './enum-values.ts';
import { bareName } from './bare-name.ts';
import { refuseSharedValues } from './shared-values.ts';
import { majority } from './vote.ts';

type EnumChange = Extract<Change, { enum: unknown }>;

export interface EnumEditor {
  readonly find: FindEnum;
  /** Adds, renames and drops values; takes out the enums of dropped types. After the drafts are finished. */
  edit(changes: readonly EnumChange[]): void;
}

/** The enums of a project: those that entities use, and those that a plan makes. */
export function openEnums(editing: Editing, entities: Entities, drafts: Drafts): EnumEditor {
  const { before, changes } = editing.input;
  const made = new Map<string, EnumRef>();
  const usesOf = (wanted: ObjectName) => enumUses(editing, entities, (name) => isSameObject(name, wanted));
  const find: FindEnum = (name) => {
    const isEnum =
      findEnum(before, name) !== undefined ||
      changes.some((change) => change.kind === 'create-enum' && isSameObject(change.enum, name));
    if (!isEnum) return undefined;
    const key = displayName(name);
    const known = made.get(key) ?? existing(name, usesOf(name), editing);
    const ref = known ?? created(name, enumConventions(editing, entities), editing, drafts);
    if (ref !== undefined) made.set(key, ref);
    return ref;
  };
  return {
    find,
    edit: (wanted) => {
      const formerOf = (name: ObjectName) =>
        findEnum(before, name) === undefined ? formerEnum(name, changes) : name;
      for (const change of wanted) {
        const former = formerOf(change.enum);
        const uses = usesOf(former).filter((use) => isSameObject(use.name, former));
        if (isOfValues(change))
          refuseSharedValues({ change, uses, changes: wanted, former: formerOf }, editing, entities);
        editEnum(change, uses, editing, { find, drafts });
      }
    },
  };
}

/** So many enums show where they are written and how. */
const ENOUGH = 20;

function enumConventions(editing: Editing, entities: Entities): readonly EnumUse[] {
  let count = 0;
  return enumUses(editing, entities, () => (count += 1) <= ENOUGH);
}

function existing(name: ObjectName, uses: readonly EnumUse[], editing: Editing): EnumRef | undefined {
  const use = uses.find((each) => isSameObject(each.name, name) && each.source !== undefined);
  const values = findEnum(editing.input.before, name)?.values;
  if (use?.source === undefined) return values === undefined ? undefined : inlineRef(name, values, editing);
  if (use.source.kind === 'inline') return inlineRef(name, values ?? [], editing);
  return declaredRef(name, use.source.declaration, editing);
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
  const declared = uses.flatMap(({ source, path }) =>
    source?.kind === 'declared' ? [{ ...source, path }] : [],
  );
  const inline = uses.filter(({ source }) => source?.kind === 'inline').length;
  if (inline > declared.length) return inlineRef(name, change.enum.values, editing);
  const form = majority(declared.map(({ declaration }) => declaration.form)) ?? 'enum';
  const style = editing.style(user.draft.path);
  const members = memberCase(
    declared.length > 0
      ? declared.map(({ declaration }) => declaration)
      : enumsAround(user.draft.path, editing),
  );
  const exported = enumName(
    name,
    user,
    declared.map(({ declaration }) => declaration.name),
  );
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

/** Enums of the sources that entities import, where none of the database shows how members are called. */
function enumsAround(path: string, { sources }: Editing): readonly EnumDeclaration[] {
  const found: EnumDeclaration[] = [];
  for (const near of [path, ...sources.paths]) {
    if (found.length >= ENOUGH) break;
    const text = sources.text(near) ?? '';
    for (const [, name] of text.matchAll(/^export enum (\w+)/gm)) {
      const file = sources.file(near);
      const declaration = file && enumDeclaration(file, name!);
      if (declaration !== undefined) found.push(declaration);
    }
  }
  return found;
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
    names: apart
      .filter(({ declaration }) => declaration.file.path === path)
      .map(({ declaration }) => declaration.name),
  }));
  const like = pathLike(files, { name: toCase(exported, 'snake'), domain: undefined });
  if (like === undefined) return paths[0]!;
  const ways = apart.map(({ declaration, path }) =>
    wayBetween(directoryOf(path), directoryOf(declaration.file.path)),
  );
  const most = majority(ways.map(({ up, down }) => `${up} ${down}`));
  const way = ways.find(({ up, down }) => `${up} ${down}` === most);
  const folder = way && folderAlong(directoryOf(draft.path), way);
  return folder === undefined ? like : folder + like.slice(like.lastIndexOf('/'));
}

/** From the folder of an entity to that of its enum: what is left behind, and what is gone into. */
interface Way {
  readonly up: string;
  readonly down: string;
}

function wayBetween(from: string, to: string): Way {
  const [a, b] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  return { up: a.slice(shared).join('/'), down: b.slice(shared).join('/') };
}

/** The same way from another folder; undefined where that one does not lie as the others do. */
function folderAlong(from: string, { up, down }: Way): string | undefined {
  if (up !== '' && !from.endsWith(`/${up}`)) return undefined;
  const start = up === '' ? from : from.slice(0, -up.length - 1);
  return down === '' ? start : `${start}/${down}`;
}

/** What an enum was called before the plan's renames: the name that TypeORM derives follows those of table and column. */
function formerEnum(wanted: ObjectName, changes: readonly Change[]): ObjectName {
  return changes.reduceRight<ObjectName>((name, change) => {
    if (change.kind === 'rename-column') {
      const { schema, name: table } = change.table;
      const derived = { schema, name: derivedEnumName(table, change.to) };
      return isSameObject(derived, name) ? { schema, name: derivedEnumName(table, change.from) } : name;
    }
    if (change.kind !== 'rename-table' || name.schema !== change.table.schema) return name;
    const prefix = `${change.to}_`.toLowerCase();
    return name.name.startsWith(prefix) && name.name.endsWith('_enum')
      ? { ...name, name: `${change.table.name}_`.toLowerCase() + name.name.slice(prefix.length) }
      : name;
  }, wanted);
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
  if (change.kind === 'drop-enum') return forgetEnum(change.enum, uses, editing, drafts);
  if (uses.length === 0 || uses.some(({ source }) => source === undefined))
    throw new TableplanError(
      'schema-not-editable',
      `no entity lists the values of the enum ${displayName(change.enum)}`,
      { hint: 'Its values are computed, or no column has it. Change them by hand where they are made.' },
    );
  const done = new Set<string>();
  for (const use of uses) {
    if (use.source?.kind === 'inline') {
      editInline(change, use, editing);
      continue;
    }
    editMemberDefault(change, use, editing);
    const { declaration } = use.source as { declaration: EnumDeclaration };
    const key = `${declaration.file.path}#${declaration.name}`;
    if (!done.has(key)) editDeclared(change, declaration, editing);
    done.add(key);
  }
}

function enumAlone(name: ObjectName): TableplanError {
  return new TableplanError(
    'plan-not-supported',
    `TypeORM has enums on columns only: no column is a ${displayName(name)}`,
    {
      hint: 'Add the column that is to have it in the same plan.',
    },
  );
}
