import { displayName } from '../../plan/database-schema.ts';
import { parseType, type PgType, sameType } from '../../postgres/sql.ts';
import { stringLiteral } from '../literals.ts';
import { columnDefault, columnSpec, type SpecContext, typeParts } from './column-spec.ts';
import { type CodeStyle, type Run, specContext } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import type { ColumnPlace } from './entities.ts';
import { needsName } from './conventions.ts';
import type { DecoratorModel, MemberModel } from './model.ts';
import { columnDecorators } from './member-text.ts';
import { optionOf, optionsOf, withOption } from './options.ts';
import { decoratorNamed } from './read.ts';
import { argumentsOf, stringOf, withArgument, withArgumentBefore } from './snippet.ts';
import { MODIFIER_KEYS, propertyType, underSerial } from './type-words.ts';

/** Changes of a column that has a property of its own: its decorator's options, its name, its type. */
export function editColumn(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  place: ColumnPlace,
): void {
  const decorator = columnDecorator(draft, column, place.member);
  const context = specContext(
    run,
    codeStyle,
    { ...draft, path: place.owner.file.path },
    { isPrimary: false },
  );
  if (decorator.name === 'PrimaryGeneratedColumn' && isNoLongerGenerated(column, decorator))
    return replaceKey(run, codeStyle, draft, column, { place, decorator, context });
  const rewrite = (change: (text: string) => string) =>
    run.editing.rewrite(place.owner.file.path, decorator, change);
  if (!sameType(column.before.type, column.def.type))
    editType(run, codeStyle, column, { place, decorator, context });
  if (column.before.notNull !== column.def.notNull) {
    refuseNotNullChild(run, draft, column, place);
    rewrite((text) =>
      withOption(text, 'nullable', nullableText(column.def.notNull, codeStyle), {
        eol: codeStyle.style.eol,
        without: 'false',
      }),
    );
    editNullability(run, codeStyle, column, { place, decorator, context });
  }
  if (column.before.default !== column.def.default || isDefaultMoved(column, context)) {
    const { def } = column;
    const value = def.default === undefined ? undefined : columnDefault(def, parseType(def.type), context);
    rewrite((text) => withOption(text, 'default', value, { eol: codeStyle.style.eol, without: 'undefined' }));
  }
  editName(run, codeStyle, column, { place, decorator, context });
}

function nullableText(isNotNull: boolean, { columns }: CodeStyle): string | undefined {
  if (!isNotNull) return 'true';
  return columns.writesNotNull ? 'false' : undefined;
}

/** Columns of a @ChildEntity are nullable whatever they say: rows of the other kinds have no value there. */
function refuseNotNullChild(
  { entities }: Run,
  draft: EntityDraft,
  column: ColumnDraft,
  { member }: ColumnPlace,
): void {
  const owner = entities.all.find(({ name }) => name === column.column?.declaredIn);
  if (owner?.tableType !== 'entity-child' || !column.def.notNull) return;
  throw refuse(
    draft,
    `the column ${column.before.name} of ${displayName(draft.name)} cannot be NOT NULL: ${owner.name} shares its table with other entities`,
    'Leave it nullable, or move the column to the class above.',
    member.start,
  );
}

