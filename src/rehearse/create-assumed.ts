import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { quoteIdentifier } from '../postgres/quote.ts';
import type { AssumedExtension } from './assumed-extensions.ts';

/** Creates extensions before a history that takes them for granted. Returns the names of those that the engine lacks. */
export async function createAssumed(engine: Engine, assumed: readonly AssumedExtension[]): Promise<string[]> {
  const absent: string[] = [];
  for (const { name, schema } of assumed) {
    try {
      await engine.exec(
        schema === undefined
          ? `create extension if not exists ${quoteIdentifier(name)}`
          : `create schema if not exists ${quoteIdentifier(schema)};
             create extension if not exists ${quoteIdentifier(name)} schema ${quoteIdentifier(schema)}`,
      );
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      absent.push(name);
    }
  }
  return absent;
}
