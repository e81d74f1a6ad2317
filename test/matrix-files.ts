/**
 * The slow matrices: every framework, both TypeORM generations, four majors of Postgres, hostile repositories, mutants, kills. Globs below the
 * repository. `npm run test:matrix` runs them, with the whole projects of `test/projects/`; `npm test` does without.
 */
export const MATRIX: readonly string[] = [
  'test/hostile/*.test.ts',
  'test/crud/{closed-applications,monorepo,proven-types,second-run,server-columns}.test.ts',
  'test/crud/{elysia,express,fastify,next}*.test.ts',
  'test/crud/{hono,nestjs}*.test.ts',
  'test/completion/help-examples.test.ts',
  'test/contribute.test.ts',
  'test/round-trip/*.test.ts',
  'test/both-orms.test.ts',
  'test/postgres/engines/{majors,limited-engines}.test.ts',
  'test/commands/{rehearse,review}-typeorm.test.ts',
  'test/orm/typeorm/*.test.ts',
  'test/workspace/crash.test.ts',
  'test/rehearse/mutants.test.ts',
  'test/review/linear.test.ts',
];

/** Kills of the installed package at every moment, and at every question: of the matrix too, with the setup of the end-to-end tests. */
export const KILLS = ['test/e2e/kill.test.ts', 'test/e2e/interview-left.test.ts'];
