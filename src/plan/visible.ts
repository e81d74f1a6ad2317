/** Marks that turn the direction of text around: what is shown is not what is read (Trojan Source). */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u;
/** C0 and C1 controls other than tab and line ends. */
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u;

/** Where the first character stands that no plan may hold: a control character, a direction mark, half a character. */
export function firstForbidden(text: string): number | undefined {
  const found = new RegExp(`${DIRECTION_MARKS.source}|${CONTROLS.source}|[\\p{Surrogate}\\uFEFF]`, 'u').exec(
    text,
  );
  return found?.index;
}

/** A text as it can be shown: characters that cannot be seen, or that move others, are written as \u{…}. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Surrogate}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu,
    (character) => (character === '\t' ? ' ' : `\\u{${codePoint(character)}}`),
  );
}

/** `U+202E`. */
export function codePointName(character: string): string {
  return `U+${codePoint(character).padStart(4, '0')}`;
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}

/** Line ends and tabs move nothing but the next character; joiners belong to emoji and to scripts. */
const HARMLESS = /^(?:[\t\n\u00AD\u200C\u200D]|\r\n)$/;

/**
 * A text of any length as a terminal or a document may have it: control characters, marks that turn its direction around
 * and invisible characters stand as `\x1b` or `\u202e`; its lines stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/\r\n|[\p{Cc}\p{Cf}\u2028\u2029]/gu, (found) => {
    if (HARMLESS.test(found)) return found;
    const code = found.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${hex(code, 2)}`;
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 4)}}`;
  });
}

/** `1b` of two digits, `202e` of four. */
export function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
