import { argumentsOf, keysOf, type SnippetStyle, valueOf, withArgument, withKey } from './snippet.ts';

/**
 * The options of a decorator: its last argument that is an object literal. `undefined`: it has none; `opaque`: there is
 * an argument in its place that text edits cannot look into (`@Column(SHARED)`).
 */
export function optionsOf(decorator: string): { index: number; text: string } | 'opaque' | undefined {
  const given = argumentsOf(decorator) ?? [];
  const index = given.findLastIndex((argument) => argument.startsWith('{'));
  if (index !== -1) return { index, text: given[index]! };
  return given.some((argument) => /^[A-Za-z_$][\w$.]*$/.test(argument)) ? 'opaque' : undefined;
}

/** The text of an option's value; undefined when it is not written. */
export function optionOf(decorator: string, key: string): string | undefined {
  const options = optionsOf(decorator);
  return options === undefined || options === 'opaque' ? undefined : valueOf(options.text, key);
}

/**
 * A decorator with an option set (or, for undefined, taken away). An options object that loses its last key goes with
 * it. What is spread into the options is overridden, not removed: `without` says by what.
 */
export function withOption(
  decorator: string,
  key: string,
  value: string | undefined,
  style: SnippetStyle & { readonly without?: string },
): string {
  const options = optionsOf(decorator);
  if (options === 'opaque') return decorator;
  if (options === undefined)
    return value === undefined
      ? decorator
      : withArgument(decorator, (argumentsOf(decorator) ?? []).length, `{ ${key}: ${value} }`);
  const hasSpread = keysOf(options.text)?.hasSpread === true;
  const isHidden = value === undefined && hasSpread && style.without !== undefined;
  const changed = withKey(options.text, key, isHidden ? style.without : value, style);
  const isEmpty = value === undefined && keysOf(changed)?.keys.length === 0 && !hasSpread;
  return withArgument(decorator, options.index, isEmpty ? undefined : changed);
}
