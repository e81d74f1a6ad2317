import { TableplanError } from './errors.ts';

/** How far work that a project brings with it may go: its migrations, its dump, its config. */
export interface Limits {
  /** For all statements of one disposable database together, and for each thing that a process of the project is asked. */
  readonly timeoutMs: number;
  /** For what one disposable database takes, in memory or on disk. */
  readonly memoryBytes: number;
}

const MB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = { timeoutMs: 300_000, memoryBytes: 2048 * MB };

export type Limit = 'time' | 'memory' | 'output';

interface Reached {
  readonly limit: Limit;
  readonly limits: Limits;
  /** What was going on: `The migration 0007_x`. */
  readonly during?: string | undefined;
  readonly statement?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** Something was ended since it would have gone too far: which limit, where, and how to raise it. */
export class LimitExceeded extends TableplanError {
  readonly reached: Reached;

  constructor(reached: Reached) {
    const { file, line } = reached;
    super('limit-exceeded', messageOf(reached), {
      hint: hintOf(reached),
      at: file === undefined ? undefined : line === undefined ? { file } : { file, line },
    });
    this.reached = reached;
  }

  /** The same, with what was going on, unless that is known by now. */
  during(during: string, place: Pick<Reached, 'file' | 'line'> = {}): LimitExceeded {
    return this.reached.during === undefined
      ? new LimitExceeded({ ...this.reached, ...place, during })
      : this;
  }

  /** The same without its statement, which has rows of somebody's in it. */
  withoutStatement(): LimitExceeded {
    return new LimitExceeded({ ...this.reached, statement: undefined });
  }
}

function messageOf({ limit, limits, during = 'The rehearsal', statement }: Reached): string {
  const words = {
    time: `did not end within ${durationText(limits.timeoutMs)}`,
    memory: `needs more than ${sizeText(limits.memoryBytes)} of memory or disk`,
    output: `gives a result of more than ${sizeText(largestAnswer(limits))}`,
  }[limit];
  const at = statement === undefined ? '' : `, at: ${shortened(statement)}`;
  return `${during} ${words} and was stopped${at}`;
}

function hintOf({ limit, limits }: Reached): string {
  if (limit === 'time') {
    const more = durationText(limits.timeoutMs * 5, true);
    return `If it needs that long, raise the limit: --timeout ${more}, or "tableplan": { "timeout": "${more}" } in package.json.`;
  }
  const more = sizeText(limits.memoryBytes * 2).replace(' ', '');
  return `If it needs that much, raise the limit: "tableplan": { "memory": "${more}" } in package.json.`;
}

/** Bytes that one statement may give back. */
export function largestAnswer({ memoryBytes }: Limits): number {
  return Math.ceil(memoryBytes / 4);
}

const LONGEST = 200;

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h` or `500ms` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,6}) ?(ms|s|m|min|h)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit]!;
}

/** `512MB` or `2GB` in bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,5}) ?(MB|GB)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'GB' ? 1024 * MB : MB);
}

function durationText(ms: number, isShort = false): string {
  const [count, short, long] =
    ms % 60_000 === 0
      ? [ms / 60_000, 'm', 'minute']
      : ms % 1000 === 0
        ? [ms / 1000, 's', 'second']
        : [ms, 'ms', 'ms'];
  if (isShort) return `${count}${short}`;
  return long === 'ms' ? `${count} ms` : `${count} ${long}${count === 1 ? '' : 's'}`;
}

function sizeText(bytes: number): string {
  const mb = Math.round(bytes / MB);
  return mb % 1024 === 0 ? `${mb / 1024} GB` : `${mb} MB`;
}
