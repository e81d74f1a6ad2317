import { isAbsolute, sep } from 'node:path';
import { TableplanError } from '../errors.ts';
import { posixRelative } from '../workspace/posix-relative.ts';

/** What is told of a project: its paths as they are on every machine. */
interface Reported {
  readonly message: string;
  readonly file?: string | undefined;
  readonly fix?: string | undefined;
  readonly together?: { readonly fix: string | undefined } | undefined;
}

/**
 * Notices and findings as they may leave the machine (records, JSON, reports): files relative to `root`, and no absolute
 * path of the project, or of its repository, in their texts.
 */
export function shownPaths(project: {
  readonly root: string;
  readonly repoRoot: string;
}): <Each extends Reported>(told: readonly Each[]) => Each[] {
  const { root, repoRoot } = project;
  const text = (line: string): string => relativeText(relativeText(line, root, root), root, repoRoot);
  return (told) =>
    told.map((each) => ({
      ...each,
      message: text(each.message),
      ...(each.fix !== undefined && { fix: text(each.fix) }),
      ...(each.together?.fix !== undefined && {
        together: { ...each.together, fix: text(each.together.fix) },
      }),
      ...(each.file !== undefined && { file: relativeFile(root, each.file) }),
    }));
}

/** An error with the same care; `folder` is where the command was started. */
export function shownError(error: TableplanError, folder: string): TableplanError {
  const text = (line: string): string => relativeText(line, folder, folder);
  const { code, message, hint, at, missing, frame, cause } = error;
  return new TableplanError(code, text(message), {
    hint: hint === undefined ? undefined : text(hint),
    at: at && { ...at, file: relativeFile(folder, at.file) },
    missing: missing.map((each) => ({ ...each, question: text(each.question), supply: text(each.supply) })),
    frame: frame === undefined ? undefined : text(frame),
    cause,
  });
}

function relativeFile(root: string, file: string): string {
  return isAbsolute(file) ? posixRelative(root, file) : file;
}

/** `text` with the paths below `folder` as they are seen from `root`. */
function relativeText(text: string, root: string, folder: string): string {
  if (folder.length < 2) return text;
  const between = posixRelative(root, folder);
  const prefix = between === '' ? '' : `${between}/`;
  return text.split(`${folder}${sep}`).reduce((before, after) =>
    before.endsWith('file://')
      ? `${before.slice(0, -'file://'.length)}${prefix}${after}`
      : // What only ends like this path is another.
        `${before}${LONGER.test(before) ? `${folder}${sep}` : prefix}${after}`,
  );
}

const LONGER = /[\p{L}\p{N}_.\-/\\]$/u;
