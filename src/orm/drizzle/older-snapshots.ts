import { join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { findEnum, findTable } from '../../plan/database-schema.ts';
import type { HistoricName } from '../../plan/resolve.ts';
import type { DrizzleHistory } from './history.ts';
import { readSnapshot } from './snapshot.ts';

const READ = new Map<string, Promise<DatabaseSchema | undefined>>();

/**
 * Whether a snapshot had something of this name: then a drop or rename of what is gone counts as done. Snapshots are
 * read one by one, newest first, until one has it; those that cannot be read have nothing.
 */
export async function hadName(history: DrizzleHistory, wanted: HistoricName): Promise<boolean> {
  if (history.newest && hasName(history.newest.schema, wanted)) return true;
  for await (const schema of olderSchemas(history)) if (hasName(schema, wanted)) return true;
  return false;
}

/** The schema as every snapshot but the newest has it, newest first, each read when it is asked for; those that cannot be read are left out. */
export async function* olderSchemas(history: DrizzleHistory): AsyncGenerator<DatabaseSchema> {
  const older = history.snapshots.filter(({ file }) => file !== history.newest?.file);
  for (const { path, id } of older.toReversed()) {
    const schema = await readOlder(path, id);
    if (schema) yield schema;
  }
}

/** Whether a migration in the journal holds this statement; white space and the closing semicolon make no difference. */
export async function hasStatement(history: DrizzleHistory, sql: string): Promise<boolean> {
  const wanted = plainText(sql);
  for (const { tag } of history.entries.toReversed()) {
    if (plainText(await textOf(join(history.outDir, `${tag}.sql`))).includes(wanted)) return true;
  }
  return false;
}

function plainText(sql: string): string {
  return sql.trim().replace(/;$/, '').replaceAll(/\s+/g, ' ');
}

async function textOf(path: string): Promise<string> {
  try {
    return await readRegularText(path);
  } catch {
    return '';
  }
}

/** A snapshot never changes under its id, so one run reads it once. */
function readOlder(path: string, id: string | undefined): Promise<DatabaseSchema | undefined> {
  const key = `${path} ${id}`;
  const known = READ.get(key) ?? parseOlder(path);
  READ.set(key, known);
  return known;
}

async function parseOlder(path: string): Promise<DatabaseSchema | undefined> {
  try {
    return readSnapshot(JSON.parse(await readRegularText(path)), path);
  } catch {
    return undefined;
  }
}

function hasName(schema: DatabaseSchema, wanted: HistoricName): boolean {
  switch (wanted.kind) {
    case 'table':
      return findTable(schema, wanted.name) !== undefined;
    case 'enum':
      return findEnum(schema, wanted.name) !== undefined;
    case 'enum-value':
      return findEnum(schema, wanted.enum)?.values.includes(wanted.name) ?? false;
    default:
      return namesOfTable(schema, wanted).includes(wanted.name);
  }
}

function namesOfTable(schema: DatabaseSchema, wanted: Extract<HistoricName, { table: unknown }>): string[] {
  const table = findTable(schema, wanted.table);
  if (!table) return [];
  const lists = {
    column: table.columns,
    index: table.indexes,
    unique: table.uniques,
    'foreign-key': table.foreignKeys,
    check: table.checks,
  };
  return lists[wanted.kind].map((item) => item.name);
}
