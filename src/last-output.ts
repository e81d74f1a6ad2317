import type { Readable } from 'node:stream';

const LONGEST = 1024 * 1024;

/** Collects what a process of the project prints, of which an error shows the end: one that prints for ever fills no memory. */
export class LastOutput {
  #text = '';

  /** @param streams of a process; those that it has not are null. */
  constructor(...streams: readonly (Readable | null)[]) {
    for (const stream of streams)
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.add(text);
      });
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > 2 * LONGEST) this.#text = this.#text.slice(-LONGEST);
  }

  /** All of it, or the last million characters. */
  toString(): string {
    return this.#text.slice(-LONGEST);
  }
}
