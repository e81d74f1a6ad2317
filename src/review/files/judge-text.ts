import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { newTablesAfter } from '../new-tables.ts';
import { review } from '../review.ts';
import { rules } from '../rules/index.ts';
import type { Judged, JudgeOptions, RuleInfo } from './judged.ts';

export { loadSqlParser } from '../../postgres/sql.ts';

const BY_NAME: ReadonlyMap<string, RuleInfo> = new Map<string, RuleInfo>([
  ...rules.map(({ name, id, reason }): [string, RuleInfo] => [name, { id, reason }]),
  [
    'allow-without-reason',
    { reason: 'What is let pass is looked at again one day: by then the reason is needed.' },
  ],
]);

/** Reviews a text. Needs `loadSqlParser`; loading this module loads every rule. */
export function judgeText(
  sql: string,
  options: JudgeOptions & {
    readonly newTables: readonly string[];
    /** Before it, where that is known. */
    readonly schema: DatabaseSchema | undefined;
    /** Another file of the batch follows. */
    readonly isFollowed: boolean;
  },
): Judged {
  const { newTables, isFollowed, ...target } = options;
  const { findings, allowed, script } = review(sql, {
    ...target,
    newTables,
  });
  const names = new Set([...findings, ...allowed].map(({ rule }) => rule));
  return {
    findings,
    allowed,
    newTables: isFollowed ? newTablesAfter(script, newTables) : [],
    rules: Object.fromEntries([...names].map((name) => [name, BY_NAME.get(name) ?? { reason: '' }])),
  };
}
