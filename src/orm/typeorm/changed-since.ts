import { stat } from 'node:fs/promises';
import type { LoadedDataSource } from './child/child.ts';

/**
 * Whether a file that a process has loaded, or a folder in which it has looked for some, is another one by now: a run that
 * held the lock meanwhile may have written there. Without the project's own folder, where the lock itself lies.
 */
export async function changedSince({ seen }: Pick<LoadedDataSource, 'seen'>, root: string): Promise<boolean> {
  const looks = Object.entries(seen).filter(([place]) => place !== root);
  const now = await Promise.all(looks.map(([place]) => lookOf(place)));
  return looks.some(([, look], index) => look !== now[index]);
}

/** As `typeorm-sources.cjs` has it. */
async function lookOf(place: string): Promise<string | undefined> {
  const info = await stat(place).catch(() => undefined);
  return info && `${info.ino} ${info.mtimeMs} ${info.isFile() ? info.size : ''}`;
}
