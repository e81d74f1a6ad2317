import type { ts } from 'ts-morph';
import type { SchemaFile, Span } from '../source-file.ts';

/** A decorator as it stands: `@Column({ … })`. */
export interface DecoratorModel extends Span {
  /** As it is written, its `@` included. */
  readonly text: string;
  /** TypeORM's own name for it, whatever the import calls it; else what is written. */
  readonly name: string;
  readonly isTypeorm: boolean;
  /** Undefined when it is not called. */
  readonly call: ts.CallExpression | undefined;
}

/** A property of a class, decorators included, comments before it not. */
export interface MemberModel extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly node: ts.PropertyDeclaration;
  readonly decorators: readonly DecoratorModel[];
  /** Type as written. */
  readonly type: (Span & { readonly text: string }) | undefined;
  /** `!`, `?` or nothing behind the name. */
  readonly mark: '!' | '?' | '';
  /** `public`, `readonly` …, as written. */
  readonly modifiers: string;
}

export interface ClassModel extends Span {
  readonly kind: 'class';
  readonly file: SchemaFile;
  readonly name: string;
  readonly node: ts.ClassDeclaration;
  readonly decorators: readonly DecoratorModel[];
  readonly members: readonly MemberModel[];
  readonly isDefaultExport: boolean;
  /** Offset behind the opening brace. */
  readonly bodyStart: number;
}

/** `export const OrderSchema = new EntitySchema<Order>({ … })`. */
export interface SchemaObjectModel extends Span {
  readonly kind: 'schema';
  readonly file: SchemaFile;
  /** The variable. */
  readonly variable: string;
  /** Its `name` option. */
  readonly name: string;
  readonly options: ts.ObjectLiteralExpression;
  /** `Order` in `EntitySchema<Order>`. */
  readonly typeName: string | undefined;
  readonly typeNode: ts.TypeNode | undefined;
}

export type EntitySource = ClassModel | SchemaObjectModel;
