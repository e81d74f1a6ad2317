import type { CrudField } from './domain.ts';

/**
 * A value for a field as a client would send it in JSON: another one for each `number` (from 1), as far as the type has so
 * many, and one that type, checks and validation accept. Undefined where none could be found (a pattern that nothing here
 * matches).
 */
export function sampleOf(field: CrudField, number: number): unknown {
  // Three rows of the field below lie between.
  const one = scalar(field, number + field.rank * 3);
  return field.isArray && one !== undefined ? [one] : one;
}

function scalar(field: CrudField, number: number): unknown {
  const { kind, rules } = field;
  if (rules.values !== undefined) return rules.values[(number - 1) % rules.values.length];
  switch (kind) {
    case 'uuid':
      return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    case 'text':
    case 'enum':
      return textSample(field, number);
    case 'integer':
    case 'float':
      return within(number, rules);
    case 'bigint':
      return /^number\b/.test(field.rowType) ? within(number, rules) : String(within(number, rules));
    case 'decimal':
      return decimalSample(field, number);
    case 'boolean':
      return number % 2 === 1;
    case 'timestamp':
      return `2026-01-${twoDigits(number)}T12:00:00.000Z`;
    case 'date':
      return `2026-01-${twoDigits(number)}`;
    case 'time':
      return `12:${twoDigits(number)}:00`;
    case 'json':
      return { number };
    case 'opaque':
      return undefined;
  }
}

function twoDigits(number: number): string {
  return String(((number - 1) % 28) + 1).padStart(2, '0');
}

/** Upwards from 1, or from the lowest that is allowed; the highest again and again where there are not so many. */
function within(number: number, { min, max = Infinity }: CrudField['rules']): number {
  const lowest = Math.ceil(min ?? Math.min(1, max - 30));
  const value = Math.max(lowest, Math.min(1, max < 1 ? lowest : 1)) + number - 1;
  return value > max ? Math.floor(max) : value;
}

function decimalSample({ rules, rowType }: CrudField, number: number): unknown {
  const value = within(number, rules);
  const text = rules.scale ? value.toFixed(Math.min(rules.scale, 2)).replace(/\d$/, '0') : String(value);
  return /^number\b/.test(rowType)
    ? Number(text)
    : text.padEnd(text.length + Math.max(0, (rules.scale ?? 0) - 2), '0');
}

/** Texts that usual patterns ask for, tried one after the other. */
const SHAPES: readonly ((number: number) => string)[] = [
  (number) => `sample-${number}`,
  (number) => `Sample ${number}`,
  (number) => `sample${number}`,
  (number) => `sample_${number}`,
  (number) => String.fromCharCode(96 + ((number - 1) % 26) + 1),
  (number) => 'abcdefghij'.slice(0, 2) + String.fromCharCode(97 + (number % 26)),
  (number) => `AB-${String(number).padStart(3, '0')}`,
  (number) => `ABC-${String(number).padStart(4, '0')}`,
  (number) => `ABC${String(number).padStart(3, '0')}`,
  (number) => `AB${String.fromCharCode(64 + ((number - 1) % 26) + 1)}`,
  (number) => `A${String.fromCharCode(64 + ((number - 1) % 26) + 1)}`,
  (number) => String(number),
  (number) => String(number).padStart(4, '0'),
  (number) => String(number).padStart(5, '0'),
  (number) => String(number).padStart(6, '0'),
  (number) => String(number).padStart(8, '0'),
  (number) => String(number).padStart(13, '0'),
  (number) => `+4915112345${String(number).padStart(3, '0')}`,
  (number) => `#0000${String(number % 100).padStart(2, '0')}`,
  (number) => `1.0.${number}`,
  (number) => `user${number}@example.com`,
  (number) => `https://example.com/${number}`,
];

function textSample({ key, rules }: CrudField, number: number): string | undefined {
  if (rules.format === 'email' || (rules.pattern === undefined && /email/i.test(key)))
    return fit(`user${number}@example.com`, rules);
  if (rules.format === 'url') return fit(`https://example.com/${number}`, rules);
  if (rules.pattern === undefined) return padded(fit(`${key} ${number}`, rules), rules.minLength ?? 0);
  const pattern = new RegExp(rules.pattern, 'u');
  const fits = (text: string): boolean =>
    pattern.test(text) &&
    text.length <= (rules.maxLength ?? Infinity) &&
    text.length >= (rules.minLength ?? 0);
  return SHAPES.map((shape) => shape(number)).find(fits);
}

/** What distinguishes the text stands at its end, which is kept. */
function fit(text: string, { maxLength = Infinity }: CrudField['rules']): string {
  return text.length <= maxLength
    ? text
    : text
        .slice(text.length - maxLength)
        .trimStart()
        .padStart(Math.min(maxLength, 1), 'x');
}

function padded(text: string, length: number): string {
  return text.length >= length ? text : text.padStart(length, 'x');
}
