import { displayName } from '../../plan/database-schema.ts';
import { parseType, sameType } from '../../postgres/sql.ts';
import { stringLiteral } from '../literals.ts';
import type { FileStyle } from '../source-file.ts';
import { columnDefault, columnSpec, type SpecContext, typeParts } from './column-spec.ts';
import { nameToWrite } from './constraint-text.ts';
import { type CodeStyle, type Run, specContext } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { editEntityType } from './entity-type.ts';
import { needsName } from './conventions.ts';
import { isLeftAlone, scalarProperty } from './new-members.ts';
import type { SchemaObjectModel } from './model.ts';
import { changeUnder, type Depth, layoutUnder, objectText, withEntry } from './object-text.ts';
import { addConstraints, dropConstraints, uniqueOf } from './schema-constraint-edit.ts';
import { changeRelation } from './schema-relations.ts';
import { type SchemaColumn, schemaColumn, typeText } from './schema-columns.ts';
import { keysOf, valueOf, withKey, withKeyRenamed } from './snippet.ts';
import { MODIFIER_KEYS, modifierOptions } from './type-words.ts';
import { writtenTable } from './written-table.ts';

/** Writes what becomes of an EntitySchema object: each step changes the text of its options. */
export function writeSchemaObject(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  source: SchemaObjectModel,
): void {
  const { path, ast } = source.file;
  const span = { start: source.options.getStart(ast), end: source.options.end };
  const change = (step: (text: string) => string) => run.editing.rewrite(path, span, step);
  const { style } = codeStyle;
  nameTable(run, draft, style, change);
  for (const column of draft.columns) {
    if (isLeftAlone(draft, column)) {
      column.property = scalarProperty(codeStyle, draft, column);
      change((text) => addColumn(run, codeStyle, draft, column, text));
    }
    if (column.column?.isVirtual === true) continue;
    if (column.column === undefined) {
      if (!column.isDropped) change((text) => addColumn(run, codeStyle, draft, column, text));
    } else change((text) => changeColumn(run, codeStyle, draft, column, text));
  }
  for (const relation of draft.relations)
    change((text) => changeRelation(run, codeStyle, draft, relation, text));
  change((text) => dropConstraints(draft, style, text));
  change((text) => addConstraints(draft, codeStyle, text));
  editEntityType(run, codeStyle, draft, source);
}

function nameTable(
  run: Run,
  draft: EntityDraft,
  { quote, eol }: FileStyle,
  change: (step: (text: string) => string) => void,
): void {
  if (draft.comment !== undefined)
    throw refuse(
      draft,
      `an EntitySchema has no words for the comment of the table ${displayName(draft.name)}`,
      'Leave the comment out of the plan, or write it in a migration by hand.',
    );
  if (draft.entity === undefined || draft.entity.table.name === draft.name.name) return;
  const name = stringLiteral(writtenTable(draft, run.editing.input).name, quote);
  change((text) => withKey(text, 'tableName', name, { eol }));
}

function addColumn(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  text: string,
): string {
  const spec = columnSpec(column.def, contextOf(run, codeStyle, draft, column));
  const value = columnText(
    schemaColumn(run, codeStyle, draft, { column, spec }),
    layoutUnder(text, 'columns', codeStyle.style, codeStyle.schemas.isBroken),
  );
  return withEntry(text, 'columns', [column.property, value], codeStyle.style);
}

/** A column's value: a constant, or its options on one line or several. */
export function columnText(column: SchemaColumn, layout: Depth & { readonly isBroken: boolean }): string {
  return 'constant' in column ? column.constant : objectText(column.options, layout, layout.isBroken);
}

