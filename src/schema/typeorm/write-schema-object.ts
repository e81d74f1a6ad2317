import { displayName } from '../../plan/database-schema.ts';
import { parseType, sameType } from '../../postgres/sql.ts';
import { stringLiteral } from '../literals.ts';
import type { FileStyle } from '../source-file.ts';
import { columnDefault, columnSpec, type Option, type SpecContext, typeParts } from './column-spec.ts';
import { nameToWrite } from './constraint-text.ts';
import { type House, type Run, specContext } from './context.ts';
import type { ColumnDraft, EntityDraft, RelationDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { editEntityType } from './entity-type.ts';
import { needsName } from './habits.ts';
import type { SchemaObjectModel } from './model.ts';
import { changeUnder, isBrokenInside, keyIndent, objectText, withEntry, withListed } from './object-text.ts';
import { actionOptions } from './relation-text.ts';
import { schemaCheck, schemaIndex, schemaUnique, withoutCheck, withoutConstraint } from './schema-constraints.ts';
import { schemaColumn } from './schema-columns.ts';
import { keysOf, valueOf, withKey, withKeyRenamed } from './snippet.ts';
import { MODIFIER_KEYS } from './type-words.ts';

/** Writes what becomes of an EntitySchema object: each step changes the text of its options. */
export function writeSchemaObject(run: Run, house: House, draft: EntityDraft, source: SchemaObjectModel): void {
  const { path, ast } = source.file;
  const span = { start: source.options.getStart(ast), end: source.options.end };
  const change = (step: (text: string) => string) => run.editing.rewrite(path, span, step);
  const { style } = house;
  nameTable(draft, style, change);
  for (const column of draft.columns) {
    if (column.column?.isVirtual === true) continue;
    if (column.column === undefined) {
      if (!column.isDropped) change((text) => addColumn(run, house, draft, column, text));
    } else change((text) => changeColumn(run, house, draft, column, text));
  }
  for (const relation of draft.relations) change((text) => changeRelation(run, house, draft, relation, text));
  change((text) => dropConstraints(draft, style, text));
  change((text) => addConstraints(draft, house, text));
  editEntityType(run, house, draft, source);
}

function nameTable(draft: EntityDraft, { quote, eol }: FileStyle, change: (step: (text: string) => string) => void): void {
  if (draft.entity === undefined || draft.entity.table.name === draft.name.name) return;
  const name = stringLiteral(draft.name.name, quote);
  change((text) => withKey(text, 'tableName', name, { eol }));
}

function contextOf(run: Run, house: House, draft: EntityDraft, column: ColumnDraft): SpecContext {
  const isPrimary = draft.primaryKey?.columns.includes(column.def.name) === true;
  return specContext(run, house, draft, {
    isPrimary,
    isUnique: uniqueOf(draft, column) !== undefined,
    keyName: isPrimary && draft.primaryKey !== undefined ? nameToWrite(draft.primaryKey) : undefined,
  });
}

/** A unique constraint of one new column, which is an option of it. */
function uniqueOf(draft: EntityDraft, column: ColumnDraft) {
  return draft.addedUniques.find(
    ({ unique, columns }) => columns.length === 1 && columns[0] === column && nameToWrite(unique) === undefined,
  );
}

function addColumn(run: Run, house: House, draft: EntityDraft, column: ColumnDraft, text: string): string {
  const spec = columnSpec(column.def, contextOf(run, house, draft, column));
  const { quote } = house.style;
  const options = schemaColumn(spec, {
    property: column.property,
    column: column.def.name,
    naming: run.editing.input.naming,
    quote,
  });
  return withEntry(text, 'columns', [column.property, valueFor(text, 'columns', options, house.style)], house.style);
}

/** An entry under a key, on one line or several as the others there. */
function valueFor(options: string, key: string, entry: readonly Option[], style: FileStyle): string {
  const object = valueOf(options, key);
  const indent = object === undefined ? keyIndent(options, style) + style.indent : keyIndent(object, style);
  return objectText(entry, { style, indent }, object !== undefined && isBrokenInside(object));
}

function changeColumn(run: Run, house: House, draft: EntityDraft, column: ColumnDraft, text: string): string {
  const { style } = house;
  const { before, def } = column;
  const old = column.column!.property;
  const isSame =
    !column.isDropped && before.name === def.name && before.type === def.type && before.notNull === def.notNull && before.default === def.default;
  if (isSame) return text;
  const columns = valueOf(text, 'columns') ?? '';
  const what = `the column ${before.name} of ${displayName(draft.name)}`;
  if (keysOf(columns)?.keys.includes(old) !== true)
    throw refuse(draft, `${what} comes from something that is spread into the columns`, 'Write it in the columns themselves and run again.');
  if (column.isDropped) return changeUnder(text, 'columns', (each) => withKey(each, old, undefined, style), style);
  const value = valueOf(columns, old) ?? '';
  if (!value.startsWith('{'))
    throw refuse(draft, `${what} is held by a variable`, 'Write it as an object literal (a spread will do) and run again.');
  const changed = changedColumn(run, house, draft, column, value);
  const named = changeUnder(text, 'columns', (each) => withKey(each, old, changed, style), style);
  return column.property === old
    ? named
    : followProperty(changeUnder(named, 'columns', (each) => withKeyRenamed(each, old, column.property), style), old, column.property);
}

/** Indexes and uniques of the same schema name the property too. */
function followProperty(text: string, from: string, to: string): string {
  return ['indices', 'uniques'].reduce((options, key) => {
    const list = valueOf(options, key);
    const renamed = list?.replace(new RegExp(`(columns\\s*:\\s*\\[[^\\]]*?['"])${from}(?=['"])`, 'g'), `$1${to}`);
    return renamed === undefined ? options : withKey(options, key, renamed, { eol: '\n' });
  }, text);
}

function changedColumn(run: Run, house: House, draft: EntityDraft, column: ColumnDraft, value: string): string {
  const { before, def, property } = column;
  const context = contextOf(run, house, draft, column);
  const { eol, quote } = house.style;
  const hasSpread = keysOf(value)?.hasSpread === true;
  const set = (text: string, key: string, to: string | undefined, without: string) =>
    withKey(text, key, to ?? (hasSpread ? without : undefined), { eol });
  let text = value;
  if (!sameType(before.type, def.type)) {
    const parts = typeParts(def, parseType(def.type), context);
    const options = new Map(parts.options);
    for (const key of [...MODIFIER_KEYS, 'array', 'enum', 'enumName'])
      if (!options.has(key) && valueOf(text, key) !== undefined) text = set(text, key, undefined, 'undefined');
    text = withKey(text, 'type', stringLiteral(parts.word, quote), { eol });
    for (const [key, to] of options) text = withKey(text, key, to, { eol });
  }
  if (before.notNull !== def.notNull) text = set(text, 'nullable', def.notNull ? undefined : 'true', 'false');
  if (before.default !== def.default)
    text = set(text, 'default', def.default === undefined ? undefined : columnDefault(def, parseType(def.type), context), 'undefined');
  const hasName = valueOf(text, 'name') !== undefined;
  if (before.name !== def.name && (hasName || needsName(property, def.name, run.editing.input.naming)))
    text = withKey(text, 'name', stringLiteral(def.name, quote), { eol });
  return text;
}

function changeRelation(run: Run, house: House, draft: EntityDraft, relation: RelationDraft, text: string): string {
  const { style } = house;
  const old = relation.relation?.property;
  if (old === undefined) return relation.isDropped ? text : addRelation(run, house, draft, relation, text);
  if (relation.isDropped) return changeUnder(text, 'relations', (each) => withKey(each, old, undefined, style), style);
  let options = text;
  const change = (step: (value: string) => string) => {
    options = changeUnder(
      options,
      'relations',
      (each) => withKey(each, old, step(valueOf(each, old) ?? '{}'), style),
      style,
    );
  };
  if (relation.actions !== undefined) {
    const { actions } = relation;
    for (const [key, action] of [['onDelete', actions.onDelete], ['onUpdate', actions.onUpdate]] as const)
      change((value) =>
        withKey(value, key, action === 'no action' ? undefined : stringLiteral(action.toUpperCase(), style.quote), style),
      );
  }
  for (const { before, def } of relation.columns)
    if (before.name !== def.name) change((value) => renamedJoin(value, before.name, def.name));
  return relation.property === old
    ? options
    : changeUnder(options, 'relations', (each) => withKeyRenamed(each, old, relation.property), style);
}

function renamedJoin(value: string, from: string, to: string): string {
  return value.replace(new RegExp(`(\\bname\\s*:\\s*['"])${from}(?=['"])`), `$1${to}`);
}

function addRelation(run: Run, house: House, draft: EntityDraft, relation: RelationDraft, text: string): string {
  const { style } = house;
  const key = relation.foreignKey;
  const target = key && run.drafts.find(key.references);
  if (key === undefined || target === undefined)
    throw refuse(draft, `no entity makes the table that ${key?.name ?? 'a key'} refers to`, 'Write that entity first.');
  const { quote } = style;
  const name = target.source?.kind === 'schema' ? target.source.name : (target.schema?.name ?? target.exported);
  const [column] = relation.columns;
  const join: readonly Option[] = [
    ['name', stringLiteral(column!.def.name, quote)],
    ...(key.named ? [['foreignKeyConstraintName', stringLiteral(key.name, quote)] as const] : []),
  ];
  const entry: readonly Option[] = [
    ['type', stringLiteral('many-to-one', quote)],
    ['target', stringLiteral(name, quote)],
    ['joinColumn', `{ ${join.map(([each, value]) => `${each}: ${value}`).join(', ')} }`],
    ...actionOptions(key, quote),
  ];
  return withEntry(text, 'relations', [relation.property, valueFor(text, 'relations', entry, style)], style);
}

function dropConstraints(draft: EntityDraft, { eol }: FileStyle, text: string): string {
  let options = text;
  const put = (key: string, list: string | undefined, what: string) => {
    if (list === undefined)
      throw refuse(draft, `${what} of ${displayName(draft.name)} is not written in its EntitySchema`, 'Drop it there by hand, and leave it out of the plan.');
    options = withKey(options, key, list === '[]' ? undefined : list, { eol });
  };
  const propertiesOf = (columns: readonly ColumnDraft[]) =>
    columns.flatMap((each) => [each.column?.property ?? each.property]);
  for (const { index, columns } of draft.droppedIndexes)
    put('indices', withoutConstraint(valueOf(options, 'indices') ?? '[]', { name: index.name, properties: propertiesOf(columns) }), `the index ${index.name}`);
  for (const { unique, columns } of draft.droppedUniques) {
    const [column] = columns;
    const own = column?.column?.property;
    const value = own === undefined ? undefined : valueOf(valueOf(options, 'columns') ?? '{}', own);
    if (columns.length === 1 && column?.isDropped === true) continue;
    if (columns.length === 1 && own !== undefined && value !== undefined && valueOf(value, 'unique') === 'true')
      options = changeUnder(options, 'columns', (each) => withKey(each, own, withKey(value, 'unique', undefined, { eol }), { eol }), { eol } as FileStyle);
    else
      put('uniques', withoutConstraint(valueOf(options, 'uniques') ?? '[]', { name: unique.name, properties: propertiesOf(columns) }), `the unique constraint ${unique.name}`);
  }
  for (const check of draft.droppedChecks)
    put('checks', withoutCheck(valueOf(options, 'checks') ?? '[]', check), `the check ${check.name}`);
  return options;
}

function addConstraints(draft: EntityDraft, { style }: House, text: string): string {
  const { quote } = style;
  const propertiesOf = (columns: readonly ColumnDraft[]) => columns.map(({ property }) => property);
  const inline = (entry: readonly Option[]) => `{ ${entry.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  const items: readonly (readonly [key: string, item: string])[] = [
    ...draft.addedIndexes.map(({ index, columns }) => ['indices', inline(schemaIndex(index, propertiesOf(columns), quote))] as const),
    ...draft.addedUniques
      .filter(({ columns }) => columns[0]?.column !== undefined || uniqueOf(draft, columns[0]!) === undefined)
      .map(({ unique, columns }) => ['uniques', inline(schemaUnique(unique, propertiesOf(columns), quote))] as const),
    ...draft.addedChecks.map((check) => ['checks', inline(schemaCheck(check, quote))] as const),
  ];
  return items.reduce((options, [key, item]) => withListed(options, key, item, style), text);
}

/** The text of a new EntitySchema's options. */
export function newSchemaOptions(run: Run, house: House, draft: EntityDraft, name: string): string {
  const { eol, indent, quote, trailingComma } = house.style;
  const isNamed = name === draft.name.name;
  const head = [
    `name: ${stringLiteral(name, quote)}`,
    ...(isNamed ? [] : [`tableName: ${stringLiteral(draft.name.name, quote)}`]),
    ...(draft.name.schema === 'public' ? [] : [`schema: ${stringLiteral(draft.name.schema, quote)}`]),
    'columns: {}',
  ];
  const start = `{${eol}${head.map((line) => indent + line).join(`,${eol}`)}${trailingComma}${eol}}`;
  const columns = draft.columns.filter(({ isDropped, isInherited }) => !isDropped && !isInherited);
  const lines = columns.map((column) => {
    const spec = columnSpec(column.def, contextOf(run, house, draft, column));
    const options = schemaColumn(spec, { property: column.property, column: column.def.name, naming: run.editing.input.naming, quote });
    return `${indent}${indent}${column.property}: ${objectText(options, { style: house.style, indent: indent + indent }, false)}`;
  });
  const text = start.replace('columns: {}', () => `columns: {${eol}${lines.join(`,${eol}`)}${trailingComma}${eol}${indent}}`);
  const related = draft.relations.reduce((options, relation) => addRelation(run, house, draft, relation, options), text);
  return addConstraints(draft, house, related);
}

