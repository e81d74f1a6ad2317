import type { Change } from '../../../plan/change.ts';
import type { EnumDef } from '../../../plan/database-schema.ts';
import { companionsOf, companionTexts } from '../companions.ts';
import type { Editing } from '../editing.ts';
import { type EnumPlace, enumPlace, projectEnums } from '../enum-place.ts';
import { stringLiteral } from '../../literals.ts';
import type { EnumModel, EnumRef } from '../model.ts';
import { schemaObject } from '../schema-object.ts';
import { startWithComments } from '../../statement-removal.ts';
import type { FileStyle } from '../../source-file.ts';

/** The longest line that a list of values is kept on. */
const LINE = 100;

/** Declares an enum where the project's others are, and tells the barrels. */
export function createEnum(editing: Editing, change: Extract<Change, { kind: 'create-enum' }>): EnumRef {
  const place = enumPlace(editing, change.enum);
  const style = editing.style(place.path);
  const statement = enumStatement(editing, change.enum, place, style);
  const companions = companionsFor(editing, place);
  const text = companions === undefined ? statement : `${statement}${style.eol}${companions.text}`;
  insert(editing, place, text, style);
  editing.register(place.path, {
    values: [place.variable, ...(companions?.values ?? [])],
    types: companions?.types ?? [],
  });
  const { schema, name } = change.enum;
  return { schema, name, path: place.path, variable: place.variable };
}

function enumStatement(
  editing: Editing,
  { schema, name, values }: EnumDef,
  place: EnumPlace,
  style: FileStyle,
): string {
  const callee =
    schema === 'public'
      ? editing.needImport(place.path, { from: { module: 'drizzle-orm/pg-core' }, name: 'pgEnum' })
      : `${schemaObject(editing, schema, place.path)}.enum`;
  const head = `export const ${place.variable} = ${callee}(${stringLiteral(name, style.quote)}, [`;
  const items = values.map((value) => stringLiteral(value, style.quote));
  const line = `${head}${items.join(', ')}])${style.semicolon}`;
  if (line.length <= LINE && !breaksLine(editing, place.like, line.length)) return line;
  const lines = items.map(
    (item, index) => `${style.indent}${item}${index < items.length - 1 ? ',' : style.trailingComma}`,
  );
  return [head, ...lines, `])${style.semicolon}`].join(style.eol);
}

/** Whether a line of this length would be broken here: as the neighbour is, unless another enum has a line as long. */
function breaksLine(editing: Editing, like: EnumModel | undefined, length: number): boolean {
  if (like === undefined || !isBroken(like)) return false;
  return !projectEnums(editing).some(
    (each) => !isBroken(each) && each.statement.end - each.statement.start >= length,
  );
}

function isBroken({ values, file }: EnumModel): boolean {
  return values !== undefined && file.text.slice(values.open, values.close).includes('\n');
}

/** `export type OrderStatus = (typeof orderStatus.enumValues)[number]`, where most enums have such a line. */
function companionsFor(editing: Editing, { path, variable }: EnumPlace) {
  const enums = projectEnums(editing);
  const withTypes = enums.filter((each) => companionsOf(each.file.ast, each.variable).length > 0);
  const example = withTypes.findLast((each) => each.file.path === path) ?? withTypes.at(-1);
  if (example === undefined || withTypes.length * 2 < enums.length) return undefined;
  const texts = companionTexts(
    { source: example.file.ast, variable: example.variable },
    { variable, keys: [] },
  );
  for (const name of texts?.imports ?? [])
    editing.needImport(path, { from: { module: name.module }, name: name.name, isType: name.isType });
  return texts;
}

function insert(editing: Editing, place: EnumPlace, text: string, { eol }: FileStyle): void {
  const { path, after, before } = place;
  const file = editing.file(path);
  if (file !== undefined && after !== undefined) {
    const end = endOfLine(file.text, lastCompanionEnd(after));
    editing.edit(path, { start: end, end, text: `${gapAbove(after)}${text}` });
  } else if (file !== undefined && before !== undefined) {
    const at = startWithComments(file.text, { start: before.getStart(file.ast), end: before.end });
    editing.edit(path, { start: at, end: at, text: `${text}${eol}${eol}` });
  } else {
    editing.append(path, text);
  }
}

/** The end of what belongs to an enum: its statement and its type lines right below. */
function lastCompanionEnd({ file, variable, statement }: EnumModel): number {
  const below = companionsOf(file.ast, variable).filter((each) => each.start >= statement.end);
  let end = statement.end;
  for (const companion of below) if (file.text.slice(end, companion.start).trim() === '') end = companion.end;
  return end;
}

/** The line breaks above an enum, as this one has them: a blank line unless it follows another statement closely. */
function gapAbove({ file, statement }: EnumModel): string {
  const above = file.text.slice(0, statement.start).split(/\r?\n/).at(-2) ?? '';
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
  const isClose = above.trim() !== '' && !/\bfrom ['"]|^import\b|^\s*(?:\/\/|\*)/.test(above);
  return isClose ? eol : eol + eol;
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  if (newline === -1) return text.length;
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}
