import { TableplanError } from '../../errors.ts';
import type { EntityColumn, EntityModel } from '../../orm/typeorm/model.ts';
import { displayName, isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import { notEditable } from '../parse.ts';
import { type DeclarationIndex, indexDeclarations } from './declaration-index.ts';
import type { TypeormEditInput } from './editing.ts';
import type { Sources } from './sources.ts';
import type { ClassModel, EntitySource, MemberModel } from './model.ts';
import { classesIn, decoratorNamed, schemaObjectsIn } from './read.ts';

/** The sources of what TypeORM knows as entities. */
export interface Entities {
  readonly all: readonly EntityModel[];
  /** The entity that a table is made of; of single-table inheritance the topmost. */
  ofTable(name: ObjectName): EntityModel | undefined;
  /** Where an entity is declared. Throws `schema-not-editable` when it is nowhere, or more than once. */
  source(entity: EntityModel): EntitySource;
  /** The same, or undefined. */
  find(entity: EntityModel): EntitySource | undefined;
  /** The entities that a file declares as classes. */
  inFile(path: string): readonly { readonly entity: EntityModel; readonly source: ClassModel }[];
  /** What entities are called in their files, found without parsing those of classes. */
  places(): readonly EntityPlace[];
  /** A class by its name: a base, an embedded one. */
  classNamed(name: string): ClassModel | undefined;
}

export interface EntityPlace {
  readonly entity: EntityModel;
  readonly exported: string;
  readonly path: string;
}

export function openEntities({
  input,
  sources,
}: {
  readonly input: TypeormEditInput;
  readonly sources: Sources;
}): Entities {
  const index = indexDeclarations(sources);
  const byName = new Map(input.entities.map((entity) => [entity.name, entity]));
  const found = new Map<EntityModel, readonly EntitySource[]>();
  const candidates = (entity: EntityModel): readonly EntitySource[] => {
    const known = found.get(entity) ?? declarationsOf(entity, sources, index);
    found.set(entity, known);
    return known;
  };
  const classNamed = (name: string) =>
    index
      .classFiles(name)
      .flatMap((path) => classesIn(sources.file(path)!).filter((each) => each.name === name))[0];
  const find = (entity: EntityModel) => (candidates(entity).length === 1 ? candidates(entity)[0] : undefined);
  return {
    all: input.entities,
    ofTable: (name) => ofTable(name, input.entities),
    source: (entity) => onlyOne(entity, candidates(entity)),
    find,
    places: () => input.entities.flatMap((entity) => placesOf(entity, find, index)),
    inFile: (path) =>
      classesIn(sources.file(path)!).flatMap((source) => {
        const entity = byName.get(source.name);
        return entity?.form === 'class' && find(entity) === source ? [{ entity, source }] : [];
      }),
    classNamed,
  };
}

function placesOf(
  entity: EntityModel,
  find: Entities['find'],
  index: DeclarationIndex,
): readonly EntityPlace[] {
  const paths = index.classFiles(entity.name);
  if (entity.form === 'class' && paths.length === 1)
    return [{ entity, exported: entity.name, path: paths[0]! }];
  const source = find(entity);
  if (source === undefined) return [];
  return [
    { entity, exported: source.kind === 'class' ? source.name : source.variable, path: source.file.path },
  ];
}

function ofTable(name: ObjectName, entities: readonly EntityModel[]): EntityModel | undefined {
  const same = entities.filter((entity) => isSameObject(entity.table, name) && entity.tableType !== 'view');
  return same.find(({ tableType }) => tableType !== 'entity-child') ?? same[0];
}

function declarationsOf(
  entity: EntityModel,
  sources: Sources,
  index: DeclarationIndex,
): readonly EntitySource[] {
  const paths = entity.form === 'schema' ? index.schemaFiles : index.classFiles(entity.name);
  const files = paths.flatMap((path) => sources.file(path) ?? []);
  if (entity.form === 'schema')
    return files.flatMap((file) => schemaObjectsIn(file).filter((each) => each.name === entity.name));
  const named = files.flatMap((file) => classesIn(file).filter((each) => each.name === entity.name));
  const decorated = named.filter((each) => decoratorNamed(each, /^(Child)?Entity$/) !== undefined);
  if (decorated.length <= 1) return decorated.length === 1 ? decorated : named;
  const fitting = decorated.filter((each) => fits(each, entity));
  return fitting.length > 0 ? fitting : decorated;
}

/** Of two classes with one name the one that has the entity's properties and its table's name. */
function fits(source: ClassModel, entity: EntityModel): boolean {
  const own = entity.columns.filter((column) => column.declaredIn === entity.name && !column.isVirtual);
  const text = source.file.text.slice(source.start, source.end);
  return (
    own.every((column) => source.members.some(({ name }) => name === column.property.split('.')[0])) &&
    text.includes(entity.table.name)
  );
}

function onlyOne(entity: EntityModel, sources: readonly EntitySource[]): EntitySource {
  const [first, second] = sources;
  if (first !== undefined && second === undefined) return first;
  const table = displayName(entity.table);
  if (first === undefined || second === undefined)
    throw new TableplanError(
      'schema-not-editable',
      `the entity ${entity.name} of ${table} is in none of the sources`,
      {
        hint:
          entity.tableType === 'junction'
            ? 'TypeORM makes this table of a @ManyToMany relation. Turn it into an entity of its own first.'
            : 'It may be made by a function or come from a package. Change it there by hand.',
      },
    );
  throw notEditable(
    `two classes are called ${entity.name}, and both may be ${table}: the other is in ${second.file.path}`,
    { file: first.file, offset: first.start },
    'Rename one of them and run again.',
  );
}

/** The class that has a column's decorator, and the property there. */
export interface ColumnPlace {
  readonly owner: ClassModel;
  readonly member: MemberModel;
}

/** Where a column of an entity stands; undefined for what no property has (an opaque base, a mixin). */
export function placeOf(
  column: EntityColumn,
  source: ClassModel,
  entities: Entities,
): ColumnPlace | undefined {
  const owner = column.declaredIn === source.name ? source : entities.classNamed(column.declaredIn);
  const name = column.property.split('.').at(-1)!;
  const member = owner?.members.find((each) => each.name === name);
  return owner && member && { owner, member };
}
