import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { DataSource, EntityMetadata } from 'typeorm';
import type { EntityColumn, EntityModel, EntityRelation } from '../../../src/orm/typeorm/model.ts';
import type {
  ColumnDef,
  DatabaseSchema,
  EnumDef,
  ForeignKeyDef,
  TableDef,
} from '../../../src/plan/database-schema.ts';
import type { Naming } from '../../../src/plan/naming.ts';
import { parseType } from '../../../src/postgres/sql.ts';

/** What TypeORM makes of the entities of a data source, as the editors are told. */
export function modelsOf(source: DataSource): EntityModel[] {
  return source.entityMetadatas.map((metadata) => ({
    name: metadata.targetName,
    form: typeof metadata.target === 'function' && !isSchema(source, metadata) ? 'class' : 'schema',
    tableType: metadata.tableType,
    table: tableName(metadata),
    parents: metadata.inheritanceTree.slice(1).map((each) => (each as { name: string }).name),
    columns: metadata.columns.map((column) => columnModel(source, column, metadata)),
    relations: metadata.relations.map((relation): EntityRelation => ({
      property: relation.propertyPath,
      kind: relation.relationType as EntityRelation['kind'],
      target: relation.inverseEntityMetadata.targetName,
      inverse: relation.inverseRelation?.propertyPath,
      joinColumns:
        relation.isOwning && relation.relationType !== 'many-to-many'
          ? relation.joinColumns.map((each) => each.databaseName)
          : [],
      foreignKey: relation.foreignKeys[0]?.name,
    })),
    indices: metadata.indices.map((index) => ({
      name: index.name,
      columns: index.columns.map((each) => each.databaseName),
      isUnique: index.isUnique,
      where: index.where,
    })),
    uniques: metadata.uniques.map((unique) => ({
      name: unique.name,
      columns: unique.columns.map((each) => each.databaseName),
    })),
    checks: metadata.checks.map(({ name, expression }) => ({ name, expression })),
  }));
}

function isSchema(source: DataSource, { targetName }: EntityMetadata): boolean {
  const listed = source.options.entities;
  const items = Array.isArray(listed) ? (listed as unknown[]) : Object.values(listed ?? {});
  return items.some((item) => (item as { options?: { name?: string } }).options?.name === targetName);
}

function tableName(metadata: EntityMetadata) {
  return { schema: metadata.schema ?? 'public', name: metadata.tableName };
}

function columnModel(source: DataSource, column: ColumnMetadata, metadata: EntityMetadata): EntityColumn {
  const { target } = column;
  return {
    property: column.propertyPath,
    column: column.databaseName,
    declaredIn: column.isVirtual ? metadata.targetName : typeof target === 'string' ? target : target.name,
    type: source.driver.normalizeType(column),
    isPrimary: column.isPrimary,
    isNullable: column.isNullable,
    isVirtual: column.isVirtual,
    enumName: column.enumName,
  };
}

/** The schema that TypeORM would synchronise, as plans are resolved against it. */
export function schemaOf(source: DataSource): DatabaseSchema {
  const tables = source.entityMetadatas.filter(
    ({ tableType }) => tableType !== 'view' && tableType !== 'entity-child',
  );
  return {
    tables: tables.map((metadata) => tableDef(source, metadata)),
    enums: tables
      .flatMap((metadata) => metadata.columns.flatMap((column) => enumDef(column, metadata)))
      .filter((each, index, all) => all.findIndex(({ name }) => name === each.name) === index),
    schemas: [],
    views: [],
  };
}

function enumDef(column: ColumnMetadata, metadata: EntityMetadata): EnumDef[] {
  if (column.enum === undefined) return [];
  return [{ schema: 'public', name: enumNameOf(column, metadata), values: column.enum.map(String) }];
}

function enumNameOf(column: ColumnMetadata, metadata: EntityMetadata): string {
  return column.enumName ?? `${metadata.tableName}_${column.databaseName}_enum`.toLowerCase();
}

