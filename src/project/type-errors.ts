/** One error of the compiler, as it prints them without a terminal. */
export interface TypeError {
  /** Relative to the project; undefined for errors about the config. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly code: string;
  /** With the lines that explain it. */
  readonly message: string;
}

const HEAD = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/;

/** The errors in the output of `tsc`, in its order. */
export function readTypeErrors(output: string): TypeError[] {
  const errors: TypeError[] = [];
  for (const line of output.split(/\r?\n/)) {
    const [head, file, row, column, code = '', message = ''] = HEAD.exec(line) ?? [];
    const last = errors.at(-1);
    if (head !== undefined)
      errors.push({
        file,
        line: row && Number(row),
        column: column && Number(column),
        code,
        message,
      } as TypeError);
    else if (last && /^\s+\S/.test(line))
      errors[errors.length - 1] = { ...last, message: `${last.message}\n${line}` };
  }
  return errors;
}

/** The same output with its files called otherwise: what is linked into a copy lies elsewhere, seen from there. */
export function withFiles(output: string, call: (file: string) => string): string {
  return output.replace(/^(.+?)(?=\(\d+,\d+\): error TS\d+: )/gm, call);
}

/**
 * The errors of `after` that `before` has not: the same file, code and message is the same error, on whatever line it
 * stands by now, as many times as it was there.
 */
export function newTypeErrors(after: readonly TypeError[], before: readonly TypeError[]): TypeError[] {
  const known = new Map<string, number>();
  for (const error of before) known.set(nameOf(error), (known.get(nameOf(error)) ?? 0) + 1);
  return after.filter((error) => {
    const left = known.get(nameOf(error)) ?? 0;
    known.set(nameOf(error), left - 1);
    return left <= 0;
  });
}

function nameOf({ file, code, message }: TypeError): string {
  return JSON.stringify([file, code, message]);
}

/** `src/a.ts:3:5 TS2339 Property …`, as places are clicked on. */
export function printTypeError({ file, line, column, code, message }: TypeError): string {
  return file === undefined ? `${code} ${message}` : `${file}:${line}:${column} ${code} ${message}`;
}