function changeColumn(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  text: string,
): string {
  const { style } = codeStyle;
  const { before, def } = column;
  const old = column.column!.property;
  const isSame =
    !column.isDropped &&
    before.name === def.name &&
    before.type === def.type &&
    before.notNull === def.notNull &&
    before.default === def.default;
  if (isSame) return text;
  const columns = valueOf(text, 'columns') ?? '';
  const what = `the column ${before.name} of ${displayName(draft.name)}`;
  if (keysOf(columns)?.keys.includes(old) !== true)
    throw refuse(
      draft,
      `${what} comes from something that is spread into the columns`,
      'Write it in the columns themselves and run again.',
    );
  if (column.isDropped)
    return changeUnder(text, 'columns', (each) => withKey(each, old, undefined, style), style);
  const value = valueOf(columns, old) ?? '';
  const changed = value.startsWith('{')
    ? changedColumn(run, codeStyle, draft, column, value)
    : changedVariable(run, codeStyle, draft, column, value);
  const named =
    changed === value
      ? text
      : changeUnder(text, 'columns', (each) => withKey(each, old, changed, style), style);
  return column.property === old
    ? named
    : followProperty(
        changeUnder(named, 'columns', (each) => withKeyRenamed(each, old, column.property), style),
        old,
        column.property,
      );
}

/** Indexes and uniques of the same schema name the property too. */
function followProperty(text: string, from: string, to: string): string {
  return ['indices', 'uniques'].reduce((options, key) => {
    const list = valueOf(options, key);
    const renamed = list?.replace(
      new RegExp(`(columns\\s*:\\s*\\[[^\\]]*?['"])${from}(?=['"])`, 'g'),
      `$1${to}`,
    );
    return renamed === undefined ? options : withKey(options, key, renamed, { eol: '\n' });
  }, text);
}

/** `KeyColumn`, or `{ ...KeyColumn, name: 'hall_id' }` where more than the property is another. */
function changedVariable(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  variable: string,
): string {
  const open = `{ ...${variable} }`;
  const changed = changedColumn(run, codeStyle, draft, column, open);
  const { before, def } = column;
  // What does not follow from the property stands in the variable.
  const isNamed = needsName(column.column!.property, before.name, run.editing.input.naming);
  if (before.name === def.name || !isNamed) return changed === open ? variable : changed;
  return withKey(changed, 'name', stringLiteral(def.name, codeStyle.style.quote), {
    eol: codeStyle.style.eol,
  });
}

function changedColumn(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  value: string,
): string {
  const { before, def, property } = column;
  const context = contextOf(run, codeStyle, draft, column);
  const { eol, quote } = codeStyle.style;
  const hasSpread = keysOf(value)?.hasSpread === true;
  const set = (text: string, key: string, to: string | undefined, without: string) =>
    withKey(text, key, to ?? (hasSpread ? without : undefined), { eol });
  let text = value;
  if (!sameType(before.type, def.type)) {
    const parts = typeParts(def, parseType(def.type), context);
    const options = new Map(parts.options);
    const was = new Set(hasSpread ? modifierOptions(parseType(before.type)).map(([key]) => key) : []);
    for (const key of [...MODIFIER_KEYS, 'array', 'enum', 'enumName'])
      if (!options.has(key) && (valueOf(text, key) !== undefined || was.has(key)))
        text = set(text, key, undefined, 'undefined');
    const type = typeText(run, codeStyle, draft, {
      def,
      spec: { type: parts.word, decorator: 'Column', propertyType: parts.property, strategy: undefined },
    });
    text = withKey(text, 'type', type, { eol });
    for (const [key, to] of options) text = withKey(text, key, to, { eol });
  }
  if (before.notNull !== def.notNull) text = set(text, 'nullable', def.notNull ? undefined : 'true', 'false');
  if (before.default !== def.default)
    text = set(
      text,
      'default',
      def.default === undefined ? undefined : columnDefault(def, parseType(def.type), context),
      'undefined',
    );
  const hasName = valueOf(text, 'name') !== undefined;
  if (before.name !== def.name && (hasName || needsName(property, def.name, run.editing.input.naming)))
    text = withKey(text, 'name', stringLiteral(def.name, quote), { eol });
  return text;
}

export function contextOf(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
): SpecContext {
  const isPrimary = draft.primaryKey?.columns.includes(column.def.name) === true;
  return specContext(run, codeStyle, draft, {
    isPrimary,
    isUnique: uniqueOf(draft, column) !== undefined,
    keyName: isPrimary && draft.primaryKey !== undefined ? nameToWrite(draft.primaryKey) : undefined,
  });
}
