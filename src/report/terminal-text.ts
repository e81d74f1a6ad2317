import { randomUUID } from 'node:crypto';
import { createColors as picocolors } from 'picocolors';
import { hex, printable } from '../plan/visible.ts';

export type Colors = ReturnType<typeof createColors>;

/**
 * Stands for ESC in a style of our own until the text reaches the terminal. Nothing that a project holds can know it:
 * there, an ESC is only ever a character to be shown.
 */
const MARK = `\u{E000}${randomUUID()}\u{E000}`;
const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

/** Styles for texts that go through `terminalText` (or an `Output`); without colours they leave the text as it is. */
export function createColors(enabled: boolean): Record<(typeof STYLES)[number], (text: string) => string> {
  const real = picocolors(enabled);
  const marked = STYLES.map((style) => [
    style,
    // What the text itself holds is no style: only the two ends are marked.
    (text: string): string => {
      const [open = '', close = ''] = real[style]('\0').split('\0');
      return open === '' ? text : `${marking(open)}${text}${marking(close)}`;
    },
  ]);
  return Object.fromEntries(marked) as ReturnType<typeof createColors>;
}

function marking(sequence: string): string {
  return sequence.replaceAll('\x1B', MARK);
}

/** Whether what is printed on stdout may have colours. */
export function mayColor(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** A text as a terminal may have it: whatever moves the cursor or hides is shown, and our own styles become real ones. */
export function terminalText(text: string): string {
  return printable(text).replaceAll(MARK, '\x1B');
}

/** JSON with the same characters escaped: it names every one of them, and a terminal obeys none. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\x7F-\x9F\p{Cf}\u2028\u2029]/gu, (found) =>
    Array.from({ length: found.length }, (_, index) => `\\u${hex(found.charCodeAt(index), 4)}`).join(''),
  );
}
