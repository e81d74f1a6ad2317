import { quoteTypeWhereNeeded } from '../postgres/quote.ts';
import type { TypeSpec } from './operation.ts';

/** A type as SQL. */
export function typeSql(type: TypeSpec | string): string {
  if (typeof type === 'string') return type;
  const { name, schema, modifiers, isArray } = type;
  const qualified = [...(schema === undefined ? [] : [schema]), name].map(quoteTypeWhereNeeded).join('.');
  return `${qualified}${modifiers.length > 0 ? `(${modifiers.join(', ')})` : ''}${isArray ? '[]' : ''}`;
}
