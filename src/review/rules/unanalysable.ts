import type { Rule } from '../rule.ts';

export const unanalysable: Rule = {
  name: 'unanalysable',
  id: 'TX-09',
  severity: 'warning',
  reason: 'What cannot be read cannot be judged.',
  bad: ["DO $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;", 'ALTER TABEL users ADD a int;'],
  good: [
    'DO $$ BEGIN ALTER TABLE users ADD a int; EXCEPTION WHEN duplicate_column THEN NULL; END $$;',
    'SELECT 1;',
    'DO $$ BEGIN PERFORM 1; END $$;',
  ],
  *check({ statements }) {
    for (const statement of statements) {
      if (statement.unreadable === undefined) continue;
      yield {
        statement,
        message: `It cannot be judged: ${statement.unreadable}.`,
        fix: '-- rehearse it, and allow it by name with a reason:\n-- tableplan:allow unanalysable …',
      };
    }
  },
};
