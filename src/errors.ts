/** Where in a text something is: file as the user named it, line and column counted from 1. */
export interface At {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The value of a plan that was never a file: `add_columns[0].type`. */
  readonly field?: string;
}

/** A missing answer: which field, the question in words, and the exact text that supplies it. */
export interface MissingAnswer {
  readonly field: string;
  readonly question: string;
  readonly supply: string;
}

/**
 * Every way in which tableplan stops, with the exit code it means (design §3):
 * 1 findings or drift · 2 usage, config or plan invalid · 3 an answer is needed ·
 * 4 the ORM's command produced no usable artifact · 130 interrupted.
 */
const EXIT_CODES = {
  usage: 2,
  'plan-not-found': 2,
  'plan-invalid': 2,
  'plan-not-supported': 2,
  'plan-conflict': 2,
  'plan-stale': 2,
  'project-not-found': 2,
  'project-ambiguous': 3,
  'config-invalid': 2,
  'dialect-not-supported': 2,
  'orm-not-found': 2,
  'orm-not-supported': 2,
  'history-broken': 2,
  'schema-drift': 1,
  /** What the project brings with it took too long or too much. */
  'limit-exceeded': 1,
  'schema-not-editable': 2,
  'crud-not-possible': 2,
  /** A file that is to be generated is there and says something else. */
  'code-conflict': 1,
  /** Code that is to be generated does not compile in the project. */
  'code-not-proven': 1,
  'undo-refused': 1,
  'file-changed': 2,
  'file-not-writable': 2,
  'file-not-readable': 2,
  locked: 2,
  'engine-unavailable': 2,
  'engine-not-empty': 2,
  'dump-invalid': 2,
  'docs-damaged': 2,
  'answer-needed': 3,
  'generate-failed': 4,
  interrupted: 130,
  internal: 2,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

export interface ErrorDetails {
  /** What to type or change next; one or a few sentences. */
  readonly hint?: string | undefined;
  readonly at?: At | undefined;
  /** What `review` calls the same fault. */
  readonly rule?: string | undefined;
  readonly missing?: readonly MissingAnswer[] | undefined;
  /** Output of a tool, or source lines with a caret: shown below the message as it is. */
  readonly frame?: string | undefined;
  readonly cause?: unknown;
}

/** The one error of tableplan. `message` says what is wrong, `hint` what to do next. */
export class TableplanError extends Error {
  override readonly name = 'TableplanError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly at: At | undefined;
  readonly rule: string | undefined;
  readonly missing: readonly MissingAnswer[];
  readonly frame: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.at = details.at;
    this.rule = details.rule;
    this.missing = details.missing ?? [];
    this.frame = details.frame;
  }

  /** The process exit code that this error stands for. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** `at` as people read and click it: `file:line:column`, as far as known; the field where there is no file. */
export function formatAt(at: At): string {
  if (at.field !== undefined) return at.field;
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(':');
}
