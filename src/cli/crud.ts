import type { CommandRecord } from './command.ts';
import { PLAN_OPTIONS, type PlanCommand, type PlanFlags, runAndPrint } from './run-plan.ts';

interface CodeFlags {
  readonly stack?: string | undefined;
  readonly app?: string | undefined;
  readonly authentication?: 'public' | 'protected' | 'admin' | undefined;
  readonly force?: boolean | undefined;
}

/** What `crud` does with a plan. */
export function crudRun({ stack, app, authentication, force }: CodeFlags = {}): PlanCommand {
  return {
    command: 'crud',
    hasAuthentication: authentication !== undefined,
    run: async (options) =>
      (await import('../commands/crud.ts')).runCrudCommand({
        ...options,
        stack,
        app,
        authentication,
        force: Boolean(force),
      }),
  };
}

export const crud: CommandRecord<PlanFlags & CodeFlags> = {
  name: 'crud',
  summary: 'a migration and the code that uses its table, wired in and tested',
  argument: { name: '[plan...]', summary: 'a YAML file, words, or the name of a table that is there' },
  options: [
    ...PLAN_OPTIONS,
    {
      flags: '--stack <name>',
      summary:
        'hono, fastify, express, next, elysia, nestjs, nestjs-drizzle, or one of tableplan/crud/; read from the project unless given',
    },
    { flags: '--app <folder>', summary: 'the package of the application, where several use the schema' },
    {
      flags: '--authentication <who>',
      summary: 'who may use it, by a guard of the project',
      choices: ['public', 'protected', 'admin'],
    },
    { flags: '--force', summary: 'write generated files anew, whatever was edited in them' },
  ],
  examples: ['tableplan crud plans/products.yaml --stack hono --dry-run'],
  run: (words, { stack, app, authentication, force, ...flags }, shell) =>
    runAndPrint(words, flags, shell, crudRun({ stack, app, authentication, force })),
};
