import { effectWords, type StatementEffects } from '../review/statement-effects.ts';
import { codeInCell } from './markdown.ts';

/** What each statement does to tables that were there before, as the cells of a Markdown table. */
export interface EffectsTable {
  /** `Effect`, or `Expected effect` where nothing was rehearsed. */
  readonly heading: string;
  /** Only statements that do something to what was there. */
  readonly rows: readonly { readonly statement: string; readonly effect: string }[];
}

/** Where some statements were observed, the effects of the others are marked as expected. */
export function effectsTable(effects: readonly StatementEffects[]): EffectsTable {
  const isRehearsed = effects.some(({ observed }) => observed);
  return {
    heading: isRehearsed ? 'Effect' : 'Expected effect',
    rows: effects.flatMap((each) => {
      const words = effectWords(each, code).join('; ');
      if (words === '') return [];
      const isExpected = isRehearsed && !each.observed && !each.unknown;
      return [{ statement: code(clipped(each.sql)), effect: isExpected ? `expected: ${words}` : words }];
    }),
  };
}

/** Enough to tell statements apart: the SQL stands above. */
const LONGEST = 72;

function clipped(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function code(text: string): string {
  return `\`${codeInCell(text)}\``;
}
