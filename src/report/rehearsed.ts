import type { RehearseOutcome } from '../commands/rehearse.ts';
import { describeCompared, ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { effectWords } from '../review/statement-effects.ts';
import { clippedLine } from './clipped.ts';
import { worst } from './findings.ts';
import { renderNotices } from './notices.ts';
import { renderRulesOff } from './rules-off.ts';
import { type Colors, createColors } from './terminal-text.ts';
import { renderUnproven } from './unproven.ts';

/** A rehearsed migration for people. */
export function renderRehearsed(outcome: RehearseOutcome, options: { color: boolean }): string {
  const colors = createColors(options.color);
  const { stopping } = outcome;
  const isSql = outcome.file.endsWith('.sql');
  const missing = outcome.notRehearsed
    ? '; it was not rehearsed'
    : outcome.notCompared
      ? '; its result was not compared'
      : '';
  const without = isSql ? ' (no rollback script)' : ' (no `down`)';
  return [
    ...renderUnproven(outcome, colors),
    `${colors.bold(outcome.migration)}${outcome.rollbackFile === undefined ? without : ''}`,
    ...renderRehearsal(outcome.rehearsal, colors),
    ...renderNotices(outcome.findings, colors),
    ...renderRulesOff(outcome.rulesOff, colors),
    stopping.length === 0
      ? `${colors.green('✔')} Nothing stops it${missing}.`
      : `${colors.red('Stopped')} by ${stopping.length} ${stopping.length === 1 ? 'finding' : 'findings'}. If this is intentional, write above the ${isSql ? 'statement: --' : 'call: //'} tableplan:allow ${worst(stopping)?.rule} the reason`,
  ].join('\n');
}

/** What the rehearsal came to, and the locks that it saw. */
export function renderRehearsal(rehearsal: Rehearsal | undefined, colors: Colors): string[] {
  if (!rehearsal) return [];
  const { engine, version, up, down, again, rollback, seeded } = rehearsal;
  const dump =
    seeded.length === 0
      ? ''
      : `, with rows of ${seeded.length} ${seeded.length === 1 ? 'table' : 'tables'} from the dump`;
  const step = (name: string, outcome: string): string =>
    outcome === 'ok'
      ? colors.green(`${name} ✔`)
      : outcome === 'failed'
        ? colors.red(`${name} ✖`)
        : `${name} –`;
  const effects = rehearsal.statements.flatMap((statement) => {
    const words = effectWords({ ...statement, unknown: false });
    return words.length === 0 ? [] : [`  ${colors.dim(firstLine(statement.sql))}`, `    ${words.join(', ')}`];
  });
  return [
    `${colors.bold('Rehearsed')} on ${engine}, PostgreSQL ${version}${dump}: ${step('up', up)}, ${step('down', down)}, ${step('up again', again)}; rollback ${rollback}${basisOf(rehearsal)}`,
    ...rehearsal.limits.map((limit) => `  rollback: ${limit}`),
    ...effects,
    ...rehearsal.indexes.map(
      ({ index, used }) => `  ${index} ${used ? 'is proven usable' : 'is not used by a search'} (EXPLAIN)`,
    ),
    '',
  ];
}

/** What the label of a rollback rests on; empty where none was compared. */
function basisOf({ compared, rollback }: Rehearsal): string {
  if (!compared || rollback === 'irreversible') return '';
  return `: ${describeCompared(compared)} compared; it holds for ${ROLLBACK_HOLDS_FOR}`;
}

function firstLine(sql: string): string {
  const [line = ''] = sql.split('\n');
  return clippedLine(line, 100);
}
