/** The new text of a file by one way of running a formatter. Throws `FormatterFailed`. */
export type Format = (text: string) => Promise<string>;

/** A formatter that projects use. */
export interface Formatter {
  readonly name: string;
  /** Lines of an edited file; of longer ones it would take too long. */
  readonly mostLines: number;
  /**
   * How the project runs it on a file, strictest first (sorted imports and layout, then layout alone). Empty where the
   * project does not use it, has not installed it, or it does not read such files.
   */
  detect(file: FileToFormat): Promise<readonly Format[]>;
}

export interface FileToFormat {
  readonly path: string;
  readonly root: string;
  /** A file of the project that is there already, for formatters that refuse one that is not. */
  readonly like?: string | undefined;
}

/** A formatter that is there and did not do its work; the message says why. */
export class FormatterFailed extends Error {}

/** Whether a formatter leaves a text as it is. */
export async function isClean(text: string, format: Format): Promise<boolean> {
  return (await format(text)) === text;
}
