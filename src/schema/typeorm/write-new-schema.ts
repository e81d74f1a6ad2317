import { toCase } from '../case.ts';
import type { House, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import type { Entities } from './entities.ts';
import { newProperties } from './entity-type.ts';
import { bareName } from './inverse.ts';
import type { SchemaObjectModel } from './model.ts';
import { majority } from './vote.ts';
import { newSchemaOptions } from './write-schema-object.ts';

/** What a new EntitySchema is called beside its variable. */
export interface SchemaNames {
  /** Its `name` option, by which relations find it. */
  readonly name: string;
  /** The interface that it is of. */
  readonly typeName: string;
}

/** The names of a new EntitySchema, where the project has its entities so; undefined where it has classes. */
export function schemaNamesFor(exported: string, table: string, entities: Entities): SchemaNames | undefined {
  const sources = entities.all.flatMap((entity) => entities.find(entity) ?? []);
  const schemas = sources.filter((source): source is SchemaObjectModel => source.kind === 'schema');
  if (schemas.length * 2 <= sources.length) return undefined;
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
  const properties = newProperties(run, house, draft, draft.path);
  run.editing.append(
    draft.path,
    [
      `export interface ${names.typeName} {`,
      ...properties.map(([name, type]) => `${indent}${name}: ${type}${semicolon}`),
      '}',
    ].join(eol),
  );
  const options = newSchemaOptions(run, house, draft, names.name);
  run.editing.append(
    draft.path,
    `export const ${draft.exported} = new ${called}<${names.typeName}>(${options})${semicolon}`,
  );
}
