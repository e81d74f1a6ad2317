import { toCase, toIdentifier } from '../case.ts';
import { stringLiteral } from '../literals.ts';
import type { FileStyle } from '../source-file.ts';
import type { EnumDeclaration, EnumForm } from './enum-source.ts';
import { majority } from './vote.ts';

export type MemberCase = 'pascal' | 'upper' | 'as-is';

/** How a value's member is called among members like these. */
export function memberCase(declarations: readonly EnumDeclaration[]): MemberCase {
  const members = declarations.flatMap((each) => each.members);
  const votes = members.map(({ name, value }): MemberCase | undefined => {
    if (name === upper(value)) return name === value ? undefined : 'upper';
    if (name === value) return 'as-is';
    return name === toCase(value, 'pascal') ? 'pascal' : undefined;
  });
  // `ADMIN = 'ADMIN'` may be either, and shows that members are in capitals.
  const isUpper = members.some(({ name, value }) => name === value && name === upper(value));
  return majority(votes) ?? (isUpper ? 'upper' : 'pascal');
}

function upper(value: string): string {
  return toCase(value, 'snake').toUpperCase();
}

/** A member's name for a value. */
export function memberName(value: string, memberCaseOf: MemberCase): string {
  const name =
    memberCaseOf === 'pascal' ? toCase(value, 'pascal') : memberCaseOf === 'upper' ? upper(value) : value;
  return toIdentifier(name === '' ? 'Empty' : name);
}

/** One member as it stands in its list. */
export function memberText(
  form: EnumForm,
  value: string,
  name: string,
  { quote }: Pick<FileStyle, 'quote'>,
): string {
  const literal = stringLiteral(value, quote);
  switch (form) {
    case 'enum':
      return `${name} = ${literal}`;
    case 'object':
      return `${name}: ${literal}`;
    case 'list':
      return literal;
  }
}

/** A whole declaration. */
export function enumText(
  form: EnumForm,
  name: string,
  values: readonly string[],
  { style, members }: { readonly style: FileStyle; readonly members: MemberCase },
): string {
  const { eol, indent, semicolon, trailingComma } = style;
  const lines = values.map(
    (value) => `${indent}${memberText(form, value, memberName(value, members), style)}`,
  );
  const body = `${eol}${lines.join(`,${eol}`)}${trailingComma}${eol}`;
  switch (form) {
    case 'enum':
      return `export enum ${name} {${body}}`;
    case 'object':
      return [
        `export const ${name} = {${body}} as const${semicolon}`,
        `export type ${name} = (typeof ${name})[keyof typeof ${name}]${semicolon}`,
      ].join(eol);
    case 'list':
      return `export const ${name} = [${body}] as const${semicolon}`;
  }
}
