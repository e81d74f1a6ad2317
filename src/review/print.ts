import { quoteWhereNeeded } from '../postgres/quote.ts';
import type { TableRef } from './operation.ts';

/** A relation as SQL: `app."Users"`. */
export function sqlName({ schema, name }: TableRef): string {
  return schema === undefined
    ? quoteWhereNeeded(name)
    : `${quoteWhereNeeded(schema)}.${quoteWhereNeeded(name)}`;
}

/** A relation as messages call it, one name for one relation: `public` is left out. */
export function shortName({ schema, name }: TableRef): string {
  return sqlName({ schema: schema === 'public' ? undefined : schema, name });
}
