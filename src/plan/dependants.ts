import { displayName, type ObjectName } from './database-schema.ts';

/** What stands on a table or its columns, and has no words in a plan. */
export interface Dependant {
  readonly kind: 'view' | 'materialized view' | 'policy' | 'trigger' | 'rule' | 'generated column';
  readonly name: string;
  /** The table that a policy, trigger or column belongs to. */
  readonly of?: ObjectName | undefined;
  readonly standsOn: readonly StandsOn[];
}

export interface StandsOn {
  readonly table: ObjectName;
  /** `all`: the table as a whole. */
  readonly columns: readonly string[] | 'all';
}

/** `view titles`, `policy mine of docs`. */
export function dependantName({ kind, name, of }: Dependant): string {
  return `${kind} ${name}${of === undefined ? '' : ` of ${displayName(of)}`}`;
}

/** What to do about objects that keep a column or a table from changing. */
export function detour(dependants: readonly Dependant[]): string {
  const generated = dependants.filter(({ kind }) => kind === 'generated column');
  const others = dependants.filter(({ kind }) => kind !== 'generated column');
  const names = (list: readonly Dependant[]) => list.map(dependantName).join(', ');
  const them = (list: readonly Dependant[]) => (list.length === 1 ? 'it' : 'them');
  return [
    ...(others.length === 0
      ? []
      : [
          `Drop ${names(others)} in a migration before this one (take ${them(others)} out of the schema source and generate it; by hand where only a migration has ${them(others)}), run this plan again, and create ${them(others)} anew in a migration after it.`,
        ]),
    ...(generated.length === 0
      ? []
      : [
          `Drop ${names(generated)} in the same plan (drop_columns), and add ${them(generated)} by a plan after it: the values are computed anew.`,
        ]),
  ].join('\n');
}
