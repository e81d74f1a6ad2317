import { ts } from '../compiler.cjs';
import { parseType, sameType } from '../../postgres/sql.ts';
import type { TextEdit } from '../text-edit.ts';
import { columnBuilder, type BuilderText, type TypeFamily, type TypeNames } from './column-types.ts';
import { type ColumnStyle, referencesModifier, referentialOptions, uniqueModifier } from './column-text.ts';
import { defaultModifier, type DefaultText } from './defaults.ts';
import { casedName } from '../case.ts';
import { clockEdits } from './clock-functions.ts';
import { bare } from './chain.ts';
import type { ColumnDraft, ReferenceDraft, TableDraft } from './draft.ts';
import { chainOf, refuse } from './find.ts';
import { configValue } from './conventions.ts';
import { stringLiteral } from '../literals.ts';
import type { CallChain, ChainLink, ColumnModel } from './model.ts';
import type { Casing } from './read-columns.ts';
import { configEntries } from './builder-config.ts';
import { isDerivedUnique } from './unique-name.ts';
import type { SchemaFile } from '../source-file.ts';

/** What the edit of a column may ask of its file. */
export interface ColumnWriting {
  readonly draft: TableDraft;
  readonly file: SchemaFile;
  readonly style: ColumnStyle;
  readonly names: TypeNames;
  readonly casing: Casing;
  /** Reports what a text uses, so that it is imported. */
  readonly uses: (builder: Pick<BuilderText, 'imports' | 'variable'>) => void;
  readonly needsSql: () => void;
  /** The arrow's target and annotation of `.references()`. */
  readonly target: (reference: Extract<ReferenceDraft, { kind: 'add' }>) => {
    readonly target: string;
    readonly annotation?: string | undefined;
  };
}

/** The edits that turn a column as it stands in the source into the column as it will be; what stays is not touched. */
export function editColumn(column: ColumnDraft, writing: ColumnWriting): TextEdit[] {
  const { origin, def, before } = column;
  if (origin.kind !== 'listed' || !isTouched(column)) return [];
  const listed = origin.column;
  const key = keyEdit(column, listed);
  const isOnlyRenamed = !isChangedInside(column) && def.name === before.name;
  if (isOnlyRenamed) return key;
  const chain = chainOf(writing.draft, column);
  const isRetyped =
    (!sameType(def.type, before.type) && before.type !== '') || (before.type === '' && def.type !== '');
  const builder = isRetyped
    ? retype(column, listed, chain, writing)
    : { edits: renameEdits(column, listed, chain, writing), head: headEnd(chain) };
  return [...key, ...builder.edits, ...modifierEdits(column, chain, builder, writing)];
}

function isTouched(column: ColumnDraft): boolean {
  return (
    column.origin.kind === 'listed' &&
    (isChangedInside(column) ||
      column.key !== column.origin.column.key ||
      column.def.name !== column.before.name)
  );
}

function isChangedInside({ def, before, primaryKey, unique, references }: ColumnDraft): boolean {
  const isPlain = primaryKey === undefined && unique === undefined && references === undefined;
  return (
    !isPlain || def.type !== before.type || def.notNull !== before.notNull || def.default !== before.default
  );
}

function keyEdit(column: ColumnDraft, listed: ColumnModel): TextEdit[] {
  if (column.key === listed.key) return [];
  const isShorthand = listed.keySpan.start === listed.start && listed.keySpan.end === listed.end;
  return [
    isShorthand
      ? { start: listed.start, end: listed.start, text: `${column.key}: ` }
      : { ...listed.keySpan, text: column.key },
  ];
}

/** The name in the database: its literal, or one where the new key alone would say something else. */
function renameEdits(
  { def, key }: ColumnDraft,
  listed: ColumnModel,
  chain: CallChain,
  { style, casing }: ColumnWriting,
): TextEdit[] {
  if (listed.nameLiteral !== undefined) {
    if (def.name === listed.name) return [];
    return [{ ...listed.nameLiteral, text: stringLiteral(def.name, style.quote).slice(1, -1) }];
  }
  if (casedName(key, casing) === def.name) return [];
  const [first] = chain.rootCall.arguments;
  const at = first === undefined ? chain.rootCall.end - 1 : first.pos;
  return [
    { start: at, end: at, text: `${stringLiteral(def.name, style.quote)}${first === undefined ? '' : ', '}` },
  ];
}

