import { biome } from './biome.ts';
import { dprint } from './dprint.ts';
import { eslint } from './eslint.ts';
import type { Formatter } from './formatter.ts';
import { oxfmt } from './oxfmt.ts';
import { prettier } from './prettier.ts';

/** All formatters, in the order in which a file passes through those that its project uses: ESLint's fixes come last. */
export const FORMATTERS: readonly Formatter[] = [prettier, oxfmt, dprint, biome, eslint];
