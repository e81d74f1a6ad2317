import type { ts } from 'ts-morph';
import type { ObjectName } from '../../plan/database-schema.ts';
import type { NameList } from '../barrel-model.ts';
import type { ListSpan } from '../list-edit.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** What the source of a schema holds, as found in one parse of each file. Offsets are those of the file's text. */
export interface SchemaModel {
  readonly files: ReadonlyMap<string, SchemaFile>;
  readonly tables: readonly TableModel[];
  readonly enums: readonly EnumModel[];
  readonly schemas: readonly SchemaObjectModel[];
  readonly creators: readonly CreatorModel[];
  readonly customTypes: readonly CustomTypeModel[];
}

/** `export const users = …`: a declaration at the top of a file. */
export interface Declared {
  readonly file: SchemaFile;
  readonly variable: string;
  readonly variableSpan: Span;
  /** The whole statement, without the comments above it. */
  readonly statement: Span;
  readonly isExported: boolean;
}

/** What makes the table: `pgTable`, an object of pgSchema, a pgTableCreator or a function of the project. */
export type TableFactory =
  | { readonly kind: 'pgTable' }
  | { readonly kind: 'schema'; readonly object: SchemaObjectModel }
  | { readonly kind: 'creator'; readonly creator: CreatorModel };

export interface TableModel extends Declared, ObjectName {
  readonly factory: TableFactory;
  /** The callee as written: `pgTable`, `t.pgTable`, `billing.table`. */
  readonly callee: string;
  readonly call: ts.CallExpression;
  /** The literal with the name; undefined when a variable holds it. */
  readonly nameLiteral: Span | undefined;
}

export interface EnumModel extends Declared, ObjectName {
  /** Undefined when the values are no list of literals (`Object.values(Status)`). */
  readonly values: EnumValues | undefined;
  readonly nameLiteral: Span | undefined;
}

export interface EnumValues extends ListSpan {
  readonly items: readonly (Span & { readonly value: string })[];
}

/** `export const billing = pgSchema('billing')`. */
export interface SchemaObjectModel extends Declared {
  readonly name: string;
}

/**
 * What makes tables by a name of the project's own: `pgTableCreator((name) => `shop_${name}`)`, `const table = app.table`,
 * and functions that call another factory.
 */
export interface CreatorModel extends Declared {
  /** The Postgres schema of its tables. */
  readonly schema: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Undefined where it is called as `pgTable` is, and adds nothing. */
  readonly wrapper: WrapperModel | undefined;
}

/** `const ownedTable = (name, columns) => pgTable(name, { id: …, ...columns })`. */
export interface WrapperModel {
  /** Whether the caller gives columns as the second argument. */
  readonly takesColumns: boolean;
  /** Whether the caller gives indexes and constraints as the third argument. */
  readonly takesExtras: boolean;
  /** What holds the columns that it adds, its callers' own aside. */
  readonly added: readonly AddedColumns[];
  /** It adds indexes, constraints or policies, or row level security. */
  readonly addsExtras: boolean;
}

/** `{ id: …, ...stamps, ...columns }`, or a constant's name, in the file of the function that has it. */
export interface AddedColumns {
  readonly node: ts.Expression;
  readonly file: SchemaFile;
  /** The parameter with the caller's columns. */
  readonly given: string | undefined;
}

/** A `customType` whose dataType() returns a fixed text. */
export interface CustomTypeModel extends Declared {
  readonly dataType: string;
}

/** The columns of a table: the literal that lists them, and how builders are called in it. */
export interface ColumnsModel {
  readonly list: ListSpan;
  readonly columns: readonly ColumnModel[];
  /** Spreads (`...timestamps`), by their place in the list. */
  readonly spreads: readonly { readonly index: number; readonly node: ts.Expression }[];
  readonly builders: BuilderAccess;
}

/** How a column builder is named here: imported one by one, through a namespace or callback parameter, or destructured. */
export type BuilderAccess =
  | { readonly kind: 'named' }
  | { readonly kind: 'prefix'; readonly prefix: string; readonly isCallback: boolean }
  | { readonly kind: 'destructured'; readonly names: NameList };

export interface ColumnModel extends Span {
  /** Its place in the list of properties. */
  readonly index: number;
  readonly key: string;
  readonly keySpan: Span;
  /** The name in the database. */
  readonly name: string;
  readonly nameLiteral: Span | undefined;
  /** Undefined for a shorthand property and for anything that is no chain of calls. */
  readonly chain: CallChain | undefined;
}

/** `varchar('name', { length: 100 }).notNull()`: the first call, and what is chained to it. */
export interface CallChain {
  /** pg-core's `varchar`, without `t.` and whatever the import calls it; the factory's or the enum's own name. */
  readonly root: string;
  readonly rootCall: ts.CallExpression;
  /** The whole chain. */
  readonly value: ts.Expression;
  readonly links: readonly ChainLink[];
}

/** `.notNull()`: from the white space before its dot to its closing parenthesis. */
export interface ChainLink extends Span {
  readonly name: string;
  readonly call: ts.CallExpression;
}

/** The third argument of a table. */
export interface ExtrasModel {
  readonly form: 'object' | 'array';
  /** The callback returns from a block. */
  readonly isBlock: boolean;
  /** The name of the parameter; undefined when it has none or takes it apart. */
  readonly parameter: string | undefined;
  /** Where a parameter is to be written when there is none: between these parentheses. */
  readonly parameters: Span;
  /** Where the callback's return type is written, or would be; a bare parameter first needs its parentheses. */
  readonly signature: { readonly end: number; readonly isTyped: boolean; readonly isBare: boolean };
  readonly list: ListSpan;
  readonly entries: readonly ExtraModel[];
  readonly argument: Span;
}

/** An index, constraint or policy in the third argument. */
export interface ExtraModel extends Span {
  readonly index: number;
  /** Its key in the object form. */
  readonly key: string | undefined;
  readonly chain: CallChain | undefined;
}

/** A table by its real name and where its variable is, in the source as it will be: new and renamed ones included. */
export interface TableRef extends ObjectName {
  readonly path: string;
  readonly variable: string;
}

/** An enum by its real name and where its variable is, in the source as it will be. */
export interface EnumRef extends ObjectName {
  readonly path: string;
  readonly variable: string;
}

/** A foreign key in words of the source: property keys, not names in the database. */
export interface ForeignKeyRef {
  readonly table: TableRef;
  readonly keys: readonly string[];
  readonly target: TableRef;
  readonly targetKeys: readonly string[];
}
