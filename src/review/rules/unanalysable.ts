import type { Rule, Statement } from '../rule.ts';
import { sqlName } from '../print.ts';

/** As git writes them. */
const MARKERS = /^(?:<{7}|={7}|>{7})(?: |$)/m;

function reasonOf({ unreadable, operations }: Statement): string | undefined {
  if (unreadable !== undefined) return unreadable;
  const call = operations.find((operation) => operation.kind === 'call' && !operation.isKnown);
  return call?.kind === 'call' ? `what ${sqlName(call.procedure)} does is not in this file` : undefined;
}

export const unanalysable: Rule = {
  name: 'unanalysable',
  id: 'TX-09',
  severity: 'warning',
  reason: 'What cannot be read cannot be judged: a lock, a rewrite or a loss of data in it goes unseen.',
  bad: [
    "DO $$ DECLARE x text; BEGIN EXECUTE 'DROP TABLE ' || x; END $$;",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables LOOP EXECUTE format('ALTER TABLE %I ADD a int', r.tablename); END LOOP; END $$;",
    'ALTER TABEL users ADD a int;',
    'SELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n=======\nSELECT 3;\n>>>>>>> other\n',
    "DO LANGUAGE plperl $$ spi_exec_query('DROP TABLE users'); $$;",
    'DO $$ BEGIN ALTER TABEL users ADD a int; END $$;',
    'CALL app.backfill(1000);',
    'CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE t; END $$; SELECT f($q$DROP TABLE users$q$);',
  ],
  good: [
    'DO $$ BEGIN ALTER TABLE users ADD a int; EXCEPTION WHEN duplicate_column THEN NULL; END $$;',
    "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'users ADD a int'; EXECUTE format('DROP TABLE %I', 'Old users'); END $$;",
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = $q$mood$q$) THEN CREATE TYPE mood AS ENUM ('ok'); END IF; END $$;",
    'SELECT 1;',
    "DO $$ DECLARE q text := 'DROP TABLE users'; BEGIN EXECUTE q; END $$;",
    'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; END $$; CALL p(); CALL p();',
    'DO $$ BEGIN PERFORM 1; END $$;',
    'CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE t; END $$;',
  ],
  *check({ statements }) {
    const conflict = statements.find(
      ({ unreadable, text }) => unreadable !== undefined && MARKERS.test(text),
    );
    if (conflict) {
      yield {
        statement: conflict,
        severity: 'error',
        message: 'The file has the markers of a merge conflict: it is no SQL.',
      };
    }
    for (const statement of statements) {
      const reason = reasonOf(statement);
      // One conflict breaks several statements.
      if (reason === undefined || (conflict && statement.unreadable !== undefined)) continue;
      const isSeen = statement.facts !== undefined && statement.facts.sqlstate === undefined;
      yield {
        statement,
        message: isSeen
          ? `Only the rehearsal has judged it, on invented rows: ${reason}.`
          : `It cannot be judged: ${reason}.`,
        // What Postgres refuses is to be corrected, not allowed.
        fix:
          statement.operations.length === 0
            ? undefined
            : `-- tableplan:allow unanalysable <why it is safe>\n${statement.text};`,
        ...(isSeen && { severity: 'info' as const, observed: true }),
      };
    }
  },
};
