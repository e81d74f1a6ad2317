import type { SchemaFile, Span } from '../source-file.ts';
import { removeStatements } from '../statement-removal.ts';
import type { TextEdit } from '../text-edit.ts';
import type { ClassModel, DecoratorModel, MemberModel } from './model.ts';

/** Where text is put in behind a member: at the end of its line, behind a comment there. */
export function behindMember({ text }: SchemaFile, member: Span): number {
  const newline = text.indexOf('\n', member.end);
  const end = newline === -1 ? text.length : newline;
  const rest = text.slice(member.end, end).replace(/\r$/, '');
  return /^\s*(\/\/.*|\/\*[^\n]*\*\/\s*)?$/.test(rest) ? member.end + rest.length : member.end;
}

/** Puts members (their indented lines) in behind another one, or first into a class that has none. */
export function insertMembers(
  source: ClassModel,
  anchor: MemberModel | undefined,
  members: readonly string[],
  { eol, isApart }: { readonly eol: string; readonly isApart: boolean },
): TextEdit {
  const between = isApart ? eol + eol : eol;
  if (anchor !== undefined) {
    const at = behindMember(source.file, anchor);
    return { start: at, end: at, text: members.map((member) => between + member).join('') };
  }
  const { file, bodyStart } = source;
  const isEmpty = /^\s*\}/.test(file.text.slice(bodyStart));
  const rest = isEmpty ? '' : isApart ? eol : '';
  const end = isEmpty && !/^[^\n]*\n/.test(file.text.slice(bodyStart, source.end - 1)) ? eol : '';
  return { start: bodyStart, end: bodyStart, text: eol + members.join(between) + rest + end };
}

/** Takes members out with the comments above them; of the blank lines around them one gap is left. */
export function removeMembers(source: ClassModel, members: readonly Span[]): TextEdit[] {
  const { text } = source.file;
  const shared = members.filter((member) => sharesLine(text, member));
  const apart = members.filter((member) => !shared.includes(member));
  return [...shared.map((member) => cutOut(text, member)), ...removeApart(text, apart)];
}

/** Whether something else of the class stands on the lines of a member. */
function sharesLine(text: string, { start, end }: Span): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const [after = ''] = text.slice(end).split('\n', 1);
  return before.trim() !== '' || !/^\s*(\/\/.*|\/\*.*\*\/\s*)?$/.test(after);
}

function cutOut(text: string, { start, end }: Span): TextEdit {
  const blank = /^[ \t]+/.exec(text.slice(end))?.[0].length ?? 0;
  const isLast = /^[ \t]*\r?\n/.test(text.slice(end));
  const gap = isLast ? (/[ \t]+$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0;
  return { start: start - gap, end: isLast ? end : end + blank, text: '' };
}

function removeApart(text: string, members: readonly Span[]): TextEdit[] {
  return removeStatements(text, members).map((edit) => {
    const before = text.slice(0, edit.start);
    const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(edit.end))?.[0].length ?? 0;
    if (before.trimEnd().endsWith('{')) return { ...edit, end: edit.end + blank };
    const isLast = /^\s*\}/.test(text.slice(edit.end));
    const gap = /\n((?:[ \t]*\r?\n)+)$/.exec(before)?.[1]?.length ?? 0;
    return isLast ? { ...edit, start: edit.start - gap } : edit;
  });
}

/** Takes a decorator out: its lines where it has them to itself, else it and the blank behind it. */
export function removeDecorator({ text }: SchemaFile, decorator: Span): TextEdit {
  const lineStart = text.lastIndexOf('\n', decorator.start - 1) + 1;
  const before = text.slice(lineStart, decorator.start);
  const rest = /^[ \t]*(?:\/\/[^\n]*)?(\r?\n)/.exec(text.slice(decorator.end));
  if (before.trim() === '' && rest !== null)
    return { start: lineStart, end: decorator.end + rest[0].length, text: '' };
  const blank = /^[ \t]+/.exec(text.slice(decorator.end))?.[0].length ?? 0;
  return { start: decorator.start, end: decorator.end + blank, text: '' };
}

/** Puts decorators above a class: behind those that are like them, else behind @Entity. */
export function insertClassDecorators(
  source: ClassModel,
  decorators: readonly string[],
  eol: string,
  survives: (decorator: DecoratorModel) => boolean,
): TextEdit {
  const like = source.decorators.filter(
    (each) => each.isTypeorm && /^(Index|Unique|Check|Exclusion)$/.test(each.name) && survives(each),
  );
  const anchor =
    like.at(-1) ?? source.decorators.find((each) => each.isTypeorm && each.name.endsWith('Entity'));
  const { text } = source.file;
  if (anchor === undefined)
    return { start: source.start, end: source.start, text: decorators.map((each) => each + eol).join('') };
  if (/^[ \t]*(\/\/[^\n]*)?\r?\n/.test(text.slice(anchor.end))) {
    const at = behindMember(source.file, anchor);
    return { start: at, end: at, text: decorators.map((each) => eol + each).join('') };
  }
  return { start: anchor.end, end: anchor.end, text: decorators.map((each) => ` ${each}`).join('') };
}