function tableDef(source: DataSource, metadata: EntityMetadata): TableDef {
  const keys = metadata.primaryColumns.map((column) => column.databaseName);
  const strategy = source.namingStrategy;
  const keyName = metadata.primaryColumns[0]?.primaryKeyConstraintName;
  return {
    ...tableName(metadata),
    columns: metadata.columns.map((column) => columnDef(source, column, metadata)),
    primaryKey: {
      name: keyName ?? strategy.primaryKeyName(metadata.tableName, keys),
      named: keyName !== undefined,
      columns: keys,
    },
    uniques: metadata.uniques.map(({ name, columns }) => {
      const names = columns.map((each) => each.databaseName);
      return {
        name,
        named: name !== strategy.uniqueConstraintName(metadata.tableName, names),
        columns: names,
        nullsNotDistinct: false,
      };
    }),
    indexes: metadata.indices.map((index) => ({
      name: index.name,
      unique: index.isUnique,
      columns: index.columns.map((each) => ({
        expression: each.databaseName,
        isExpression: false,
        order: 'asc',
        nulls: 'last',
      })),
      using: 'btree',
      where: index.where || undefined,
      concurrently: false,
    })),
    foreignKeys: metadata.foreignKeys.map((key): ForeignKeyDef => ({
      name: key.name,
      named: key.name !== strategy.foreignKeyName(metadata.tableName, key.columnNames),
      columns: key.columnNames,
      references: { ...tableName(key.referencedEntityMetadata), columns: key.referencedColumnNames },
      onDelete: (key.onDelete ?? 'NO ACTION').toLowerCase() as ForeignKeyDef['onDelete'],
      onUpdate: (key.onUpdate ?? 'NO ACTION').toLowerCase() as ForeignKeyDef['onUpdate'],
    })),
    checks: metadata.checks.map(({ name, expression }) => ({ name, expression })),
    description: metadata.comment,
  };
}

function columnDef(source: DataSource, column: ColumnMetadata, metadata: EntityMetadata): ColumnDef {
  const isIdentity = column.generationStrategy === ('identity' as string);
  return {
    name: column.databaseName,
    type: typeText(source, column, metadata),
    notNull: !column.isNullable,
    default: defaultOf(source, column),
    identity: isIdentity ? { always: column.generatedIdentity === 'ALWAYS' } : undefined,
    generated: column.asExpression,
    description: column.comment,
  };
}

function typeText(source: DataSource, column: ColumnMetadata, metadata: EntityMetadata): string {
  const type = source.driver.normalizeType(column);
  if (column.generationStrategy === 'increment') return type === 'bigint' ? 'bigserial' : 'serial';
  const arrays = column.isArray ? '[]' : '';
  if (type === 'enum') return `"${enumNameOf(column, metadata)}"${arrays}`;
  const [length, precision, scale] = [column.length, column.precision, column.scale].map((each) =>
    each === undefined || each === null || each === '' ? undefined : String(each),
  );
  const modifiers = [length ?? precision, scale].filter((each) => each !== undefined).join(',');
  const bare = modifiers === '' ? type : type.replace(/^(\w+( varying| precision)?)/, `$1(${modifiers})`);
  return parseType(bare + arrays).text;
}

function defaultOf(source: DataSource, column: ColumnMetadata): string | undefined {
  if (column.generationStrategy === 'uuid') return generatorOf(source);
  return source.driver.normalizeDefault(column);
}

function generatorOf({ options }: DataSource): string {
  return 'uuidExtension' in options && options.uuidExtension === 'pgcrypto'
    ? 'gen_random_uuid()'
    : 'uuid_generate_v4()';
}

/** The names that TypeORM's own strategy derives. */
export function namingOf({ namingStrategy }: DataSource): Naming {
  return {
    primaryKey: (table, columns) => ({
      name: namingStrategy.primaryKeyName(table.name, [...columns]),
      named: false,
    }),
    unique: (table, columns) => ({
      name: namingStrategy.uniqueConstraintName(table.name, [...columns]),
      named: false,
    }),
    foreignKey: (table, columns) => ({
      name: namingStrategy.foreignKeyName(table.name, [...columns]),
      named: false,
    }),
    index: (table, columns) => namingStrategy.indexName(table.name, [...columns]),
    check: (table, columns) => [table.name, ...columns, 'check'].join('_'),
  };
}