/** A key that the database made, of a type or with a default that @PrimaryGeneratedColumn does not know. */
function isNoLongerGenerated({ before, def }: ColumnDraft, { text }: DecoratorModel): boolean {
  if (before.default !== def.default) return true;
  const isInteger = /^(integer|bigint|smallint|(big|small)?serial)$/.test(parseType(def.type).name);
  return !sameType(before.type, def.type) && (!isInteger || /['"]uuid['"]/.test(text));
}

/** `@PrimaryGeneratedColumn` becomes a plain `@PrimaryColumn`. */
function replaceKey(run: Run, codeStyle: CodeStyle, draft: EntityDraft, column: ColumnDraft, at: At): void {
  const { def, property } = column;
  const spec = columnSpec(def, specContext(run, codeStyle, draft, { isPrimary: true }));
  const name = needsName(property, def.name, run.editing.input.naming) ? def.name : undefined;
  const [text] = columnDecorators(spec, name, codeStyle.columns, codeStyle.text);
  const { owner, member } = at.place;
  run.editing.rewrite(owner.file.path, at.decorator, () => text!);
  if (property !== member.name) run.editing.edit(owner.file.path, { ...member.nameSpan, text: property });
  const was = formerType(codeStyle, parseType(column.before.type));
  editPropertyType(run, column, member, owner.file.path, { was, is: spec.propertyType });
}

interface At {
  readonly place: ColumnPlace;
  readonly decorator: DecoratorModel;
  readonly context: SpecContext;
}

const EDITABLE =
  /^(Column|PrimaryColumn|PrimaryGeneratedColumn|(Create|Update|Delete)DateColumn|VersionColumn)$/;

function columnDecorator(draft: EntityDraft, column: ColumnDraft, member: MemberModel): DecoratorModel {
  const decorator = decoratorNamed(member, EDITABLE);
  const what = `the column ${column.before.name} of ${displayName(draft.name)}`;
  if (decorator?.call === undefined)
    throw refuse(
      draft,
      `${what} has no decorator of TypeORM itself`,
      'A decorator of the project makes it. Change the column by hand, and leave it out of the plan.',
      member.start,
    );
  if (optionsOf(decorator.text) === 'opaque')
    throw refuse(
      draft,
      `the options of ${what} are held by a variable`,
      'Write them as an object literal in the decorator (a spread will do) and run again.',
      decorator.start,
    );
  return decorator;
}

function editType(
  run: Run,
  codeStyle: CodeStyle,
  column: ColumnDraft,
  { place, decorator, context }: At,
): void {
  const { def, before } = column;
  const [from, to] = [parseType(before.type), parseType(def.type)];
  const parts = typeParts(def, to, context);
  const { eol, quote } = codeStyle.style;
  const path = place.owner.file.path;
  const isSameWord = from.name === to.name;
  run.editing.rewrite(path, decorator, (text) => {
    const typed = isSameWord ? text : withType(text, stringLiteral(parts.word, quote), codeStyle);
    const options = new Map(parts.options);
    const gone = [...MODIFIER_KEYS, 'array', 'enum', 'enumName'].filter(
      (key) => !options.has(key) && optionOf(typed, key) !== undefined,
    );
    const bare = gone.reduce(
      (each, key) => withOption(each, key, undefined, { eol, without: 'undefined' }),
      typed,
    );
    return [...options].reduce((each, [key, value]) => withOption(each, key, value, { eol }), bare);
  });
  const was = enumOf(from, context)?.useIn(path).type ?? formerType(codeStyle, from);
  editPropertyType(run, column, place.member, path, { was, is: parts.property });
}

function enumOf(type: PgType, { enumRef }: SpecContext) {
  return enumRef({ schema: type.schema ?? 'public', name: type.name });
}

/** A default that is an enum's member, or becomes one. */
function isDefaultMoved({ before, def }: ColumnDraft, context: SpecContext): boolean {
  if (def.default === undefined || sameType(before.type, def.type)) return false;
  return [before.type, def.type].some((type) => enumOf(parseType(type), context) !== undefined);
}

/** The property type that the project gives a column of a type. */
function formerType(codeStyle: CodeStyle, type: PgType): string {
  const plain = underSerial(type) ?? type;
  const one = codeStyle.columns.propertyTypes.get(plain.name) ?? propertyType(plain);
  return one + '[]'.repeat(type.arrayDims);
}

/** The type in the place where it stands; where none stands, as the neighbours have it. */
function withType(decorator: string, type: string, { style, columns }: CodeStyle): string {
  const [first] = argumentsOf(decorator) ?? [];
  const isGenerated = /^@(\w+\.)?PrimaryGeneratedColumn\b/.test(decorator);
  const isDate = /^@(\w+\.)?(Create|Update|Delete)DateColumn\b/.test(decorator);
  if (!isGenerated && stringOf(first) !== undefined) return withArgument(decorator, 0, type);
  const hasOption = optionOf(decorator, 'type') !== undefined;
  if (!hasOption && !isGenerated && !isDate && columns.typeForm(stringOf(type) ?? type) === 'argument')
    return withArgumentBefore(decorator, 0, type);
  return withOption(decorator, 'type', type, { eol: style.eol });
}

/** The property's type where it is the one that the old column's had; any other is the project's own to change. */
function editPropertyType(
  run: Run,
  column: ColumnDraft,
  member: MemberModel,
  path: string,
  { was, is }: { readonly was: string; readonly is: string },
): void {
  const { type } = member;
  if (type === undefined || was === is) return;
  const known = new Set([
    was,
    propertyType(parseType(column.before.type)),
    'string',
    'number',
    'Date',
    'boolean',
  ]);
  const bare = type.text.replace(/\s*\|\s*(null|undefined)\b/g, '').trim();
  if (bare === is || !known.has(bare)) return;
  run.editing.rewrite(path, type, (text) => text.replace(bare, () => is));
}

function editNullability(
  run: Run,
  codeStyle: CodeStyle,
  column: ColumnDraft,
  { place, decorator }: At,
): void {
  const path = place.owner.file.path;
  nullableProperty(run, codeStyle, place.member, path, !column.def.notNull);
  const isUntyped =
    argumentsOf(decorator.text)?.every((each) => stringOf(each) === undefined) === true &&
    optionOf(decorator.text, 'type') === undefined &&
    decorator.name === 'Column';
  // `string | null` says nothing to reflection: the type must be written then.
  if (isUntyped && !column.def.notNull && codeStyle.members.nullableType !== '')
    run.editing.rewrite(path, decorator, (text) =>
      withType(text, stringLiteral(wordOf(column, codeStyle), codeStyle.style.quote), codeStyle),
    );
}

function wordOf({ def }: ColumnDraft, { columns }: CodeStyle): string {
  const { name } = parseType(def.type);
  return columns.words.get(name) ?? (name === 'integer' ? 'int' : name);
}

/** Makes a property's type say that it may be empty, or that it may not, as the project says it. */
export function nullableProperty(
  run: Run,
  codeStyle: CodeStyle,
  member: MemberModel,
  path: string,
  isNullable: boolean,
): void {
  const { members } = codeStyle;
  const { type } = member;
  if (type !== undefined) {
    run.editing.rewrite(path, type, (text) => {
      const bare = text.replace(/\s*\|\s*(null|undefined)\b/g, '');
      return isNullable ? bare + members.nullableType : bare;
    });
  }
  const wanted = isNullable ? members.nullableMark : members.mark;
  if (member.node.initializer !== undefined || member.mark === wanted) return;
  run.editing.edit(path, {
    start: member.nameSpan.end,
    end: member.nameSpan.end + member.mark.length,
    text: wanted,
  });
}

function editName(run: Run, codeStyle: CodeStyle, column: ColumnDraft, { place, decorator }: At): void {
  const { member, owner } = place;
  const path = owner.file.path;
  const old = column.column?.property ?? member.name;
  const property = column.property.slice(column.property.lastIndexOf('.') + 1);
  if (column.property !== old) run.editing.edit(path, { ...member.nameSpan, text: property });
  if (column.before.name === column.def.name) return;
  // The names of an embedded class's columns follow its properties.
  if (old.includes('.'))
    return run.editing.rewrite(path, decorator, (text) =>
      withOption(text, 'name', undefined, { eol: codeStyle.style.eol, without: 'undefined' }),
    );
  const isNeeded = needsName(column.property, column.def.name, run.editing.input.naming);
  const value = stringLiteral(column.def.name, codeStyle.style.quote);
  run.editing.rewrite(path, decorator, (text) => {
    const isWritten = isNeeded || (optionOf(text, 'name') !== undefined && codeStyle.columns.writesName);
    return withOption(text, 'name', isWritten ? value : undefined, {
      eol: codeStyle.style.eol,
      without: value,
    });
  });
}
