import type { EnumDef, ObjectName } from '../../plan/database-schema.ts';
import { type Quote, stringLiteral } from '../literals.ts';
import type { Editing } from './editing.ts';
import type { EnumDeclaration } from './enum-source.ts';

/** An enum of the database as a source has it. */
export interface EnumRef extends ObjectName {
  readonly values: readonly string[];
  /** Where a declaration of its own holds it. */
  readonly declared?: { readonly path: string; readonly name: string } | undefined;
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
export function inlineValues({ values }: Pick<EnumDef, 'values'>, quote: Quote): string {
  return `[${values.map((value) => stringLiteral(value, quote)).join(', ')}]`;
}

/** An enum whose values stand in the column itself. */
export function inlineRef(name: ObjectName, values: readonly string[], editing: Editing): EnumRef {
  return {
    ...name,
    values,
    useIn: (path) => {
      const { quote } = editing.style(path);
      return {
        expression: inlineValues({ values }, quote),
        type: values.map((value) => stringLiteral(value, quote)).join(' | '),
        member: () => undefined,
      };
    },
  };
}

type DeclaredEnum = Pick<EnumDeclaration, 'form' | 'name' | 'members' | 'hasType'> & {
  readonly file: { readonly path: string };
};

/** An enum that a declaration holds. */
export function declaredRef(name: ObjectName, declaration: DeclaredEnum, editing: Editing): EnumRef {
  const { form, members } = declaration;
  return {
    ...name,
    values: members.map(({ value }) => value),
    declared: { path: declaration.file.path, name: declaration.name },
    useIn: (path) => {
      const local = editing.needImport(path, {
        from: { path: declaration.file.path },
        name: declaration.name,
      });
      const isNamed = form === 'enum' || declaration.hasType;
      const type = isNamed
        ? local
        : form === 'list'
          ? `(typeof ${local})[number]`
          : `(typeof ${local})[keyof typeof ${local}]`;
      return {
        expression: local,
        type,
        member: (value) => {
          const member = members.find((each) => each.value === value);
          return member === undefined || form === 'list' ? undefined : `${local}.${member.name}`;
        },
      };
    },
  };
}
