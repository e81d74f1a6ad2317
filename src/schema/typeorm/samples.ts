import type { EntityColumn, EntityModel, EntityRelation } from '../../orm/typeorm/model.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import type { ClassModel, MemberModel } from './model.ts';
import { entityFilesNear } from './neighbours.ts';

/** An entity's class beside what TypeORM makes of it. */
export interface Sample {
  readonly source: ClassModel;
  readonly entity: EntityModel;
}

/** A column of a sample: the property, and what it is in the database. */
export interface SampleColumn {
  readonly member: MemberModel;
  readonly column: EntityColumn;
  readonly sample: Sample;
}

export interface SampleRelation {
  readonly member: MemberModel;
  readonly relation: EntityRelation;
  readonly sample: Sample;
}

/** So many entities show a convention. */
const ENOUGH = 12;

/** Entities of the file itself, then of the files nearest to it; EntitySchema objects not among them. */
export function samplesNear(path: string, { sources }: Editing, entities: Entities): readonly Sample[] {
  const samples: Sample[] = [];
  for (const near of entityFilesNear(path, sources)) {
    if (samples.length >= ENOUGH) break;
    samples.push(...entities.inFile(near));
  }
  return samples.slice(0, ENOUGH);
}

/** The columns that a sample's own class declares. */
export function columnsOf(sample: Sample): readonly SampleColumn[] {
  return sample.entity.columns.flatMap((column) => {
    const member = sample.source.members.find(({ name }) => name === column.property);
    return member === undefined || column.isVirtual ? [] : [{ member, column, sample }];
  });
}

/** The relations of a sample that hold a key of their own. */
export function relationsOf(sample: Sample): readonly SampleRelation[] {
  return sample.entity.relations.flatMap((relation) => {
    const member = sample.source.members.find(({ name }) => name === relation.property);
    return member === undefined ? [] : [{ member, relation, sample }];
  });
}
