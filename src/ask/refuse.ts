import { TableplanError } from '../errors.ts';
import type { Asker } from './asker.ts';

/** Nobody is there to be asked: every question ends the run, with what to type instead. */
export function refusingAsker(): Asker {
  const refuse = (): never => {
    throw new TableplanError(
      'answer-needed',
      'There is no plan, and nobody can be asked for one here (no terminal, CI, or --no-input).',
      {
        missing: [
          {
            field: 'plan',
            question: 'What do you want to change?',
            supply: "tableplan migration plan.yaml   (or words: tableplan migration products 'price:int!')",
          },
        ],
        hint: 'Give a plan as a file or as words.',
      },
    );
  };
  return {
    input: async () => refuse(),
    select: async () => refuse(),
    checkbox: async () => refuse(),
    confirm: async () => refuse(),
    say: () => undefined,
  };
}
