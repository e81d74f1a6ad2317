import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 120_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/projects/**'],
          globalSetup: ['test/empty-databases.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/consumer-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'projects',
          include: ['test/projects/**/*.test.ts'],
          globalSetup: ['test/empty-databases.ts', 'test/projects/lint-setup.ts'],
        },
      },
    ],
  },
});
