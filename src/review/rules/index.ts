import type { Rule } from '../rule.ts';
import { createIndexBlocking } from './create-index-blocking.ts';

/** Every rule of the safety catalogue, in its order. */
export const rules: readonly Rule[] = [createIndexBlocking];
