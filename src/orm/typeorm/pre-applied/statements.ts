import type { Change } from '../../../plan/change.ts';
import type { ObjectName } from '../../../plan/database-schema.ts';
import { quoteIdentifier } from '../../../postgres/quote.ts';

/** What one step of the plan takes, and what takes it back: both in the order in which they run. */
export interface PreAppliedStep extends StepStatements {
  readonly change: Change;
}

export interface StepStatements {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** In words for the record. */
  readonly why: string;
}

/** A table as TypeORM writes it in ALTER TABLE: with its schema only where it is not public. */
export function tableSql({ schema, name }: ObjectName): string {
  return schema === 'public' ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A type as TypeORM writes it: always with its schema. */
export function typeSql({ schema, name }: ObjectName): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

export function alterColumnSql(table: ObjectName, column: string): string {
  return `ALTER TABLE ${tableSql(table)} ALTER COLUMN ${quoteIdentifier(column)}`;
}
