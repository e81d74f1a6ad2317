import { createHash } from 'node:crypto';
import { TableplanError } from '../errors.ts';
import { codeBlocks } from './markdown-lines.ts';

/**
 * Generated parts of hand-written Markdown. Each stands between two lines of its own,
 * `<!-- tableplan:begin index -->` and `<!-- tableplan:end index -->`; what is outside belongs to people. The first line
 * inside holds a sum of the rest, so that a part that somebody has edited is told from one that is merely old.
 */
export interface Region {
  readonly name: string;
  /** Line of the begin marker, counted from 1. */
  readonly line: number;
  /** Offsets of what stands between the two marker lines. */
  readonly start: number;
  readonly end: number;
}

/** What putting a part in its place came to: `edited` parts were changed by hand, and are replaced all the same. */
export interface Put {
  readonly text: string;
  readonly was: 'missing' | 'current' | 'stale' | 'edited';
  readonly line: number;
}

const MARKER = /^\s*<!--\s*tableplan:(begin|end)\b\s*(.*?)\s*-->\s*$/;
const SUM = /^\s*<!-- Written by tableplan docs \(([0-9a-f]{8})\).*-->\s*$/;

interface Line {
  readonly text: string;
  readonly start: number;
  readonly next: number;
}

interface Marker {
  readonly kind: 'begin' | 'end';
  readonly name: string;
  readonly number: number;
  readonly line: Line;
}

/**
 * The generated parts of a text. `file` is what errors call it. Throws `docs-damaged`, with file and line, for a begin
 * without an end, an end without a begin, parts inside parts, and a part that is there twice. Markers in code blocks are
 * examples, and none.
 */
export function readRegions(text: string, file: string): Region[] {
  const regions: Region[] = [];
  let open: Marker | undefined;
  for (const marker of markersOf(text).shown) {
    const { kind, name, number, line } = marker;
    if (name === '') throw damaged(`The marker tableplan:${kind} names no part.`, file, number);
    if (kind === 'begin') {
      if (open)
        throw damaged(
          `The part ${name} begins inside the part ${open.name} (line ${open.number}).`,
          file,
          number,
        );
      if (regions.some((region) => region.name === name))
        throw damaged(`The part ${name} is there twice.`, file, number);
      open = marker;
    } else {
      if (open?.name !== name)
        throw damaged(
          `The part ${name} ends${open ? ` inside the part ${open.name} (line ${open.number})` : ', but does not begin'}.`,
          file,
          number,
        );
      regions.push({ name, line: open.number, start: open.line.next, end: line.start });
      open = undefined;
    }
  }
  if (open) throw damaged(`The part ${open.name} begins, but does not end.`, file, open.number);
  return regions;
}

/**
 * The text with a part of it generated anew; everything outside stays byte for byte, and so do its line endings. A part
 * that is not there comes at the end. `content` has `\n` only. Throws as `readRegions`.
 */
export function putRegion(text: string, part: { name: string; content: string }, file: string): Put {
  const found = readRegions(text, file).find(({ name }) => name === part.name);
  const newline = newlineOf(text);
  const inside = withNewlines(`${sumLine(part.content)}\n\n${part.content.trim()}\n\n`, newline);
  if (!found) {
    refuseHidden(text, part.name, file);
    const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
    const marked = `<!-- tableplan:begin ${part.name} -->${newline}${inside}<!-- tableplan:end ${part.name} -->${newline}`;
    const before = /\n\r?\n$/.test(text) ? text : text + gap;
    return { text: before + marked, was: 'missing', line: before.split('\n').length };
  }
  const old = text.slice(found.start, found.end);
  return {
    text: text.slice(0, found.start) + inside + text.slice(found.end),
    was: old === inside ? 'current' : wasEdited(old) ? 'edited' : 'stale',
    line: found.line,
  };
}

/** The text with the inside of every generated part taken out: what people wrote. */
export function withoutRegions(text: string, file: string): string {
  return readRegions(text, file).reduceRight(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(end),
    text,
  );
}

function markersOf(text: string): { readonly shown: readonly Marker[]; readonly hidden: readonly Marker[] } {
  const shown: Marker[] = [];
  const hidden: Marker[] = [];
  const isCode = codeBlocks();
  for (const [index, line] of linesOf(text).entries()) {
    const list = isCode(line.text) ? hidden : shown;
    const [, kind, name = ''] = MARKER.exec(line.text) ?? [];
    if (kind === undefined) continue;
    list.push({ kind: kind as Marker['kind'], name, number: index + 1, line });
  }
  return { shown, hidden };
}

/** A part in a code block that is never closed would be appended time and again. */
function refuseHidden(text: string, name: string, file: string): void {
  const hidden = markersOf(text).hidden.find((marker) => marker.name === name);
  if (hidden) throw damaged(`The markers of the part ${name} stand in a code block.`, file, hidden.number);
}

function damaged(message: string, file: string, line: number): TableplanError {
  return new TableplanError('docs-damaged', message, {
    at: { file, line },
    hint: 'Nothing was written. Put the marker lines right (<!-- tableplan:begin name --> and <!-- tableplan:end name -->, once each), or delete the part with both of them: it is rewritten at the end.',
  });
}

function sumLine(content: string): string {
  return `<!-- Written by tableplan docs (${sumOf(content)}): what is changed in here is replaced. Write outside the markers. -->`;
}

/** Formatters may move white space and the rules of tables; nobody has edited anything then. */
function sumOf(content: string): string {
  const bare = content.replaceAll(/\s+/g, '').replaceAll(/-{2,}/g, '-');
  return createHash('sha256').update(bare).digest('hex').slice(0, 8);
}

function wasEdited(inside: string): boolean {
  const lines = inside.split('\n');
  const at = lines.findIndex((line) => SUM.test(line));
  const content = lines.filter((_, index) => index !== at).join('\n');
  if (content.trim() === '') return false;
  return SUM.exec(lines[at] ?? '')?.[1] !== sumOf(content);
}

function newlineOf(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

function withNewlines(text: string, newline: '\n' | '\r\n'): string {
  return newline === '\n' ? text : text.replaceAll('\n', newline);
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const next = end === -1 ? text.length : end + 1;
    lines.push({ text: text.slice(start, end === -1 ? next : end).replace(/\r$/, ''), start, next });
    start = next;
  }
  return lines;
}
