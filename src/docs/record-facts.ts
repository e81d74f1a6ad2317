import { basename } from 'node:path';
import { codeBlocks } from './markdown-lines.ts';

/** What a record says that stands nowhere else. What it does not say is undefined: people write records by hand too. */
export interface RecordFacts {
  /** File name within the folder of records. */
  readonly file: string;
  /** As in the file's name, without leading zeros: `7`. */
  readonly number: string | undefined;
  /** The rest of the file's name: `add-brand-id-to-products`. */
  readonly name: string;
  /** Its heading without `Migration 0007:`. */
  readonly title: string | undefined;
  /** The migration that it names, without folder and ending. */
  readonly migration: string | undefined;
  /** `not yet`, a date, or whatever people wrote. */
  readonly applied: string | undefined;
  readonly tables: readonly string[];
  /** `exact`, `schema-only`, `irreversible`, or what else stands first under "Rollback Plan". */
  readonly rollback: string | undefined;
}

const NAME = /^migration[-_](?:(\d+)(?:[-_]|(?=\.)))?(.*)\.md$/i;

/** Whether a file in the folder of records is one. */
export function isRecordName(file: string): boolean {
  return NAME.test(file);
}

/**
 * Reads a record, whoever wrote it. Never throws; headings and lines that are missing are left undefined, placeholders
 * (`[Date]`) too.
 *
 * @example readRecord('migration-0007-add-x.md', text).tables // ['products']
 */
export function readRecord(file: string, text: string): RecordFacts {
  const [, number, name = ''] = NAME.exec(file) ?? [];
  const lines = proseOf(text);
  const heading = lines.find(({ text: line }) => /^#\s/.test(line))?.text.replace(/^#\s+/, '');
  const migration = labelled(lines, 'Migration File');
  return {
    file,
    number: number === undefined ? undefined : withoutZeros(number),
    name,
    title: given(heading?.replace(/^migration\s+\S+?\s*[:–-]\s+/i, '')),
    migration:
      migration === undefined || /[{}[\]]/.test(migration)
        ? undefined
        : basename(withoutCode(migration).replaceAll('\\', '/')).replace(
            /\.(sql|ts|js|mts|mjs|cts|cjs)$/i,
            '',
          ),
    applied: labelled(lines, 'Applied Date') ?? labelled(lines, 'Applied'),
    tables: tablesIn(lines),
    rollback: rollbackIn(lines),
  };
}

/** `0007` and `7` are one migration. */
export function withoutZeros(number: string): string {
  return number.replace(/^0+(?=\d)/, '');
}

interface ProseLine {
  readonly text: string;
  /** The heading that it stands under, in small letters. */
  readonly under: string;
}

function proseOf(text: string): ProseLine[] {
  const isCode = codeBlocks();
  let under = '';
  return text.split(/\r?\n/).flatMap((line) => {
    if (isCode(line)) return [];
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading !== undefined) under = heading.toLowerCase();
    return [{ text: line, under }];
  });
}

/** The text after `**Label**:`. */
function labelled(lines: readonly ProseLine[], label: string): string | undefined {
  const pattern = new RegExp(
    `^\\s*(?:[-*]\\s+)?(?:\\*\\*|__)${label}(?:(?:\\*\\*|__)\\s*:|:(?:\\*\\*|__))(.*)$`,
    'i',
  );
  for (const { text } of lines) {
    const value = given(pattern.exec(text)?.[1]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Placeholders of a template say nothing: `[Date]`, `{table_name}`. */
function given(text: string | undefined): string | undefined {
  const value = text?.trim().replace(/\\$/, '').trim();
  return value === undefined || value === '' || /^`?[[{<][^\]}>]*[\]}>]`?$/.test(value) ? undefined : value;
}

function tablesIn(lines: readonly ProseLine[]): string[] {
  const bullets = lines.flatMap(({ text, under }) =>
    under === 'tables affected' ? (/^\s{0,3}(?:[-*+]|\d+[.)])\s+(.*)$/.exec(text)?.[1] ?? []) : [],
  );
  const names = [...bullets, ...labelledTables(lines)].flatMap((bullet) => {
    const name = /^\**`([^`]+)`/.exec(bullet)?.[1] ?? /^\**([\w.$]+)\**\s*(?:$|[:–(-])/.exec(bullet)?.[1];
    return given(name) ?? [];
  });
  return [...new Set(names)];
}

/** What stands behind `- **Tables Affected**:`, or as a list of its own below it. */
function labelledTables(lines: readonly ProseLine[]): string[] {
  const at = lines.findIndex(({ text }) => /^[-*] \*\*Tables Affected\*\*:/i.test(text));
  if (at === -1) return [];
  const rest = lines[at]!.text.replace(/^.*?\*\*:\s*/, '');
  if (rest !== '') return [rest];
  const below = lines.slice(at + 1).map(({ text }) => /^\s{2,}[-*] (.*)$/.exec(text)?.[1]);
  const end = below.indexOf(undefined);
  return below.slice(0, end === -1 ? undefined : end).filter((text) => text !== undefined);
}

function rollbackIn(lines: readonly ProseLine[]): string | undefined {
  const said = labelled(
    lines.filter(({ under }) => under.startsWith('rollback')),
    'Rollback',
  );
  const label = /^(?:exact|schema-only|irreversible|not rehearsed)\b/.exec(said ?? '')?.[0];
  return said === undefined ? undefined : (label ?? /^(.*?)(?:\.\s|\.?$)/.exec(said)?.[1] ?? said);
}

function withoutCode(text: string): string {
  return /`([^`]+)`/.exec(text)?.[1] ?? text;
}