interface BuilderEdit {
  readonly edits: readonly TextEdit[];
  /** Behind it the modifiers begin. */
  readonly head: number;
  readonly family?: { readonly from: TypeFamily; readonly to: TypeFamily };
}

/** Only the builder call (and the `.array()` that belongs to the type) is replaced: the modifiers behind it stay. */
function retype(
  column: ColumnDraft,
  listed: ColumnModel,
  chain: CallChain,
  writing: ColumnWriting,
): BuilderEdit {
  const { def, before } = column;
  const type = parseType(def.type);
  const name =
    listed.nameLiteral !== undefined || casedName(column.key, writing.casing) !== def.name
      ? def.name
      : undefined;
  const style = { ...writing.style, ...ownModes(chain, writing.style) };
  const builder = columnBuilder(type, name, style, writing.names);
  refuseIdentity(column, chain, builder, writing);
  writing.uses(builder);
  const end = typeEnd(chain);
  const start = chain.rootCall.getStart(writing.file.ast);
  const text = keepConfig(builder, chain, writing);
  const family =
    before.type === ''
      ? undefined
      : { from: familyOf(before.type, style, writing.names), to: builder.family };
  return {
    edits: [
      { start, end, text },
      ...jsonTypeEdits(chain, family),
      ...clockEdits(chain, writing.file.ast, family),
    ],
    head: end,
    ...(family === undefined ? {} : { family }),
  };
}

/** `.$type<Meta>()` says what is in a JSON column: it means nothing for another type. */
function jsonTypeEdits({ links }: CallChain, family: BuilderEdit['family']): TextEdit[] {
  const link = links.find((each) => each.name === '$type');
  const isOther = family !== undefined && (family.from === 'json') !== (family.to === 'json');
  return link !== undefined && isOther ? [{ start: link.start, end: link.end, text: '' }] : [];
}

/** drizzle-orm has identities for integers only, as Postgres has. */
function refuseIdentity(
  { def }: ColumnDraft,
  { links }: CallChain,
  builder: BuilderText,
  { draft }: ColumnWriting,
): void {
  const identity = links.find((link) => link.name.endsWith('AsIdentity'));
  if (identity === undefined || builder.imports.some((name) => /^(smallint|integer|bigint)$/.test(name)))
    return;
  throw refuse(
    draft,
    `the identity column ${def.name} cannot become ${def.type}`,
    'An identity is smallint, integer or bigint.',
    identity.start,
  );
}

function familyOf(type: string, style: ColumnStyle, names: TypeNames): TypeFamily {
  try {
    return columnBuilder(parseType(type), undefined, style, names).family;
  } catch {
    return 'opaque';
  }
}

/** The modes that this very column has, and what its builder is called. */
function ownModes(chain: CallChain, style: ColumnStyle): Partial<ColumnStyle> {
  const mode = configValue(chain.rootCall, 'mode');
  if (chain.root === 'timestamp')
    return { timestampMode: mode === 'date' || mode === 'string' ? mode : undefined };
  if (chain.root === 'bigint') return { bigintMode: mode === 'bigint' ? 'bigint' : style.bigintMode };
  return chain.root === 'numeric' || chain.root === 'decimal' ? { numeric: chain.root } : {};
}

/** `{ enum: […] }` of a text column is TypeScript's only; it outlives a change between the text types. */
function keepConfig({ text, imports }: BuilderText, chain: CallChain, { file }: ColumnWriting): string {
  const isText = (root = '') => /^(text|varchar|char)$/.test(root);
  if (!isText(chain.root) || !isText(imports[0])) return text;
  const kept = configEntries(chain.rootCall, file).find((entry) => entry.key === 'enum');
  if (kept === undefined) return text;
  const open = text.lastIndexOf('{');
  if (open !== -1) return `${text.slice(0, open + 1)} ${kept.text},${text.slice(open + 1)}`;
  const close = text.lastIndexOf(')');
  const separator = text[close - 1] === '(' ? '' : ', ';
  return `${text.slice(0, close)}${separator}{ ${kept.text} }${text.slice(close)}`;
}

