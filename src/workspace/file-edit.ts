/**
 * One file before and after. Paths are absolute. `before: null` creates the file, `after: null` deletes it.
 * Both texts are the whole file, so that any edit can be diffed, checked and taken back.
 */
export interface FileEdit {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A source file as it was read. `path` is absolute. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}
