// @ts-check
'use strict';
/** What a loaded data source says of itself, as plain data (`../model.ts`, `child.ts`). */
const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');

/** @param {any} dataSource @returns {any[]} EntityModel[] */
function describeEntities(dataSource) {
  const places = ownPlaces();
  return dataSource.entityMetadatas.map((/** @type {any} */ metadata) =>
    describeEntity(metadata, dataSource, places),
  );
}

/** @param {any} metadata @param {any} dataSource @param {ReturnType<typeof ownPlaces>} places */
function describeEntity(metadata, dataSource, places) {
  const isClass = typeof metadata.target === 'function';
  return {
    name: metadata.name,
    form: isClass ? 'class' : 'schema',
    tableType: metadata.tableType,
    table: tableOf(metadata, dataSource),
    madeBy: madeBy(metadata, dataSource),
    file: isClass ? places.fileOf(metadata.target) : places.fileOfSchema(metadata.name),
    parents: isClass ? metadata.inheritanceTree.slice(1).map((/** @type {any} */ parent) => parent.name) : [],
    columns: metadata.columns
      .filter((/** @type {any} */ column) => !column.isVirtualProperty)
      .map((/** @type {any} */ column) => describeColumn(column, metadata, dataSource)),
    relations: metadata.relations.map(describeRelation),
    indices: metadata.indices.map((/** @type {any} */ index) => ({
      name: index.name,
      columns: index.columns.map(databaseName),
      isUnique: index.isUnique === true,
      where: index.where,
    })),
    uniques: metadata.uniques.map((/** @type {any} */ unique) => ({
      name: unique.name,
      columns: unique.columns.map(databaseName),
    })),
    checks: metadata.checks.map((/** @type {any} */ check) => ({
      name: check.name,
      expression: check.expression,
    })),
  };
}

/** What a table without an entity of its own is derived from. @param {any} metadata @param {any} dataSource */
function madeBy(metadata, dataSource) {
  if (metadata.parentClosureEntityMetadata) return metadata.parentClosureEntityMetadata.name;
  if (metadata.tableType !== 'junction') return undefined;
  const relation = dataSource.entityMetadatas
    .flatMap((/** @type {any} */ each) => each.relations)
    .find((/** @type {any} */ each) => each.isOwning && each.junctionEntityMetadata === metadata);
  return relation && `${relation.entityMetadata.name}.${relation.propertyPath}`;
}

/** @param {any} metadata @param {any} dataSource */
function tableOf(metadata, dataSource) {
  return {
    schema: metadata.schema ?? dataSource.driver.options.schema ?? dataSource.driver.schema ?? 'public',
    name: metadata.tableName,
  };
}

/**
 * For each table a short text that differs where TypeORM would make the table otherwise: what its differ looks at.
 * @param {any} dataSource @param {any} Table TypeORM's class
 */
function fingerprints(dataSource, Table) {
  return Object.fromEntries(
    dataSource.entityMetadatas
      .filter((/** @type {any} */ metadata) => !['view', 'entity-child'].includes(metadata.tableType))
      .map((/** @type {any} */ metadata) => {
        const { schema, name } = tableOf(metadata, dataSource);
        const text = JSON.stringify(Table.create(metadata, dataSource.driver));
        return [`${schema}.${name}`, createHash('sha256').update(text).digest('base64url')];
      }),
  );
}

/** @param {any} column */
function databaseName(column) {
  return column.databaseName;
}

/** @param {any} column @param {any} metadata @param {any} dataSource */
function describeColumn(column, metadata, dataSource) {
  const isEnum = column.type === 'enum' || column.type === 'simple-enum';
  return {
    property: column.isVirtual
      ? (column.relationMetadata?.propertyPath ?? column.propertyPath)
      : column.propertyPath,
    column: column.databaseName,
    declaredIn: nameOf(column.target ?? column.relationMetadata?.target ?? metadata.target),
    type: dataSource.driver.normalizeType(column),
    isPrimary: column.isPrimary,
    isNullable: column.isNullable,
    isVirtual: column.isVirtual,
    enumName: isEnum
      ? (column.enumName ?? `${metadata.tableName}_${column.databaseName.toLowerCase()}_enum`)
      : undefined,
  };
}

/** A class, or the name of an EntitySchema. @param {any} target @returns {string} */
function nameOf(target) {
  return typeof target === 'function' ? target.name : String(target);
}

/** @param {any} relation */
function describeRelation(relation) {
  return {
    property: relation.propertyPath,
    kind: relation.relationType,
    target: relation.inverseEntityMetadata.name,
    inverse: relation.inverseRelation?.propertyPath,
    joinColumns: relation.isOwning && !relation.isManyToMany ? relation.joinColumns.map(databaseName) : [],
    foreignKey: relation.foreignKeys?.[0]?.name,
  };
}

/** The project's own modules that are loaded, in the order in which they were asked for. @returns {NodeModule[]} */
function ownModules() {
  return Object.values(require.cache).flatMap((module) =>
    module && !/[\\/]node_modules[\\/]/.test(module.filename) && path.dirname(module.filename) !== __dirname
      ? [module]
      : [],
  );
}

