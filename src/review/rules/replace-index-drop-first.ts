import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const replaceIndexDropFirst: Rule = {
  name: 'replace-index-drop-first',
  id: 'IDX-07',
  severity: 'warning',
  reason:
    'Between the drop and the end of the new build every query that needs the index reads the whole table.',
  bad: [
    'DROP INDEX CONCURRENTLY t_a; CREATE INDEX CONCURRENTLY t_a ON t (a, b);',
    'DROP INDEX t_a; CREATE INDEX t_a ON t (a);',
  ],
  good: [
    'CREATE INDEX CONCURRENTLY t_a2 ON t (a); DROP INDEX CONCURRENTLY t_a;',
    'DROP INDEX CONCURRENTLY IF EXISTS t_a; CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);',
    'DROP INDEX x; CREATE INDEX y ON t (a);',
  ],
  *check(script) {
    for (const statement of script.statements) {
      for (const dropped of statement.operations) {
        // IF EXISTS clears the rest of a failed build: there is nothing to miss.
        if (dropped.kind !== 'drop-index' || dropped.ifExists) continue;
        const index = topic('index', dropped.index.name);
        const replacement = script.timeline.next(index, statement.before.place)?.value;
        if (replacement?.kind !== 'create-index' || !isExisting(statement, replacement.table)) continue;
        const name = sqlName(dropped.index);
        yield {
          statement,
          message: `${name} is gone before its replacement on ${sqlName(replacement.table)} is there.`,
          fix: `-- build the new one under another name, drop the old one, then:\nALTER INDEX ${quoteWhereNeeded(`${dropped.index.name}_new`)} RENAME TO ${quoteWhereNeeded(dropped.index.name)};`,
        };
      }
    }
  },
};
