import { toCase } from '../case.ts';
import { spread } from '../spread.ts';
import type { House, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import type { Entities } from './entities.ts';
import { newProperties } from './entity-type.ts';
import { bareName } from './bare-name.ts';
import type { SchemaObjectModel } from './model.ts';
import { majority } from './vote.ts';
import { columnSpec } from './column-spec.ts';
import { stringLiteral } from '../literals.ts';
import { objectText } from './object-text.ts';
import { addRelation } from './schema-relations.ts';
import { addConstraints } from './schema-constraint-edit.ts';
import { schemaColumn } from './schema-columns.ts';
import { sharedSchemaColumns, type SharedSchemaColumns } from './schema-shared-columns.ts';
import { contextOf } from './write-schema-object.ts';

/** What a new EntitySchema is called beside its variable. */
export interface SchemaNames {
  /** Its `name` option, by which relations find it. */
  readonly name: string;
  /** The interface that it is of. */
  readonly typeName: string;
}

/** So many show how they are named. */
const ENOUGH = 20;

/** The names of a new EntitySchema, where the project has its entities so; undefined where it has classes. */
export function schemaNamesFor(exported: string, table: string, entities: Entities): SchemaNames | undefined {
  const written = entities.all.filter(({ form }) => form === 'schema');
  if (written.length * 2 <= entities.all.length) return undefined;
  const sources = spread(written, ENOUGH).flatMap((entity) => entities.find(entity) ?? []);
  const schemas = sources.filter((source): source is SchemaObjectModel => source.kind === 'schema');
  const typeName = bareName(toCase(exported, 'pascal'));
  const isTable = majority(entities.all.map((entity) => entity.name === entity.table.name));
  const isType = majority(schemas.map((each) => each.name === each.typeName));
  const name = isType === true ? typeName : isTable === true ? table : toCase(typeName, 'camel');
  return { name, typeName };
}

/** Writes a new EntitySchema with its interface, as a file of its own or behind the others. */
export function writeNewSchema(run: Run, house: House, draft: EntityDraft, names: SchemaNames): void {
  const { eol, indent, semicolon } = house.style;
  const called = run.editing.needImport(draft.path, { from: { module: 'typeorm' }, name: 'EntitySchema' });
  const shared = sharedSchemaColumns(run, draft);
  const properties = newProperties(run, house, draft, draft.path);
  run.editing.append(
    draft.path,
    [
      `export interface ${names.typeName} {`,
      ...properties.map(([name, type]) => `${indent}${name}: ${type}${semicolon}`),
      '}',
    ].join(eol),
  );
  const options = newSchemaOptions(run, house, draft, { name: names.name, shared });
  run.editing.append(
    draft.path,
    `export const ${draft.exported} = new ${called}<${names.typeName}>(${options})${semicolon}`,
  );
}

/** The text of a new EntitySchema's options. */
function newSchemaOptions(
  run: Run,
  house: House,
  draft: EntityDraft,
  { name, shared }: { readonly name: string; readonly shared: SharedSchemaColumns },
): string {
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
  const own = columns.filter((column) => !shared.spreads.some((each) => each.columns.has(column)));
  const lines = own.map((column) => {
    const value = shared.values.get(column);
    if (value !== undefined) return `${indent}${indent}${column.property}: ${value}`;
    const spec = columnSpec(column.def, contextOf(run, house, draft, column));
    const options = schemaColumn(spec, {
      property: column.property,
      column: column.def.name,
      naming: run.editing.input.naming,
      quote,
    });
    return `${indent}${indent}${column.property}: ${objectText(options, { style: house.style, indent: indent + indent }, false)}`;
  });
  const spreads = shared.spreads.map((each) => `${indent}${indent}${each.text}`);
  const text = start.replace(
    'columns: {}',
    () => `columns: {${eol}${[...spreads, ...lines].join(`,${eol}`)}${trailingComma}${eol}${indent}}`,
  );
  const related = draft.relations.reduce(
    (options, relation) => addRelation(run, house, draft, relation, options),
    text,
  );
  return addConstraints(draft, house, related);
}
