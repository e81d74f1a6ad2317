import { toCase } from '../case.ts';
import { stringLiteral } from '../literals.ts';
import { spread } from '../spread.ts';
import { mapName } from '../word-names.ts';
import { bareName } from './bare-name.ts';
import { columnSpec } from './column-spec.ts';
import type { CodeStyle, Run } from './context.ts';
import type { EntityDraft, SchemaNames } from './draft.ts';
import type { Entities } from './entities.ts';
import { newTypeText } from './new-type.ts';
import type { SchemaObjectModel } from './model.ts';
import { schemaColumn } from './schema-columns.ts';
import { addConstraints } from './schema-constraint-edit.ts';
import { addRelation } from './schema-relations.ts';
import { sharedSchemaColumns, type SharedSchemaColumns } from './schema-shared-columns.ts';
import { majority } from './vote.ts';
import { columnText, contextOf } from './write-schema-object.ts';
import { writtenTable } from './written-table.ts';

/** So many show how they are named. */
const ENOUGH = 20;

/** The names of a new EntitySchema, where the project has its entities so; undefined where it has classes. */
export function schemaNamesFor(exported: string, table: string, entities: Entities): SchemaNames | undefined {
  const { all } = entities;
  const written = all.filter(({ form }) => form === 'schema');
  if (written.length * 2 <= all.length) return undefined;
  const known = spread(written, ENOUGH).flatMap((entity) => {
    const source = entities.find(entity);
    return source?.kind === 'schema' ? [{ table: entity.table.name, source }] : [];
  });
  const isTable = majority(all.map((entity) => entity.name === entity.table.name));
  const isType = majority(known.map(({ source }) => source.name === source.typeName));
  const typeName = typeNameFor(exported, table, known);
  const camel = toCase(bareName(toCase(exported, 'pascal')), 'camel');
  const name = isType === true ? typeName : isTable === true ? table : camel;
  return { name, typeName };
}

/** `FolderSchema` for `FolderEntity`, where `FlowSchema` is the type of `FlowEntity`; else the name without what all have. */
function typeNameFor(
  exported: string,
  table: string,
  known: readonly { readonly table: string; readonly source: SchemaObjectModel }[],
): string {
  const to = toCase(table, 'camel');
  const names = known.map(({ table: other, source: { typeName = '' } }) => {
    const isName = /^\w+$/.test(typeName);
    const mapped = isName ? mapName(typeName, { from: toCase(other, 'camel'), to }) : undefined;
    return mapped === typeName ? undefined : mapped;
  });
  return majority(names) ?? bareName(toCase(exported, 'pascal'));
}

/** Writes a new EntitySchema with its type, as a file of its own or behind the others. */
export function writeNewSchema(run: Run, codeStyle: CodeStyle, draft: EntityDraft, names: SchemaNames): void {
  const { semicolon } = codeStyle.style;
  const called = run.editing.needImport(draft.path, { from: { module: 'typeorm' }, name: 'EntitySchema' });
  const shared = sharedSchemaColumns(run, draft);
  run.editing.append(draft.path, newTypeText(run, codeStyle, draft, { typeName: names.typeName, shared }));
  const options = newSchemaOptions(run, codeStyle, draft, { name: names.name, shared });
  run.editing.append(
    draft.path,
    `export const ${draft.exported} = new ${called}<${names.typeName}>(${options})${semicolon}`,
  );
}

/** The text of a new EntitySchema's options. */
function newSchemaOptions(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { name, shared }: { readonly name: string; readonly shared: SharedSchemaColumns },
): string {
  const { eol, indent, quote, trailingComma } = codeStyle.style;
  const table = writtenTable(draft, run.editing.input);
  const isNamed = name === table.name;
  const head = [
    `name: ${stringLiteral(name, quote)}`,
    ...(isNamed ? [] : [`tableName: ${stringLiteral(table.name, quote)}`]),
    ...(table.schema === undefined ? [] : [`schema: ${stringLiteral(table.schema, quote)}`]),
    'columns: {}',
  ];
  const start = `{${eol}${head.map((line) => indent + line).join(`,${eol}`)}${trailingComma}${eol}}`;
  const columns = draft.columns.filter(({ isDropped, isInherited }) => !isDropped && !isInherited);
  const own = columns.filter((column) => !shared.spreads.some((each) => each.columns.has(column)));
  const layout = { style: codeStyle.style, indent: indent + indent, isBroken: codeStyle.schemas.isBroken };
  const values = own.map((column) => {
    const spec = columnSpec(column.def, contextOf(run, codeStyle, draft, column));
    const value =
      shared.values.get(column) ?? columnText(schemaColumn(run, codeStyle, draft, { column, spec }), layout);
    return `${column.property}: ${value}`;
  });
  const lines = [...shared.spreads.map(({ text }) => text), ...values].map((line) => layout.indent + line);
  const text = start.replace(
    'columns: {}',
    () => `columns: {${eol}${lines.join(`,${eol}`)}${trailingComma}${eol}${indent}}`,
  );
  const withRelations = (options: string) =>
    draft.relations.reduce((each, relation) => addRelation(run, codeStyle, draft, relation, each), options);
  return codeStyle.schemas.isIndexFirst
    ? withRelations(addConstraints(draft, codeStyle, text))
    : addConstraints(draft, codeStyle, withRelations(text));
}