function typeEnd({ rootCall, links }: CallChain): number {
  return (
    links
      .filter(
        (link, index) =>
          link.name === 'array' && links.slice(0, index).every((before) => before.name === 'array'),
      )
      .at(-1)?.end ?? rootCall.end
  );
}

/** Behind the builder and what says its type. */
function headEnd({ rootCall, links }: CallChain): number {
  const head = links.findIndex((link) => !/^(array|\$type|primaryKey)$/.test(link.name));
  const last = head === -1 ? links.at(-1) : links[head - 1];
  return last?.end ?? rootCall.end;
}

const DEFAULTS = /^(default|defaultNow|defaultRandom)$/;

function modifierEdits(
  column: ColumnDraft,
  chain: CallChain,
  builder: BuilderEdit,
  writing: ColumnWriting,
): TextEdit[] {
  const gap = gapOf(chain, writing.file);
  const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text: gap + text });
  const remove = (link: ChainLink): TextEdit => ({ start: link.start, end: link.end, text: '' });
  const head = Math.max(headEnd(chain), builder.head);
  const link = (name: RegExp) => chain.links.find((each) => name.test(each.name));
  const primaryKey = link(/^primaryKey$/);
  const edits: TextEdit[] = [];
  if (column.primaryKey === 'add') edits.push(insert(builder.head, '.primaryKey()'));
  if (column.primaryKey === 'remove' && primaryKey) edits.push(remove(primaryKey));
  edits.push(...valueEdits(column, { chain, builder, head, gap, insert, remove }, writing));
  const unique = link(/^unique$/);
  const tail = link(/^references$/)?.start ?? chain.links.at(-1)?.end ?? head;
  if (column.unique?.kind === 'remove' && unique) edits.push(remove(unique));
  if (column.unique?.kind === 'add') edits.push(insert(Math.max(tail, head), uniqueText(column, writing)));
  return [...edits, ...referenceEdits(column, { chain, head, gap, insert, remove }, writing)];
}

interface Hands {
  readonly chain: CallChain;
  readonly head: number;
  /** What stands before the dots of this chain. */
  readonly gap: string;
  readonly insert: (at: number, text: string) => TextEdit;
  readonly remove: (link: ChainLink) => TextEdit;
}

function valueEdits(
  column: ColumnDraft,
  hands: Hands & { readonly builder: BuilderEdit },
  writing: ColumnWriting,
): TextEdit[] {
  const notNull = hands.chain.links.find((link) => link.name === 'notNull');
  const current = hands.chain.links.find((link) => DEFAULTS.test(link.name));
  const next = nextDefault(column, hands.builder, writing);
  const isShort = next !== undefined && next !== '' && !next.startsWith('.default(');
  const order = isShort ? writing.style.shortDefault : writing.style.valueDefault;
  const wantsNotNull = needsNotNull(column);
  const notNullEdit = notNullChange(
    column,
    { notNull, wantsNotNull, at: order === 'before-not-null' && current ? current.end : hands.head },
    hands,
  );
  const defaultEdit = defaultChange(
    next,
    {
      current,
      at: notNull !== undefined && wantsNotNull && order === 'after-not-null' ? notNull.end : hands.head,
    },
    hands,
  );
  return order === 'before-not-null' ? [...defaultEdit, ...notNullEdit] : [...notNullEdit, ...defaultEdit];
}

/** Keys, serials and identities are NOT NULL of themselves in drizzle. */
function needsNotNull({ def, origin, primaryKey }: ColumnDraft): boolean {
  const links = origin.kind === 'listed' ? (origin.column.chain?.links ?? []) : [];
  const isKey =
    primaryKey === 'add' || (primaryKey !== 'remove' && links.some((link) => link.name === 'primaryKey'));
  const isImplied =
    isKey ||
    def.identity !== undefined ||
    /serial/.test(def.type) ||
    links.some((link) => link.name.endsWith('Identity'));
  return def.notNull && !isImplied;
}

function notNullChange(
  column: ColumnDraft,
  { notNull, wantsNotNull, at }: { notNull: ChainLink | undefined; wantsNotNull: boolean; at: number },
  { insert, remove }: Hands,
): TextEdit[] {
  const isAsked =
    column.def.notNull !== column.before.notNull ||
    column.primaryKey === 'remove' ||
    // What serial says of itself, the integer does not.
    (/serial/.test(column.before.type) && !/serial/.test(column.def.type));
  if (!isAsked) return [];
  if (wantsNotNull && notNull === undefined) return [insert(at, '.notNull()')];
  return !column.def.notNull && notNull !== undefined ? [remove(notNull)] : [];
}

