import type { EntityColumn, EntityModel } from '../../orm/typeorm/model.ts';
import type { Run } from './context.ts';
import type { SchemaObjectModel } from './model.ts';
import { entityFilesNear } from './neighbours.ts';
import { valueOf } from './snippet.ts';
import { type TypePart, typePartsOf } from './schema-type.ts';

/** An EntitySchema beside what TypeORM makes of it. */
export interface SchemaSample {
  readonly source: SchemaObjectModel;
  readonly entity: EntityModel;
  /** Its options, as they are written. */
  readonly options: string;
}

/** So many show a convention. */
const ENOUGH = 12;

/** The EntitySchemas of a file itself, then of the files nearest to it. */
export function schemaSamplesNear(
  path: string,
  { editing, entities }: Pick<Run, 'editing' | 'entities'>,
): readonly SchemaSample[] {
  const written = entities.all.filter(({ form }) => form === 'schema');
  const samples: SchemaSample[] = [];
  if (written.length === 0) return samples;
  for (const near of entityFilesNear(path, editing.sources)) {
    if (samples.length >= ENOUGH) break;
    if (!/new (?:\w+\.)?EntitySchema\b/.test(editing.sources.text(near) ?? '')) continue;
    for (const entity of written) {
      const source = entities.find(entity);
      if (source?.kind === 'schema' && source.file.path === near)
        samples.push({ source, entity, options: source.options.getText(source.file.ast) });
    }
  }
  return samples.slice(0, ENOUGH);
}

/** A column of a sample, and the text of its value there. */
export interface SchemaSampleColumn {
  readonly column: EntityColumn;
  readonly value: string;
  readonly sample: SchemaSample;
}

/** The columns that a sample lists by name. */
export function schemaColumnsOf(sample: SchemaSample): readonly SchemaSampleColumn[] {
  const columns = valueOf(sample.options, 'columns') ?? '{}';
  return sample.entity.columns.flatMap((column) => {
    const value = column.isVirtual ? undefined : valueOf(columns, column.property);
    return value === undefined ? [] : [{ column, value, sample }];
  });
}

/** The parts of the type that a sample is of. */
export function partsOfSample({ source }: SchemaSample, { editing }: Run): readonly TypePart[] {
  return typePartsOf(source, editing.sources);
}
