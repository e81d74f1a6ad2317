import { ts } from '../compiler.cjs';
import type { TextEdit } from '../text-edit.ts';
import type { TypeFamily } from './column-types.ts';
import { bare } from './chain.ts';
import type { CallChain } from './model.ts';

const FUNCTIONS = /^\$(default|defaultFn|onUpdate|onUpdateFn)$/;
const DATES: ReadonlySet<TypeFamily> = new Set(['date-object']);
const TEXTS: ReadonlySet<TypeFamily> = new Set(['string', 'date-string']);

/**
 * The current time that a column gets from code, as the value that its new type takes: `() => new Date().toISOString()`
 * becomes `() => new Date()` where the column is a Date now, and the other way round. Other functions stay.
 */
export function clockEdits(
  { links }: CallChain,
  file: ts.SourceFile,
  family: { readonly from: TypeFamily; readonly to: TypeFamily } | undefined,
): TextEdit[] {
  if (family === undefined || DATES.has(family.from) === DATES.has(family.to)) return [];
  return links
    .filter(({ name }) => FUNCTIONS.test(name))
    .flatMap(({ call }) => {
      const [given] = call.arguments;
      if (given === undefined || !ts.isArrowFunction(given) || ts.isBlock(given.body)) return [];
      const body = bare(given.body);
      const text = body.getText(file).replaceAll(/\s+/g, '');
      const span = { start: body.getStart(file), end: body.end };
      if (DATES.has(family.to))
        return text === 'newDate().toISOString()' ? [{ ...span, text: 'new Date()' }] : [];
      return text === 'newDate()' && TEXTS.has(family.to)
        ? [{ ...span, text: 'new Date().toISOString()' }]
        : [];
    });
}
