import { CommanderError } from 'commander';
import { TableplanError } from '../errors.ts';

/**
 * Everything that is thrown as tableplan's own error, its paths as seen from the folder that the command works in; undefined
 * where commander only showed its help or version.
 */
export async function failureOf(
  cause: unknown,
  { isInterrupted, folder }: { readonly isInterrupted: boolean; readonly folder: string },
): Promise<TableplanError | undefined> {
  const error = asTableplanError(cause, isInterrupted);
  if (error === undefined) return undefined;
  const [{ shownError }, { realpath }] = await Promise.all([
    import('../project/shown-paths.ts'),
    import('node:fs/promises'),
  ]);
  const real = await realpath(folder).catch(() => folder);
  return shownError(shownError(error, real), folder);
}

function asTableplanError(cause: unknown, isInterrupted: boolean): TableplanError | undefined {
  // Interrupted, drizzle-kit is ended too: whatever fails then fails because of it.
  const isSaid = cause instanceof TableplanError && cause.code === 'interrupted';
  if (isInterrupted && !isSaid) return new TableplanError('interrupted', 'Interrupted.');
  if (cause instanceof TableplanError) return cause;
  if (cause instanceof CommanderError) {
    return cause.exitCode === 0
      ? undefined
      : new TableplanError('usage', cause.message.replace(/^error: /, ''), {
          hint: 'See tableplan --help.',
        });
  }
  return new TableplanError(
    'internal',
    `tableplan failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'Nothing was written. This is an error of tableplan: please report it with the plan.',
      cause,
    },
  );
}
