import { commandText } from '../commands.ts';
import { withoutName } from '../inline-constraints.ts';
import { lockContext } from '../locks.ts';
import { validateSql } from '../not-valid.ts';
import { scanOf } from '../observed.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement, statementAt } from '../rule.ts';
import { inLaterTransaction } from '../steps.ts';
import { topic } from '../topics.ts';

export const typeChangeWithCheck: Rule = {
  name: 'type-change-with-check',
  id: 'COL-10',
  severity: 'warning',
  reason: 'The CHECK is tried on every row again, under the lock of the type change.',
  bad: [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10); ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER COLUMN note TYPE text;',
    'ALTER TABLE app."Users" ADD "Note" varchar(9) CHECK ("Note" <> \'\'); ALTER TABLE app."Users" ALTER "Note" TYPE text;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
    // What is not valid is not tried.
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10) NOT VALID; ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10) NOT ENFORCED; ALTER TABLE users ALTER COLUMN note TYPE varchar(100);',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(other) < 10); ALTER TABLE users ALTER COLUMN note TYPE text;',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 10); ALTER TABLE users DROP CONSTRAINT c, ALTER COLUMN note TYPE text;',
    'CREATE TABLE t (a varchar(5) CHECK (length(a) > 1)); ALTER TABLE t ALTER COLUMN a TYPE text;',
  ],
  check: eachOperation('alter-type', ({ table, column }, statement, script) => {
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    const known = lockContext(statement, script).tables.get(tableKey(table));
    const found = [...(known?.checks.on(column) ?? [])].find(
      ({ name, valid }) => valid && !isDropped(name, statement),
    );
    if (!found) return undefined;
    return {
      message: `The check ${found.name} is tried on every row of ${sqlName(table)} for the new type of ${column}, while nobody can read or write it.`,
      fix: fixOf(table, found.name, statement, script),
      observed: scan === 'seen',
    };
  }),
};

function isDropped(name: string, { operations }: Statement): boolean {
  return operations.some((operation) => operation.kind === 'drop-constraint' && operation.name === name);
}

function fixOf(table: TableRef, name: string, statement: Statement, script: Script): string | undefined {
  const definition = definitionOf(table, name, statement, script);
  if (definition === undefined) return undefined;
  const [alter, constraint] = [`ALTER TABLE ${sqlName(table)}`, sqlName({ schema: undefined, name })];
  return [
    `${alter} DROP CONSTRAINT ${constraint};`,
    `${statement.text};`,
    `${alter} ADD CONSTRAINT ${constraint} ${definition} NOT VALID;`,
    inLaterTransaction(statement, script),
    validateSql(table, name),
  ].join('\n');
}

/** `CHECK (length(note) < 10)`, from the schema or from the statement that added it. */
function definitionOf(
  table: TableRef,
  name: string,
  statement: Statement,
  { schema, statements, timeline }: Script,
): string | undefined {
  const added = timeline.last(topic('add-constraint', table, name), statement.before.place);
  if (added) {
    const earlier = statementAt(statements, added.place);
    const written = earlier && commandText(earlier, added.value);
    return written && withoutName(written.slice('ADD'.length).trim()).replace(/\s+NOT\s+VALID$/i, '');
  }
  const known = schema?.tables
    .find((candidate) => tableKey(candidate) === tableKey(table))
    ?.checks.find((check) => check.name === name);
  return known && `CHECK (${known.expression})`;
}
