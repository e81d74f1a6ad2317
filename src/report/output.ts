import type { Writable } from 'node:stream';
import { terminalText } from './terminal-text.ts';

/** Where a command's text goes: stdout or stderr. */
export interface Output {
  /** Text and a line end, safe for a terminal. */
  line(text: string): void;
  /** Resolves when everything has been handed over, or nobody reads it any more. */
  drained(): Promise<void>;
  /** Why text was lost, other than by a reader that went away (`| head`). */
  failure(): Error | undefined;
}

/** The output on a stream. A pipe takes 64 KiB at once: whoever ends the process waits for `drained` first. */
export function outputOn(stream: Writable): Output {
  let closed = false;
  let failed: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== 'EPIPE') failed ??= error;
  });
  return {
    line: (text) => void (closed || stream.write(`${terminalText(text)}\n`)),
    // Called in order, after everything that was written before; also when that failed.
    drained: () => new Promise((resolve) => (closed ? resolve() : stream.write('', () => resolve()))),
    failure: () => failed,
  };
}

/**
 * Makes a pipe take everything before `write` returns, for a process whose end is another's. (Node has no public word for
 * it; a reader that stops holds the process up, signals included.)
 */
export function writeAtOnce(stream: Writable): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => void } };
  handle?.setBlocking?.(true);
}
