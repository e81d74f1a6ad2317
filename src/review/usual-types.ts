import type { ColumnDef, DatabaseSchema, TableDef } from '../plan/database-schema.ts';
import { type PgType, parseType, SqlFragmentError } from '../postgres/sql.ts';

/** A column of the schema with its type, read. */
export interface UsualColumn {
  readonly type: PgType;
  readonly column: ColumnDef;
  readonly isKey: boolean;
}

/** Which columns could have either of two types, and which of them have the one. */
export interface TypeChoice {
  /** The same for every choice between the same two. */
  readonly name: string;
  readonly own: (column: UsualColumn) => boolean;
  readonly other: (column: UsualColumn) => boolean;
}

/**
 * Whether a project has chosen a type: more columns of its schema have it than have the type that a rule would like better.
 * A schema that is not known has chosen nothing.
 */
export function isUsual(schema: DatabaseSchema | undefined, { name, own, other }: TypeChoice): boolean {
  if (schema === undefined) return false;
  const { columns, chosen } = known.get(schema) ?? { columns: readColumns(schema), chosen: new Map() };
  known.set(schema, { columns, chosen });
  const answer = chosen.get(name) ?? columns.filter(own).length > columns.filter(other).length;
  chosen.set(name, answer);
  return answer;
}

/** Each type of each statement asks. */
const known = new WeakMap<
  DatabaseSchema,
  { readonly columns: readonly UsualColumn[]; readonly chosen: Map<string, boolean> }
>();

function readColumns({ tables }: DatabaseSchema): UsualColumn[] {
  const types = new Map<string, PgType | undefined>();
  const typeOf = (text: string): PgType | undefined => {
    if (!types.has(text)) types.set(text, read(text));
    return types.get(text);
  };
  return tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      const type = typeOf(column.type);
      return type === undefined || type.arrayDims > 0 ? [] : [{ type, column, isKey: isKey(table, column) }];
    }),
  );
}

function isKey({ primaryKey }: TableDef, { name }: ColumnDef): boolean {
  return primaryKey?.columns.includes(name) ?? false;
}

/** A snapshot may have what is no type, such as the name of an enum with spaces. */
function read(text: string): PgType | undefined {
  try {
    return parseType(text);
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}
