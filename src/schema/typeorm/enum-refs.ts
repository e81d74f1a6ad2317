import type { EnumDef, ObjectName } from '../../plan/database-schema.ts';

/** An enum of the database as a source has it. */
export interface EnumRef extends ObjectName {
  readonly values: readonly string[];
  /** `enum:` and the property's type, as this file has them; imports it. */
  useIn(path: string): {
    readonly expression: string;
    readonly type: string;
    /** The member with this value: `Status.Active`; undefined when there is none to name. */
    readonly member: (value: string) => string | undefined;
  };
}

/** The name that TypeORM gives a column's enum type when none is written. */
export function derivedEnumName(table: string, column: string): string {
  return `${table}_${column}_enum`.toLowerCase();
}

/** Finds enums by their names in the database. */
export type FindEnum = (name: ObjectName) => EnumRef | undefined;

/** A list of values as an array literal of the source. */
export function inlineValues({ values }: Pick<EnumDef, 'values'>, quote: "'" | '"'): string {
  return `[${values.map((value) => `${quote}${value}${quote}`).join(', ')}]`;
}
