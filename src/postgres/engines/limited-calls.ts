import { type Limit, LimitExceeded, type Limits } from '../../limits.ts';
import { SqlFailure } from './engine.ts';

/** Runs a call of an engine. Throws `LimitExceeded` where it goes too far, and ever after. */
export type LimitedCall = <Result>(statement: string, call: () => Promise<Result>) => Promise<Result>;

export interface LimitedOptions {
  /** Bytes that the database takes by now; asked while a statement runs. */
  readonly used?: (() => number | Promise<number>) | undefined;
  /** Ends the engine, whatever it is at. */
  readonly end: () => unknown;
}

/** How often a running statement is looked after. */
const LOOK_MS = 100;

/** "out of memory" */
const OUT_OF_MEMORY = '53200';

/**
 * Counts the time that the statements of one database take together, and looks at what it takes while one runs. What goes
 * too far is ended, and whoever waits for it is told why; so is whoever asks afterwards.
 */
export function limitedCalls(limits: Limits, { used, end }: LimitedOptions): LimitedCall {
  let spent = 0;
  let reached: LimitExceeded | undefined;
  return async (statement, call) => {
    if (reached) throw reached;
    const started = performance.now();
    const exceeded = (limit: Limit): LimitExceeded => {
      if (!reached) {
        reached = new LimitExceeded({ limit, limits, statement });
        void Promise.resolve(end()).catch(() => undefined);
      }
      return reached;
    };
    const timers: NodeJS.Timeout[] = [];
    const tooFar = new Promise<never>((_, reject) => {
      timers.push(setTimeout(() => reject(exceeded('time')), Math.max(0, limits.timeoutMs - spent)));
      const look = async (): Promise<void> => {
        if (used && (await used()) > limits.memoryBytes) reject(exceeded('memory'));
      };
      if (used) timers.push(setInterval(() => void look().catch(() => undefined), LOOK_MS));
    });
    tooFar.catch(() => undefined);
    try {
      return await Promise.race([call(), tooFar]);
    } catch (error) {
      if (used && error instanceof SqlFailure && error.sqlstate === OUT_OF_MEMORY) throw exceeded('memory');
      if (error instanceof LimitExceeded) throw (reached ??= error);
      // What fails because the engine was ended fails because of the limit.
      throw reached ?? error;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      spent += performance.now() - started;
    }
  };
}
