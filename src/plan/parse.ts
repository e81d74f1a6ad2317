import { type At, TableplanError } from '../errors.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import type { Notice } from './change.ts';
import { checkDocuments } from './check/documents.ts';
import { atOffset, codeFrame, locate, offsetOf, type PlanSource } from './locate.ts';
import type { Plan, PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import { shapeDocument } from './shape.ts';
import { visible } from './visible.ts';
import { plainValue, readYamlDocuments, YamlProblem } from './yaml.ts';

export interface ParsedPlan {
  readonly plan: Plan;
  /** Where in the text a value of the plan stands; `offset` counts characters of its text. */
  readonly at: (path: PlanPath, offset?: number) => At;
  /** The line of the text with a caret below that place; undefined where the text is the words of a command. */
  readonly frame: (at: At) => string | undefined;
  readonly notices: readonly Notice[];
}

/** A plan that leaves the schema as it is. */
export const NO_PLAN: ParsedPlan = {
  plan: { documents: [] },
  at: () => ({ file: '<words>' }),
  frame: () => undefined,
  notices: [],
};

/**
 * Reads a plan from YAML and checks all that it alone can show. `file` is what errors call it; `byField` has them name the
 * field instead, where there is no such file.
 * Throws TableplanError `plan-invalid` or `plan-not-supported` with line, column, frame and hint for the first
 * thing that is wrong; nothing else, whatever the text is.
 *
 * @example const { plan } = await parsePlan(text, { file: 'plans/products.yaml' });
 */
export async function parsePlan(
  text: string,
  options: { readonly file: string; readonly byField?: boolean },
): Promise<ParsedPlan> {
  await loadSqlParser();
  const source = withoutByteOrderMark(text);
  const documents = guardYaml(source, options.file, () => readYamlDocuments(source));
  const plan: PlanSource = { ...options, text: source, documents };
  return {
    plan: { documents: guard(plan, () => readDocuments(plan)) },
    at: (path, offset) => locate(plan, path, { offset }),
    frame: (at) => codeFrame(source, at),
    notices: [],
  };
}

/** Decodes the bytes of a plan file. Throws TableplanError `plan-invalid` where they are not UTF-8. */
export function decodePlan(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const { line, column } = firstBrokenByte(bytes);
    throw new TableplanError('plan-invalid', 'the plan is not UTF-8 text', {
      hint: 'Save it as UTF-8.',
      at: { file, line, column },
      cause,
    });
  }
}

function readDocuments(source: PlanSource) {
  const documents = source.documents.map((document, index) =>
    shapeDocument(plainValue(document, index), index, (problem) =>
      offsetOf(source, problem.path, problem.details),
    ),
  );
  checkDocuments(documents);
  return documents;
}

function guard<Result>(source: PlanSource, run: () => Result): Result {
  return guardYaml(source.text, source.file, () => {
    try {
      return run();
    } catch (error) {
      if (error instanceof PlanProblem)
        throw toError(error, locate(source, error.path, error.details), source.text);
      throw error;
    }
  });
}

function guardYaml<Result>(text: string, file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    const at = atOffset({ file, text }, error.offset);
    throw new TableplanError('plan-invalid', visible(error.message), {
      hint: error.hint,
      at,
      frame: codeFrame(text, at),
      cause: error,
    });
  }
}

function toError(problem: PlanProblem, at: At, text: string): TableplanError {
  const { code = 'plan-invalid', hint } = problem.details;
  return new TableplanError(code, visible(problem.message), {
    hint: hint && visible(hint),
    at,
    frame: codeFrame(text, at),
    cause: problem,
  });
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Line and column of the first byte that does not decode. */
function firstBrokenByte(bytes: Uint8Array): { line: number; column: number } {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const broken = firstReplaced(decoded, bytes);
  const before = decoded.slice(0, broken);
  return { line: before.split('\n').length, column: broken - before.lastIndexOf('\n') };
}

/** The first U+FFFD that the bytes do not spell out themselves. */
function firstReplaced(decoded: string, bytes: Uint8Array): number {
  let byte = 0;
  for (let index = 0; index < decoded.length;) {
    const character = String.fromCodePoint(decoded.codePointAt(index) ?? 0);
    const spelled = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (character === '\uFFFD' && !spelled) return index;
    byte += new TextEncoder().encode(character).length;
    index += character.length;
  }
  return decoded.length;
}
