import type { Writable } from 'node:stream';
import type { Progress } from '../pipeline/types.ts';

/** A step that is over sooner is not worth a line. */
const WORTH_A_LINE_MS = 300;

const CLEAR_LINE = '\r\u001B[2K';

/**
 * A line for each step of a run that takes a while: named while it goes on, with its time when it is over. For a terminal
 * alone; a step that fails leaves no line, its error says more. `free`: when the terminal is not used for something else,
 * a question say; a step that is over by then has no line.
 */
export function terminalProgress(stream: Writable, free = (): Promise<void> => Promise.resolve()): Progress {
  return async (step, work) => {
    const started = performance.now();
    let isShown = false;
    let isOver = false;
    const timer = setTimeout(() => {
      void free().then(() => {
        if (isOver) return;
        isShown = true;
        stream.write(`⋯ ${step}`);
      });
    }, WORTH_A_LINE_MS);
    try {
      const result = await work();
      if (isShown) stream.write(`${CLEAR_LINE}✔ ${step}  ${seconds(performance.now() - started)}\n`);
      return result;
    } catch (error) {
      if (isShown) stream.write(CLEAR_LINE);
      throw error;
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
