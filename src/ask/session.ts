import type { Answer, MigrationDraft } from '../pipeline.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { type ParsedPlan, parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { printPlan } from '../plan/print.ts';
import { renderDraft } from '../report/text.ts';
import type { Asker } from './asker.ts';
import { equivalentCommand } from './equivalent.ts';
import { askPlan } from './interview.ts';
import { askAboutFindings } from './findings.ts';
import { refusingAsker } from './refuse.ts';
import { terminalAsker } from './terminal.ts';

export interface Interview {
  ask(schema: DatabaseSchema): Promise<ParsedPlan>;
  /** Shows plan and diff, asks what is to become of each finding that matters, and once before anything is written. */
  confirm(draft: MigrationDraft): Promise<Answer>;
  /** The command that does the same without questions. */
  equivalent(plan: Plan): string;
}

/** The conversation of one run: at a terminal, or one that refuses every question and says what to supply instead. */
export function makeInterview(options: { interactive: boolean; color: boolean }): Interview {
  const decided = new Set<string>();
  const asker: Asker = options.interactive ? terminalAsker() : refusingAsker();
  return {
    async ask(schema) {
      const plan = await askPlan(asker, schema);
      return parsePlan(printPlan(plan), { file: '<interview>' });
    },
    async confirm(draft) {
      asker.say(printPlan(draft.plan.plan));
      asker.say(renderDraft(draft, { color: options.color, diff: true }));
      const decisions = await askAboutFindings(asker, draft, { color: options.color, decided });
      if (decisions.some(({ kind }) => kind !== 'keep')) return decisions;
      return (await asker.confirm({ message: 'Write these files?', default: true })) ? 'write' : 'leave';
    },
    equivalent: (plan) => equivalentCommand(plan, { bin: 'npx tableplan' }),
  };
}
