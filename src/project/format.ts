import { join } from 'node:path';
import type { Notice } from '../plan/change.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { type Format, type Formatter, FormatterFailed, isClean } from './formatters/formatter.ts';
import { FORMATTERS } from './formatters/index.ts';
import { shownCause } from './formatters/run-tool.ts';
import { prettierFor } from './formatters/prettier.ts';
import { type SimilarFile, similarFiles } from './similar-files.ts';

export interface FormatOptions {
  readonly root: string;
  /** Told when a formatter of the project fails: the text stays as it was written. */
  readonly report?: ((notice: Notice) => void) | undefined;
}

/**
 * A new file as the project's own formatters would write it (prettier, oxfmt, dprint, biome, ESLint's fixes), with their
 * config for that path. A formatter whose config is there, but which the files beside the new one do not follow, is left
 * out. `always`: where the project has none, tableplan's own prettier does it (the record); else such a project keeps the
 * text, which was written after its neighbours. Never throws: formatting is no reason to stop.
 */
export async function formatNewFile(
  text: string,
  path: string,
  options: FormatOptions & { readonly always: boolean },
): Promise<string> {
  const formatted = await formatByProject(text, path, options);
  if (formatted !== undefined || !options.always) return formatted ?? text;
  const format = await prettierFor(path, { root: options.root, evenIgnored: true }).catch(() => undefined);
  return (await format?.(text).catch(() => undefined)) ?? text;
}

/** A new file as the project's own formatters would write it; undefined where no formatter of the project writes such files. */
export async function formatByProject(
  text: string,
  path: string,
  options: FormatOptions,
): Promise<string | undefined> {
  const similar = await similarFiles(path, options.root);
  let formatted: string | undefined;
  for (const used of await formattersFor(path, options, similar[0]?.path)) {
    const before = formatted ?? text;
    const laidOut = await guarded(used.formatter, path, options, async () => {
      const format = await firstThat(used.formats, (each, index) =>
        isFollowed(similar, each, `${used.formatter.name} ${index}`),
      );
      return format?.(before);
    });
    formatted = laidOut ?? formatted;
  }
  return formatted;
}

/** Answers by formatter and text: the new files of a run often have the same neighbours. */
const followers = new Map<string, Promise<boolean>>();

/** Whether one of some files is as a formatter writes it, or there is none to go by. */
async function isFollowed(files: readonly SimilarFile[], format: Format, name: string): Promise<boolean> {
  const clean = await Promise.all(
    files.map(({ path, text }) => {
      const key = [name, path, text].join('\0');
      const answer = followers.get(key) ?? isClean(text, format);
      followers.set(key, answer);
      return answer;
    }),
  );
  return clean.length === 0 || clean.includes(true);
}

/**
 * The new text of an existing file. Where the old one is just as a formatter of the project writes it, so will the new one
 * be: that can only move what was edited. A file that is not (or is ignored, or is too long for the formatter, or belongs to
 * a project without formatters) keeps each of its lines. Never throws.
 */
export async function formatEditedFile(
  { before, after }: { readonly before: string; readonly after: string },
  path: string,
  options: FormatOptions,
): Promise<string> {
  const lines = after.split('\n').length;
  let text = after;
  for (const { formatter, formats } of await formattersFor(path, options)) {
    if (lines > formatter.mostLines) {
      const most = formatter.mostLines.toLocaleString('en');
      if (formats.length > 0)
        options.report?.(
          notFormatted(path, `${formatter.name} is left out of files with more than ${most} lines`),
        );
      continue;
    }
    const edited = text;
    const formatted = await guarded(formatter, path, options, async () => {
      const followed = await firstThat(formats, (format) => isClean(before, format));
      return followed?.(edited);
    });
    text = formatted ?? text;
  }
  return text;
}

/** A new or edited file of a run as the project's formatters write it, see above. */
export async function formatEdit(edit: FileEdit, options: FormatOptions): Promise<FileEdit> {
  const { path, before, after } = edit;
  if (after === null) return edit;
  const formatted =
    before === null
      ? await formatNewFile(after, path, { ...options, always: false })
      : await formatEditedFile({ before, after }, path, options);
  return { ...edit, after: formatted };
}

/** Loads what formatting a record takes, for callers that have to wait for something else anyway. */
export async function warmFormatter(root: string): Promise<void> {
  await formatNewFile('# warm\n', join(root, 'warm.md'), { root, always: true });
}

interface Used {
  readonly formatter: Formatter;
  readonly formats: readonly Format[];
}

async function formattersFor(path: string, options: FormatOptions, like?: string): Promise<readonly Used[]> {
  const used = await Promise.all(
    FORMATTERS.map(async (formatter) => {
      const file = { path, root: options.root, like };
      const formats = await guarded(formatter, path, options, () => formatter.detect(file));
      return { formatter, formats: (formats ?? []).map(neverEmpty) };
    }),
  );
  return used.filter(({ formats }) => formats.length > 0);
}

/** Biome 2.4.0 gives nothing back, and ends well: a text is never taken for empty. */
function neverEmpty(format: Format): Format {
  return async (text) => {
    const formatted = await format(text);
    if (formatted.trim() === '' && text.trim() !== '')
      throw new FormatterFailed('it gave nothing back for a text; another version of it may');
    return formatted;
  };
}

async function firstThat(
  formats: readonly Format[],
  holds: (format: Format, index: number) => Promise<boolean>,
): Promise<Format | undefined> {
  for (const [index, format] of formats.entries()) if (await holds(format, index)) return format;
  return undefined;
}

/** What a formatter gives; undefined where it fails, which is reported. */
async function guarded<T>(
  { name }: Formatter,
  path: string,
  { report }: FormatOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof FormatterFailed ? error.message : shownCause((error as Error).message);
    report?.(notFormatted(path, `${name} failed${why === undefined ? '' : ` (${why})`}`));
    return undefined;
  }
}

function notFormatted(file: string, why: string): Notice {
  return { severity: 'info', rule: 'not-formatted', message: `not formatted: ${why}`, file };
}
