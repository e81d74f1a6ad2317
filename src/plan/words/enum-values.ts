import { toSnakeCase } from '../migration-name.ts';
import type { ModifyEnumDocument } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { refuseRest } from './build.ts';
import { missing, type Pattern, refusal, type Request, type Understood, type WordsEnum } from './request.ts';
import { tablesNamed } from './tables.ts';

/** `AddGuestToRole`, `AddValuesToRoleEnum guest visitor`: new values at the end of an enum. */
export const addEnumValues: Pattern = (request) => {
  const found = request.tokens[0] === 'add' ? needSplit(request, ['to']) : undefined;
  if (found === undefined) return undefined;
  const values = labelsOf(request, found);
  return changingEnum(request, found.enum, { add_values: values.map((value) => ({ value })) }, (index) => [
    'add_values',
    index,
    'value',
  ]);
};

/** `RemoveGuestFromRole`. */
export const removeEnumValues: Pattern = (request) => {
  const removes = ['remove', 'drop', 'delete'].includes(request.tokens[0] ?? '');
  const found = removes ? splitAtEnum(request, ['from']) : undefined;
  if (found === undefined) return undefined;
  const values =
    request.rest.length > 0 ? labelsOf(request, found) : [needLabel(found.left, found.enum, request.first)];
  return changingEnum(request, found.enum, { drop_values: values }, (index) => ['drop_values', index]);
};

/** `RenameGuestToVisitorInRole`. */
export const renameEnumValue: Pattern = (request) => {
  const found = request.tokens[0] === 'rename' ? needSplit(request, ['in', 'of']) : undefined;
  const cut = found?.left.indexOf('to') ?? -1;
  if (found === undefined || cut < 1 || cut === found.left.length - 1) return undefined;
  refuseRest(request);
  const from = needLabel(found.left.slice(0, cut), found.enum, request.first);
  const to = found.left.slice(cut + 1).join('_');
  if (!isPlain(found.enum)) {
    throw refusal(
      request.first,
      `how is "${to}" written as a value of ${found.enum.name}? It has ${found.enum.values.join(', ')}`,
      `Write a plan: {migration_type: modify_enum, enum_name: ${found.enum.name}, changes: {rename_values: [{from: ${JSON.stringify(from)}, to: …}]}}.`,
    );
  }
  return changingEnum(request, found.enum, { rename_values: [{ from, to }] });
};

interface EnumSplit {
  readonly left: readonly string[];
  readonly enum: WordsEnum;
}

/**
 * Cuts at the last of these prepositions behind which an enum's name stands, with or without `enum`. A table of that name
 * goes first. Throws where two schemas have the enum.
 */
function splitAtEnum(request: Request, prepositions: readonly string[]): EnumSplit | undefined {
  const { tables, enums = [] } = request.context;
  const cut = cutAt(request, prepositions);
  if (cut === undefined || tablesNamed(cut.full, tables).length > 0) return undefined;
  const found = enumsNamed([cut.name, cut.full], enums);
  if (found.length > 1) {
    throw refusal(
      request.first,
      `"${cut.name.join('_')}" can mean ${found.map(({ schema, name }) => `${schema}.${name}`).join(' and ')}`,
      'Write the plan as YAML, with schema: …',
    );
  }
  return found[0] && { left: cut.left, enum: found[0] };
}

/** Like `splitAtEnum`, where the name ends in `Enum` and there must be one. Throws with the near names. */
function needSplit(request: Request, prepositions: readonly string[]): EnumSplit | undefined {
  const split = splitAtEnum(request, prepositions);
  const cut = cutAt(request, prepositions);
  const { tables, enums = [] } = request.context;
  if (split || request.tokens.at(-1) !== 'enum' || !cut || tablesNamed(cut.full, tables).length > 0)
    return split;
  const name = cut.name.join('_');
  throw refusal(
    request.first,
    `there is no enum "${name}"`,
    didYouMean(
      name,
      enums.map((item) => item.name),
    ),
  );
}

/** What stands before and behind the preposition; `full` is the name with the `enum` at its end, if there is one. */
function cutAt({ tokens }: Request, prepositions: readonly string[]) {
  const named = tokens.slice(1);
  const cut = named.findLastIndex(
    (token, index) => index > 0 && index < named.length - 1 && prepositions.includes(token),
  );
  if (cut === -1) return undefined;
  const full = named.slice(cut + 1);
  const name = full.length > 1 && full.at(-1) === 'enum' ? full.slice(0, -1) : full;
  return { left: named.slice(0, cut), name, full };
}

/** The enums that these names, as words or in one piece, can mean. */
export function enumsNamed(names: readonly (readonly string[])[], enums: readonly WordsEnum[]): WordsEnum[] {
  const wanted = names.map((name) => name.join('_'));
  return enums.filter((candidate) => wanted.includes(toSnakeCase(candidate.name)));
}

/** The values as words behind the name; else the one in the name, where it can only be written in one way. */
function labelsOf(request: Request, { left, enum: item }: EnumSplit): string[] {
  if (request.rest.length > 0) {
    const typed = request.rest.find(({ text }) => text.includes(':'));
    if (typed)
      throw refusal(typed, `${item.name} is an enum: its values have no type`, 'Write the value alone.');
    return request.rest.map(({ text }) => text);
  }
  const isWord = left.length > 0 && !left.includes('and') && !/^(new_)?values?$/.test(left.join('_'));
  const known = labelOf(left, item);
  if (isWord && (known !== undefined || isPlain(item))) return [known ?? left.join('_')];
  throw missing(request, 'value', `Which value of ${item.name}? It has ${item.values.join(', ')}.`, [
    request.first.text,
    isWord ? left.join('_') : 'value',
  ]);
}

/** Whether the values are written as the parts of a name are, so that a new one can be read from a name. */
function isPlain({ values }: WordsEnum): boolean {
  return values.every((value) => toSnakeCase(value) === value);
}

/** The value that these parts of a name mean, as the enum writes it. */
function labelOf(tokens: readonly string[], { values }: WordsEnum): string | undefined {
  const name = tokens.join('_');
  return values.find((value) => value === name) ?? values.find((value) => toSnakeCase(value) === name);
}

function needLabel(tokens: readonly string[], item: WordsEnum, first: Request['first']): string {
  const label = labelOf(tokens, item);
  if (label !== undefined) return label;
  const name = tokens.join('_');
  throw refusal(first, `enum ${item.name} has no value "${name}"`, didYouMean(name, item.values));
}

function changingEnum(
  request: Request,
  { schema, name }: WordsEnum,
  changes: ModifyEnumDocument['changes'],
  pathOf?: (index: number) => (string | number)[],
): Understood {
  return {
    document: {
      migration_type: 'modify_enum',
      ...(schema === 'public' ? {} : { schema }),
      enum_name: name,
      changes,
    },
    origins: pathOf ? request.rest.map((word, index) => ({ path: ['changes', ...pathOf(index)], word })) : [],
    notices: [],
  };
}
