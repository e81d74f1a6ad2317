// @ts-check
'use strict';
/** What the parent can ask of a connected data source. Each answer is plain data. */
const { tableOf } = require('./typeorm-describe.cjs');

/**
 * TypeORM's own diff of entities and database. Its guess at renames is switched off: what the plan renames is renamed
 * in the database already, so whatever it took for a rename would be one column dropped and another added.
 * @param {any} dataSource
 * @param {string[] | undefined} tables `schema.name` of those to look at; all without
 */
async function log(dataSource, tables) {
  const builder = dataSource.driver.createSchemaBuilder();
  if (tables) {
    const wanted = new Set(tables);
    const affected = builder.entityToSyncMetadatas.filter((/** @type {any} */ metadata) => {
      const { schema, name } = tableOf(metadata, dataSource);
      return wanted.has(`${schema}.${name}`);
    });
    Object.defineProperty(builder, 'entityToSyncMetadatas', { value: affected });
  }
  builder.renameColumns = async () => undefined;
  return asQueries(await builder.log());
}

/**
 * TypeORM's own statements for a step that its differ does not take: with the names of keys, sequences and enums that
 * hang on a name. They are not run here.
 * @param {any} dataSource @param {any} step
 */
async function statementsFor(dataSource, step) {
  const runner = dataSource.createQueryRunner();
  const table = `${step.table.schema}.${step.table.name}`;
  try {
    // Loads the table as it is now.
    await runner.getTable(table);
    runner.enableSqlMemory();
    switch (step.kind) {
      case 'rename-table':
        await runner.renameTable(table, step.to);
        break;
      case 'rename-column':
        await runner.renameColumn(table, step.from, step.to);
        break;
      case 'drop-column':
        await runner.dropColumn(table, step.column);
        break;
      case 'drop-table':
        await runner.dropTable(table);
        break;
      default:
        throw new Error(`No such step: ${step.kind}`);
    }
    return asQueries(runner.getMemorySql());
  } finally {
    runner.disableSqlMemory();
    await runner.release();
  }
}

/** @param {any} memory */
function asQueries({ upQueries, downQueries }) {
  const plain = (/** @type {any} */ { query, parameters }) => ({
    sql: query.trim().replace(/;$/, ''),
    ...(parameters?.length && { parameters }),
  });
  return { up: upQueries.map(plain), down: downQueries.map(plain) };
}

/** Creates what TypeORM's runner needs beside its own table, as it does before it runs anything. @param {any} dataSource */
async function prepareReplay(dataSource) {
  const runner = dataSource.createQueryRunner();
  try {
    await dataSource.driver.createSchemaBuilder().createMetadataTableIfNecessary(runner);
  } finally {
    await runner.release();
  }
}

/**
 * Runs one migration, in a transaction or without.
 * @param {any} dataSource @param {{ name: string, direction: 'up' | 'down', inTransaction: boolean }} job
 * @returns {Promise<{ failure?: { message: string, sqlstate: string | undefined } }>}
 */
async function run(dataSource, { name, direction, inTransaction }) {
  const migration = migrationOf(dataSource, name);
  const runner = dataSource.createQueryRunner();
  try {
    if (inTransaction) await runner.startTransaction();
    await migration[direction](runner);
    if (inTransaction && runner.isTransactionActive) await runner.commitTransaction();
    return {};
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    const { message, code, driverError } = /** @type {any} */ (error ?? {});
    return { failure: { message: String(message ?? error), sqlstate: driverError?.code ?? code } };
  } finally {
    await runner.release();
  }
}

/** @param {any} dataSource @param {string} name */
function migrationOf(dataSource, name) {
  const found = dataSource.migrations.find(
    (/** @type {any} */ instance) => (instance.name ?? instance.constructor.name) === name,
  );
  if (!found) throw new Error(`There is no migration ${name}.`);
  return found;
}

/** Names as the project's naming strategy derives them. @param {any} dataSource @param {any[]} wanted */
function names(dataSource, wanted) {
  const strategy = dataSource.namingStrategy;
  return wanted.map(({ kind, table, columns, target, targetColumns, expression, where }) => {
    switch (kind) {
      case 'primary-key':
        return strategy.primaryKeyName(table, columns);
      case 'unique':
        return strategy.uniqueConstraintName(table, columns);
      case 'foreign-key':
        return strategy.foreignKeyName(table, columns, target, targetColumns);
      case 'relation':
        return strategy.relationConstraintName(table, columns, where);
      case 'index':
        return strategy.indexName(table, columns, where);
      case 'check':
        return strategy.checkConstraintName(table, expression);
      default:
        throw new Error(`No such name: ${kind}`);
    }
  });
}

module.exports = { log, statementsFor, prepareReplay, run, migrationOf, names };
