import { resolve } from 'node:path';
import type { UndoOptions } from '../commands/undo.ts';
import { TableplanError } from '../errors.ts';
import { jsonText } from '../report/terminal-text.ts';
import type { CommandRecord } from './command.ts';
import { mayAsk } from './may-ask.ts';
import { PROJECT_OPTIONS, type ProjectFlags } from './options.ts';
import type { Shell } from './shell.ts';

interface UndoFlags extends ProjectFlags {
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly evenIfApplied?: boolean;
  readonly evenIfCommitted?: boolean;
}

export const undo: CommandRecord<UndoFlags> = {
  name: 'undo',
  summary: "undo a run's files and edits, unless they were edited since",
  argument: { name: '[id]', summary: 'the run; the newest one unless given' },
  options: [
    ...PROJECT_OPTIONS,
    { flags: '--list', summary: 'show the runs that can be undone' },
    { flags: '--dry-run', summary: 'show what would be undone, write nothing' },
    { flags: '--even-if-applied', summary: 'undo the files even if a database has run the migration' },
    { flags: '--even-if-committed', summary: 'undo the files even if git has committed them' },
  ],
  examples: ['tableplan undo --list', 'tableplan undo --dry-run'],
  async run([id], flags, shell) {
    const { print, say, signal, color } = shell;
    const [{ listRuns, runUndoCommand }, report] = await Promise.all([
      import('../commands/undo.ts'),
      import('../report/undo.ts'),
    ]);
    const cwd = resolve(flags.cwd);
    if (flags.list) {
      const listed = await listRuns(cwd, flags.config, say);
      print(flags.json ? jsonText(report.reportRuns(listed)) : report.renderRuns(listed));
      return 0;
    }
    const outcome = await runUndoCommand({
      cwd,
      config: flags.config,
      id,
      dryRun: Boolean(flags.dryRun),
      evenIfApplied: Boolean(flags.evenIfApplied),
      evenIfCommitted: Boolean(flags.evenIfCommitted),
      confirm: flags.yes ? undefined : await undoQuestion(flags, shell),
      timeoutMs: flags.timeout,
      say,
      signal,
    });
    print(flags.json ? jsonText(report.reportUndone(outcome)) : report.renderUndone(outcome, { color }));
    return 0;
  },
};

/** Shows what would be undone and asks; where nobody can be asked, `--yes` is needed. */
async function undoQuestion(flags: UndoFlags, { color }: Shell): Promise<UndoOptions['confirm']> {
  if (!mayAsk(flags))
    return () => {
      throw new TableplanError('answer-needed', 'Nobody can be asked here whether to undo the run.', {
        missing: [{ field: 'yes', question: 'Undo the run?', supply: 'tableplan undo --yes' }],
        hint: 'tableplan undo --dry-run shows what would change; --yes does it without asking.',
      });
    };
  const [{ terminalAsker }, { renderUndoQuestion }] = await Promise.all([
    import('../ask/terminal.ts'),
    import('../report/undo.ts'),
  ]);
  const asker = terminalAsker();
  return (outcome) => {
    asker.say(renderUndoQuestion(outcome, { color }));
    return asker.confirm({ message: 'Undo these files?', default: false });
  };
}
