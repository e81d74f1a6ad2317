import type { DocumentedMigration, MigrationScript } from '../orm/documented.ts';
import { effectsTable } from '../record/effects-table.ts';
import { codeText, fenceFor, freeText, lineText } from '../record/markdown.ts';
import { type RecordView, title } from '../record/record.ts';
import { type Operation, type TableRef, tableKey } from '../review/operation.ts';
import { readOperations } from '../review/read-operations.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { statementEffects } from '../review/statement-effects.ts';

/** What a backfilled record is written from. Paths are relative to the project. */
export interface BackfillInput {
  readonly generator: string;
  readonly migration: DocumentedMigration;
  readonly script: MigrationScript;
  readonly file: string;
  readonly downFile: string | undefined;
  /** Who made it and when, where that is known. */
  readonly author: string | undefined;
}

/**
 * The record of a migration that has none, with the headings of all records. What its SQL says stands in it; what only the
 * run that made it could know is said to be unknown. Wants `loadSqlParser` to have been awaited.
 */
export function backfilledRecord(input: BackfillInput): RecordView {
  const { migration, script, file, downFile } = input;
  const statements = parseScript(script.up);
  const operations = statements.flatMap(({ node }) => (node ? readOperations(node) : []));
  const down = script.down?.trim() ?? '';
  const tables = affected(operations);
  return {
    generator: input.generator,
    number: migration.number ?? migration.tag,
    title: title(migration.name),
    file,
    applied: 'not known',
    type: typeOf(operations),
    impact: undefined,
    author: input.author === undefined ? undefined : freeText(input.author),
    description: [
      'Backfilled by `tableplan docs --backfill` from the migration itself: it was not rehearsed or reviewed for this record, and its plan is not known.',
      ...(statements.some(({ node }) => !node)
        ? ["Postgres' parser refuses some of its SQL: what that is about is not known."]
        : []),
    ].join(' '),
    tables,
    severalTables: tables.length > 1,
    code: '',
    fence: fenceFor(script.up, down),
    sql: script.up.trim(),
    byHand: '',
    effects: effectsTable(statementEffects(script.up, {})),
    rollback: {
      label: 'not rehearsed',
      explanation: down === '' ? lineText(script.noWayBack ?? 'No rollback script was found.') : '',
      file: down === '' || downFile === file ? undefined : downFile,
      sql: down,
    },
    checks: [],
    notTested: [],
    breaking: [],
    findings: [],
    alsoNoted: '',
    overrides: [],
    plan: undefined,
  };
}

function typeOf(operations: readonly Operation[]): string {
  const kinds = operations.map(({ kind }) => kind);
  if (kinds.length === 0) return 'not known';
  if (kinds.includes('create-table')) return 'New Table';
  if (kinds.includes('drop-table')) return 'Drop Table';
  if (kinds.every((kind) => /^(create|drop|rename)-index$/.test(kind))) return 'Index Creation';
  return kinds.every((kind) => kind.includes('enum')) ? 'Enum Change' : 'Alter Table';
}

function affected(operations: readonly Operation[]): RecordView['tables'] {
  const byObject = new Map<string, string[]>();
  for (const operation of operations) {
    const object = objectOf(operation);
    if (object !== undefined) byObject.set(object, [...(byObject.get(object) ?? []), describe(operation)]);
  }
  return [...byObject].map(([name, what]) => ({ name: codeText(name), what: [...new Set(what)].join('; ') }));
}

/** The table or enum that an operation is about. */
function objectOf(operation: Operation): string | undefined {
  if ('table' in operation && operation.table) return tableKey(operation.table);
  const isEnum = operation.kind.includes('enum') && 'type' in operation;
  return isEnum ? tableKey(operation.type as TableRef) : undefined;
}

/** `add column brand_id`, `create index products_name_idx`. */
function describe(operation: Operation): string {
  const name = nameIn(operation);
  return `${operation.kind.replaceAll('-', ' ')}${name === undefined ? '' : ` ${codeText(name)}`}`;
}

function nameIn(operation: Operation): string | undefined {
  if (operation.kind === 'create-table') return `with ${operation.columns.length} columns`;
  if ('column' in operation)
    return typeof operation.column === 'string' ? operation.column : operation.column.name;
  if ('constraint' in operation && operation.constraint) return operation.constraint.name;
  if ('index' in operation) return tableKey(operation.index);
  return 'name' in operation && typeof operation.name === 'string' ? operation.name : undefined;
}
