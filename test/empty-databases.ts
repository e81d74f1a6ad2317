import { join } from 'node:path';
import { EXTENSIONS } from '../src/orm/typeorm/shadow-host.ts';
import { historyKeys, startFrom } from '../src/rehearse/kept-history.ts';

/** Where projects that share this repository's packages keep replayed histories, as a user's project does. */
export const CACHE = join(process.cwd(), 'node_modules/.cache/tableplan');

/**
 * Makes the empty databases that tests start from, once: what a project has after its first run. A start from nothing
 * costs three times as much CPU, and each test has a project of its own.
 */
export default async function setup(): Promise<void> {
  for (const extensions of [[], EXTENSIONS]) {
    const cache = { cacheFolder: CACHE, keep: true };
    const { engine } = await startFrom(historyKeys([], extensions), { extensions }, cache);
    await engine.close();
  }
}