/** Where classes and schemas come from that the modules loaded by now export: each of a thousand is looked for among as many. */
function ownPlaces() {
  /** @typedef {Map<unknown, Set<string>>} Holding what is exported, or its name → files */
  /** @type {Holding} */
  const classes = new Map();
  /** @type {Holding} */
  const schemas = new Map();
  const add = (/** @type {Holding} */ to, /** @type {unknown} */ key, /** @type {string} */ file) =>
    void (to.get(key)?.add(file) ?? to.set(key, new Set([file])));
  for (const { exports, filename } of ownModules()) {
    for (const value of values(exports)) {
      if (typeof value === 'function') add(classes, value, filename);
      else add(schemas, /** @type {any} */ (value)?.options?.name, filename);
    }
  }
  /** Barrels export it too. @param {Set<string> | undefined} holding @param {RegExp} declaration */
  const declaring = (holding, declaration) => {
    const files = [...(holding ?? [])];
    return files.find((file) => declaration.test(textOf(file))) ?? files.at(-1);
  };
  return {
    /** The file whose text has the class. @param {any} target */
    fileOf: (target) =>
      declaring(
        classes.get(target),
        new RegExp(String.raw`\bclass\s+${target.name.replaceAll('$', String.raw`\$`)}\b`),
      ),
    /** @param {string} name */
    fileOfSchema: (name) => declaring(schemas.get(name), /\bEntitySchema\b/),
  };
}

/** @param {any} exports @returns {unknown[]} */
function values(exports) {
  if (exports === null || typeof exports !== 'object') return [exports];
  return Object.values(exports).flatMap((value) => (Array.isArray(value) ? value : [value]));
}

/** @param {string} file */
function textOf(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // Staged: it is not on disk yet.
    return '';
  }
}

/**
 * @param {any} dataSource @param {any} options as the project gave them
 * @param {Map<string, string[]>} globbed
 * @param {(pattern: string) => string} meant
 */
function describeDataSource(dataSource, options, globbed, meant) {
  const patternsOf = (/** @type {any} */ list) =>
    values(list ?? []).filter((entry) => typeof entry === 'string');
  const listed = (/** @type {any} */ list) => values(list ?? []).filter((entry) => typeof entry !== 'string');
  const listing = (/** @type {any} */ list) => {
    const patterns = /** @type {string[]} */ (patternsOf(list));
    return {
      patterns: patterns.map(meant),
      files: patterns.flatMap((pattern) => globbed.get(pattern) ?? []),
      listed: listed(list).length,
    };
  };
  return {
    type: options.type,
    entities: listing(options.entities),
    migrations: listing(options.migrations),
    migrationsTable: { schema: options.schema, name: options.migrationsTableName ?? 'migrations' },
    metadataTable: options.metadataTableName ?? 'typeorm_metadata',
    transactionMode: options.migrationsTransactionMode ?? 'all',
    synchronize: options.synchronize === true,
    migrationsRun: options.migrationsRun === true,
    schema: options.schema,
    entityPrefix: options.entityPrefix,
    connection: connectionOf(options),
    uuidExtension: options.uuidExtension,
    namingStrategy: dataSource.namingStrategy.constructor.name,
    modules: ownModules().map(({ filename }) => filename),
  };
}

/** Where the project's own database is; a password that a function gives is left out. @param {any} options */
function connectionOf(options) {
  const { url, host, port, username, password, database, ssl } = options.replication?.master ?? options;
  return {
    url,
    host,
    port,
    username,
    password: typeof password === 'string' ? password : undefined,
    database,
    ssl,
  };
}

/** In the order in which TypeORM would run them. @param {any} dataSource */
function describeMigrations(dataSource) {
  const { fileOf } = ownPlaces();
  return dataSource.migrations
    .map((/** @type {any} */ instance) => {
      const name = instance.name ?? instance.constructor.name;
      const file = fileOf(instance.constructor);
      return {
        name,
        className: instance.constructor.name,
        stamp: stampOf(name),
        transaction: instance.transaction,
        file,
        imports: importsOf(file),
      };
    })
    .toSorted((/** @type {any} */ a, /** @type {any} */ b) => (a.stamp ?? 0) - (b.stamp ?? 0));
}

/**
 * Files of the project that a file has loaded, and those that they have; not through entities, which lead everywhere.
 * @param {string | undefined} file @param {Set<string>} found @returns {string[]}
 */
function importsOf(file, found = new Set()) {
  const children = (file === undefined ? undefined : require.cache[file])?.children ?? [];
  for (const { filename } of children) {
    if (/[\\/]node_modules[\\/]/.test(filename) || filename === file || found.has(filename)) continue;
    found.add(filename);
    if (!/@Entity\b|\bEntitySchema\b/.test(textOf(filename))) importsOf(filename, found);
  }
  return [...found];
}

/** As MigrationExecutor reads it: the last 13 characters of the name. @param {string} name */
function stampOf(name) {
  const stamp = Number.parseInt(name.slice(-13), 10);
  return stamp || undefined;
}

module.exports = {
  ownPlaces,
  fingerprints,
  tableOf,
  describeEntities,
  describeDataSource,
  describeMigrations,
};
