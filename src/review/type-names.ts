import type { TypeSpec } from './operation.ts';

const SERIAL = new Set(['serial', 'serial2', 'serial4', 'serial8', 'bigserial', 'smallserial']);

/** The pseudo types that are an integer with a sequence. */
export function isSerial({ name }: TypeSpec): boolean {
  return SERIAL.has(name);
}
