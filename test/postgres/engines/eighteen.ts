import { startEmbedded } from '../../../src/postgres/engines/embedded.ts';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';

/** The engines that must give the same answers: tests run one body on each. */
export const EIGHTEEN: readonly (readonly [name: string, start: () => Promise<Engine>])[] = [
  ['PGlite', () => startPglite()],
  ['embedded 18', () => startEmbedded({ version: 18 })],
];
