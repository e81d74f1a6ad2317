import type { CommandRecord } from './command.ts';
import { completion } from './completion.ts';
import { crud } from './crud.ts';
import { docs } from './docs.ts';
import { explain } from './explain.ts';
import { init } from './init.ts';
import { migration } from './migration.ts';
import { rehearse } from './rehearse.ts';
import { review } from './review.ts';
import { undo } from './undo.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandRecord[] = [
  migration,
  crud,
  undo,
  rehearse,
  review,
  docs,
  explain,
  completion,
  init,
];
