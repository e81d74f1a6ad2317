import type { Finding } from '../../review/finding.ts';
import type { LoadedDataSource, TypeormMigration } from './child/child.ts';

/**
 * A class that says how it is to be run, in a project that runs all its migrations in one transaction: TypeORM then runs
 * none of them (`ForbiddenTransactionModeOverrideError`, also for `transaction = true`).
 */
export function forbiddenOverride(
  { transactionMode }: Pick<LoadedDataSource, 'transactionMode'>,
  { name, transaction }: Pick<TypeormMigration, 'transaction'> & { readonly name: string | undefined },
): Pick<Finding, 'rule' | 'severity' | 'message' | 'fix'> | undefined {
  if (transactionMode !== 'all' || transaction === undefined) return undefined;
  return {
    rule: 'forbidden-tx-override',
    severity: 'error',
    message: `${name ?? 'The class'} says \`transaction = ${transaction}\`, and the project runs all pending migrations in one transaction: TypeORM refuses the whole batch.`,
    fix: "migrationsTransactionMode: 'each' in the data source (or -t each)",
  };
}