function defaultChange(
  next: string | undefined,
  { current, at }: { current: ChainLink | undefined; at: number },
  { insert, remove, gap }: Hands,
): TextEdit[] {
  if (next === undefined) return [];
  if (next === '') return current ? [remove(current)] : [];
  if (current === undefined) return [insert(at, next)];
  return [{ start: current.start, end: current.end, text: gap + next }];
}

/** The default's new text; '' when it goes, undefined when it stays as it is. */
function nextDefault(
  { def, before }: ColumnDraft,
  { family }: BuilderEdit,
  writing: ColumnWriting,
): string | undefined {
  if (def.default !== before.default) {
    if (def.default === undefined) return '';
    return written(defaultFor(def.default, def.type, family?.to, writing), writing);
  }
  if (def.default === undefined || family === undefined || def.type === before.type) return undefined;
  const now = defaultFor(def.default, before.type, family.from, writing);
  const then = defaultFor(def.default, def.type, family.to, writing);
  return now.text === then.text ? undefined : written(then, writing);
}

function defaultFor(
  expression: string,
  type: string,
  family: TypeFamily | undefined,
  writing: ColumnWriting,
): DefaultText {
  return defaultModifier({
    expression,
    type: parseType(type),
    family: family ?? familyOf(type, writing.style, writing.names),
    quote: writing.style.quote,
    sqlTag: writing.style.sqlTag,
  });
}

function written({ text, needsSql }: DefaultText, writing: ColumnWriting): string {
  if (needsSql) writing.needsSql();
  return text;
}

function uniqueText(column: ColumnDraft, { style, draft, casing }: ColumnWriting): string {
  if (column.unique?.kind !== 'add') return '';
  const { unique } = column.unique;
  const isDerived = isDerivedUnique(draft.name.name, unique, [column], casing);
  return uniqueModifier(
    { name: isDerived ? undefined : unique.name, nullsNotDistinct: unique.nullsNotDistinct },
    style.quote,
  );
}

function referenceEdits(
  column: ColumnDraft,
  { chain, head, insert, remove }: Hands,
  writing: ColumnWriting,
): TextEdit[] {
  const { references } = column;
  const link = chain.links.find((each) => each.name === 'references');
  if (references === undefined) return [];
  if (references.kind === 'remove') return link ? [remove(link)] : [];
  if (references.kind === 'actions') return link ? actionEdits(link, references, writing) : [];
  const { onDelete, onUpdate } = references.foreignKey;
  const text = referencesModifier({ ...writing.target(references), onDelete, onUpdate }, writing.style.quote);
  return [
    link
      ? { start: link.start, end: link.end, text }
      : insert(Math.max(chain.links.at(-1)?.end ?? 0, head), text),
  ];
}

/** The second argument of `.references()`; the arrow stays as it is written. */
function actionEdits(
  link: ChainLink,
  actions: Extract<ReferenceDraft, { kind: 'actions' }>,
  { style, draft }: ColumnWriting,
): TextEdit[] {
  const [arrow, options] = link.call.arguments;
  const text = referentialOptions(actions, style.quote);
  if (arrow === undefined) return [];
  if (options === undefined)
    return text === '' ? [] : [{ start: arrow.end, end: arrow.end, text: `, ${text}` }];
  if (!ts.isObjectLiteralExpression(bare(options)))
    throw refuse(
      draft,
      'the actions of this foreign key are held by a variable',
      'Write them as `{ onDelete: … }` and run again.',
      link.start,
    );
  return [{ start: arrow.end, end: options.end, text: text === '' ? '' : `, ${text}` }];
}

/** What stands before the dots of this chain: nothing, or a line break and an indent. */
function gapOf({ links }: CallChain, file: SchemaFile): string {
  const gaps = links.map((link) => /^\s*/.exec(file.text.slice(link.start, link.end))?.[0] ?? '');
  return gaps.find((gap) => gap.includes('\n')) ?? '';
}
