import type { CommandRecord } from './command.ts';
import { PLAN_OPTIONS, type PlanCommand, type PlanFlags, runAndPrint } from './run-plan.ts';

export const migrationRun: PlanCommand = {
  command: 'migration',
  run: async (options) => (await import('../commands/migration.ts')).runMigrationCommand(options),
};

export const migration: CommandRecord<PlanFlags> = {
  name: 'migration',
  summary: 'schema edit, migration, rollback script and record from a plan',
  argument: { name: '[plan...]', summary: 'a YAML file, or words: products price:int!=0:index' },
  options: PLAN_OPTIONS,
  examples: [
    'tableplan migration plans/products.yaml --diff',
    "tableplan migration users 'phone:varchar(30)' --dry-run",
  ],
  run: (words, flags, shell) => runAndPrint(words, flags, shell, migrationRun),
};
