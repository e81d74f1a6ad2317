import { defineConfig } from 'vitest/config';
import { KILLS, MATRIX } from './test/matrix-files.ts';

/** For what hangs: a machine that others share takes four times as long as it does alone. */
const shared = { testTimeout: 600_000, hookTimeout: 900_000, unstubEnvs: true, restoreMocks: true };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          // Each file would load the parser, the compiler and the rest anew: twice the time of all. Tests leave nothing behind in the
          // process: no changed folder, no variable, no open database.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/projects/**', ...MATRIX],
          globalSetup: ['test/empty-databases.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'matrix',
          include: [...MATRIX],
          globalSetup: ['test/empty-databases.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: KILLS,
          globalSetup: ['test/e2e/consumer-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'kills',
          include: KILLS,
          globalSetup: ['test/e2e/consumer-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'projects',
          include: ['test/projects/**/*.test.ts'],
          globalSetup: ['test/empty-databases.ts', 'test/projects/tools-setup.ts'],
        },
      },
    ],
  },
});
