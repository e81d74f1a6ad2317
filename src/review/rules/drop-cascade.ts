import { isMadeBefore, namespaceOf } from '../made-names.ts';
import type { ObjectKind, OperationOf, TableRef } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

type Dropping = OperationOf<'drop-type' | 'drop-object' | 'drop-view'>;

/** What CASCADE takes along without naming it. Measured: a generated column goes with a function that it calls. */
const TAKEN: Partial<Record<ObjectKind, string>> = {
  type: 'every column of that type, with its values',
  domain: 'every column of that domain, with its values',
  extension: 'every column of a type of it, with its values, and what uses its functions',
  function: 'the triggers, policies, defaults, checks, indexes and generated columns that call it',
  procedure: 'what calls it',
  aggregate: 'the views and generated columns that call it',
  operator: 'the indexes, checks and generated columns that use it',
  cast: 'what relies on it',
  collation: 'every column with that collation, with its values',
  sequence: 'the defaults that take their numbers from it: inserts without a value fail',
  view: 'every view that reads it',
  'materialized view': 'its indexes and every view that reads it',
  'foreign table': 'every view that reads it',
  language: 'every function that is written in it',
  server: 'every foreign table on it',
  'foreign data wrapper': 'every server and foreign table that uses it',
};

const LOSES_VALUES: ReadonlySet<ObjectKind> = new Set(['type', 'domain', 'extension', 'collation']);

/** What is dropped with CASCADE, and whether stored values go with it; undefined for what is dropped alone. */
export function droppedWithMore(
  operation: Dropping,
): { readonly what: ObjectKind; readonly object: TableRef; readonly losesValues: boolean } | undefined {
  if (!operation.cascade) return undefined;
  switch (operation.kind) {
    case 'drop-type':
      return { what: 'type', object: operation.type, losesValues: true };
    case 'drop-view': {
      const what = operation.isMaterialized ? 'materialized view' : 'view';
      return { what, object: operation.view, losesValues: false };
    }
    case 'drop-object': {
      const { what, object } = operation;
      return what in TAKEN ? { what, object, losesValues: LOSES_VALUES.has(what) } : undefined;
    }
  }
}

export const dropCascade: Rule = {
  name: 'drop-cascade',
  id: 'TBL-16',
  severity: 'error',
  reason: 'CASCADE drops what depends on the object, and nobody has read the list.',
  bad: [
    'DROP TYPE mood CASCADE;',
    'DROP TYPE IF EXISTS app."Mood", app.size CASCADE;',
    'DROP DOMAIN email CASCADE;',
    'DROP EXTENSION IF EXISTS citext CASCADE;',
    'DROP FUNCTION total(int) CASCADE;',
    'DROP SEQUENCE order_id_seq CASCADE;',
    'DROP VIEW active_users CASCADE;',
    'CREATE OR REPLACE VIEW v AS SELECT 1; DROP VIEW v CASCADE;',
    'DROP MATERIALIZED VIEW totals CASCADE;',
    'DROP COLLATION german CASCADE;',
    'DO $$ BEGIN DROP TYPE IF EXISTS mood CASCADE; END $$;',
  ],
  good: [
    'DROP TYPE mood;',
    'DROP EXTENSION citext;',
    'DROP FUNCTION total(int);',
    "CREATE TYPE mood AS ENUM ('ok'); DROP TYPE mood CASCADE;",
    'CREATE VIEW v AS SELECT 1; DROP VIEW v CASCADE;',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$; DROP FUNCTION f() CASCADE;',
  ],
  check: eachOperation(['drop-type', 'drop-object', 'drop-view'], (operation, statement, script) => {
    const dropped = droppedWithMore(operation);
    if (!dropped) return undefined;
    const { what, object, losesValues } = dropped;
    if (isMadeBefore(object, statement, script, namespaceOf(what))) return undefined;
    return {
      ...(!losesValues && { severity: 'warning' as const }),
      message: `CASCADE also drops ${TAKEN[what]}.`,
      fix: `-- Postgres refuses this and names what depends on ${sqlName(object)}; drop by name what is not needed:\n${withoutCascade(statement.text)};`,
    };
  }),
};

/** CASCADE stands last; that of a statement in a DO block is left to its author. */
function withoutCascade(text: string): string {
  return text.replace(/\s+cascade\s*$/i, '');
}
