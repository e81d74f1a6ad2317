import type { Answer, CodeOutcome, MigrationDraft, PlanSource } from '../pipeline.ts';
import type { ObjectName } from '../plan/database-schema.ts';
import { NO_PLAN, parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { printPlan } from '../plan/print.ts';
import type { WordsContext } from '../plan/words.ts';
import { wordsContext } from '../plan/words/context.ts';
import { renderCode } from '../report/text.ts';
import type { Asker } from './asker.ts';
import { equivalentCommand } from './equivalent.ts';
import { askDomain, askPlan } from './interview.ts';
import { askAboutDraft } from './preview.ts';
import { refusingAsker } from './refuse.ts';
import { terminalAsker } from './terminal.ts';

export interface Interview {
  /** Tables that are there, for which only code is wanted; filled by `ask`. */
  readonly existing: readonly ObjectName[];
  ask: PlanSource;
  /** Shows what would be written and what was found, and asks what to do with it. */
  confirm(draft: MigrationDraft): Promise<Answer>;
  /** Shows code for a table that is there, and asks once before it is written. */
  confirmCode(drafted: CodeOutcome): Promise<boolean>;
  /** Which of the stacks that fit the project the code is to be written for. */
  askStack(question: string, names: readonly string[]): Promise<string>;
  /** The command that does the same without questions. */
  equivalent(plan: Plan): string;
}

/** The conversation of one run: at a terminal, or one that refuses every question and says what to supply instead. */
export function makeInterview(options: {
  readonly command: 'migration' | 'crud';
  readonly interactive: boolean;
  readonly color: boolean;
}): Interview {
  const existing: ObjectName[] = [];
  let context: WordsContext | undefined;
  const asker: Asker = options.interactive ? terminalAsker() : refusingAsker();
  return {
    existing,
    async ask(schema, _earlier, names) {
      context = wordsContext(schema, names);
      const answer =
        options.command === 'crud' ? await askDomain(asker, schema) : await askPlan(asker, schema);
      if (!('documents' in answer)) {
        existing.push(answer);
        return NO_PLAN;
      }
      const plan = answer;
      return parsePlan(printPlan(plan), { file: '<interview>', byField: true });
    },
    confirm: (draft) => askAboutDraft(asker, draft, options),
    confirmCode(drafted) {
      asker.say(renderCode(drafted, { color: options.color, diff: true }));
      return asker.confirm({ message: 'Write these files?', default: true });
    },
    askStack: (question, names) =>
      asker.select({ message: question, choices: names.map((name) => ({ name, value: name })) }),
    equivalent: (plan) => equivalentCommand(plan, { bin: `npx tableplan ${options.command}`, context }),
  };
}
