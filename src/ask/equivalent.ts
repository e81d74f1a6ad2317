import { deriveMigrationName } from '../plan/migration-name.ts';
import { printWords } from '../plan/print-words.ts';
import { printPlan } from '../plan/print.ts';
import type { Plan } from '../plan/plan.ts';
import type { WordsContext } from '../plan/words.ts';

/**
 * The command (`bin` with its subcommand) that does the same without a conversation: words where the plan can be said so
 * in a project with the tables of `context`, else the plan as a file.
 */
export function equivalentCommand(
  plan: Plan,
  options: { bin: string; context?: WordsContext | undefined },
): string {
  const words = printWords(plan, options.context);
  if (words !== undefined) return `The same without questions:\n  ${options.bin} ${words}`;
  const file = `${deriveMigrationName(plan).replaceAll('_', '-')}.yaml`;
  return `The same without questions: save this as ${file}, then\n  ${options.bin} ${file}\n\n${printPlan(plan)}`;
}
