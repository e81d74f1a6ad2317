import { byteLength } from '../postgres/parser.ts';
import { codePointName, visible } from './visible.ts';

/** Postgres truncates identifiers behind this many bytes (NAMEDATALEN - 1). */
export const LONGEST_NAME = 63;

/** What is wrong with a name; `offset` is where in it. */
export interface NameProblem {
  readonly message: string;
  readonly offset: number;
  readonly hint?: string;
}

/** Device names that Windows takes for no file, with any extension. */
const RESERVED_FILE_NAMES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** Letters and digits of any script, with what combines with them; no filler that shows nothing. */
const NAME_CHARACTER = /^[\p{L}\p{N}\p{M}_-]$/u;
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Surrogate}\u2800\uFFFC]$/u;

/**
 * Says what is wrong with the name of a table, column, index, constraint, enum or schema; nothing when it is one.
 * Names are never cleaned: what is no name is refused.
 */
export function checkName(name: string): NameProblem | undefined {
  if (name === '') return { message: 'a name is empty', offset: 0 };
  const bad = firstBadCharacter(name);
  if (bad) return bad;
  if (name.startsWith('-')) return { message: `"${name}" starts with a dash`, offset: 0 };
  if (/^\p{M}/u.test(name)) return { message: `"${name}" starts with a combining mark`, offset: 0 };
  const bytes = byteLength(name);
  if (bytes <= LONGEST_NAME) return undefined;
  return {
    message: `"${name}" is ${bytes} bytes long; Postgres keeps ${LONGEST_NAME}`,
    offset: 0,
    hint: 'Choose a shorter name.',
  };
}

/** Like `checkName`, for a name that also becomes a file or a folder: a migration or a domain. */
export function checkFileName(name: string): NameProblem | undefined {
  if (RESERVED_FILE_NAMES.test(name))
    return { message: `"${name}" is a reserved file name on Windows`, offset: 0 };
  return checkName(name);
}

function firstBadCharacter(name: string): NameProblem | undefined {
  let offset = 0;
  for (const character of name) {
    if (INVISIBLE.test(character) || !NAME_CHARACTER.test(character)) {
      return { ...badCharacter(name, character), offset };
    }
    offset += character.length;
  }
  return undefined;
}

function badCharacter(name: string, character: string): Omit<NameProblem, 'offset'> {
  const shown = `"${visible(name)}"`;
  if (INVISIBLE.test(character))
    return { message: `${shown} holds ${codePointName(character)}, which cannot be seen` };
  const message = `${shown} is not a name: it holds ${describe(character)}`;
  if (character !== '.' || name.includes('..'))
    return { message, hint: 'Use letters, digits and underscores.' };
  return { message, hint: 'A Postgres schema has a key of its own, schema: …' };
}

function describe(character: string): string {
  if (/\s/u.test(character)) return 'a space';
  if (character === '"' || character === "'" || character === '`') return 'a quote';
  if (character === '/' || character === '\\') return `the path separator ${character}`;
  return `the sign ${character}`;
}
