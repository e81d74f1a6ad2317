import type { ColumnFacts } from './table-facts.ts';

/** What a row is there to try. */
export type Flavour = 'ordinary' | 'nulls' | 'longest' | 'smallest' | 'multibyte' | 'repeated';

export const FLAVOURS: readonly Flavour[] = [
  'ordinary',
  'nulls',
  'longest',
  'smallest',
  'multibyte',
  'repeated',
];

/** Longest text put into a column without a length: long enough for a narrower type, too short to fill a disk. */
const LONG_TEXT = 2000;

const INTEGERS: Readonly<Record<string, readonly [string, string]>> = {
  int2: ['-32768', '32767'],
  int4: ['-2147483648', '2147483647'],
  int8: ['-9223372036854775808', '9223372036854775807'],
};

/**
 * A value for a column as Postgres reads it from text; null for NULL. `serial` tells values apart where they must be
 * unique. Undefined where nothing is known of the type: its default, or NULL, has to do.
 */
export function valueFor(column: ColumnFacts, flavour: Flavour, serial: number): string | null | undefined {
  if (flavour === 'nulls' && !column.notNull) return null;
  const one = scalarFor(column, flavour, serial);
  if (!column.isArray) return one;
  if (one === undefined) return column.notNull ? '{}' : null;
  if (flavour === 'smallest') return '{}';
  return `{${JSON.stringify(one)}}`;
}

function scalarFor(column: ColumnFacts, flavour: Flavour, serial: number): string | undefined {
  if (column.kind === 'e') {
    const { labels } = column;
    return flavour === 'longest' ? labels.at(-1) : labels[serial % Math.max(1, labels.length)];
  }
  if (column.kind === 'r' || column.kind === 'm') return column.kind === 'r' ? 'empty' : '{}';
  const integer = INTEGERS[column.base];
  if (integer) {
    if (flavour === 'longest') return integer[1];
    return flavour === 'smallest' ? integer[0] : String(serial + 1);
  }
  switch (column.base) {
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'citext':
    case 'name':
      return textFor(column.length ?? (column.base === 'name' ? 63 : LONG_TEXT), flavour, serial);
    case 'numeric':
      return numericFor(column, flavour, serial);
    case 'float4':
    case 'float8':
      if (flavour === 'longest')
        return column.base === 'float4' ? '3.4028235e+38' : '1.7976931348623157e+308';
      return flavour === 'smallest' ? '-0.5' : `${serial}.25`;
    case 'bool':
      return serial % 2 === 0 ? 'true' : 'false';
    case 'uuid':
      return `00000000-0000-4000-8000-${String(serial + 1).padStart(12, '0')}`;
    case 'date':
      return flavour === 'longest' ? '9999-12-31' : flavour === 'smallest' ? '0001-01-01' : dayOf(serial);
    case 'timestamp':
    case 'timestamptz':
      if (flavour === 'longest') return '9999-12-31 23:59:59.999999+00';
      return flavour === 'smallest' ? '1970-01-01 00:00:00+00' : `${dayOf(serial)} 12:34:56.789012+00`;
    case 'time':
    case 'timetz':
      return flavour === 'longest' ? '23:59:59.999999' : `0${serial % 10}:00:01`;
    case 'interval':
      return flavour === 'longest' ? '178000000 years' : `${serial + 1} days`;
    case 'json':
    case 'jsonb':
      return flavour === 'smallest' ? '{}' : JSON.stringify({ n: serial, text: 'Zoë "1" \u{1F642}' });
    case 'bytea':
      return `\\x${flavour === 'smallest' ? '' : '00ff'.repeat(flavour === 'longest' ? 500 : 1)}${hex(serial)}`;
    case 'inet':
      return flavour === 'smallest' ? `::${serial + 1}` : `10.0.${serial % 256}.1/24`;
    case 'cidr':
      return `10.0.${serial % 256}.0/24`;
    case 'macaddr':
      return `08:00:2b:01:02:${hex(serial)}`;
    case 'bit':
      return (serial + 1)
        .toString(2)
        .padStart(column.length ?? 1, '0')
        .slice(-(column.length ?? 1));
    case 'varbit':
      return (serial + 1).toString(2).slice(-(column.length ?? 64));
    case 'money':
      return `${serial + 1}.50`;
    case 'point':
      return `(${serial},1)`;
    case 'xml':
      return `<a n="${serial}"/>`;
    case 'tsvector':
      return `'word${serial}':1`;
    case 'hstore':
      return `"k"=>"${serial}"`;
    case 'ltree':
      return `top.n${serial}`;
    case 'vector':
      return `[${Array.from({ length: column.length ?? 3 }, (_, index) => index + serial).join(',')}]`;
    default:
      return undefined;
  }
}

function textFor(length: number, flavour: Flavour, serial: number): string {
  const mark = String(serial);
  switch (flavour) {
    case 'longest':
      return `${'x'.repeat(Math.max(0, length - mark.length))}${mark}`.slice(-length);
    case 'smallest':
      return '';
    case 'multibyte': {
      // Two code points of four and two bytes: what counts bytes for characters is found out.
      const fitting = Math.max(0, Math.min(length, 40) - mark.length);
      return `${[...'\u{1F642}ß漢'.repeat(14)].slice(0, fitting).join('')}${mark}`.slice(
        0,
        fitting === 0 ? length : undefined,
      );
    }
    default:
      return `row ${mark}`.slice(-length);
  }
}

function numericFor(column: ColumnFacts, flavour: Flavour, serial: number): string {
  const { precision, scale = 0 } = column;
  if (precision === undefined) {
    if (flavour === 'longest') return '12345678901234567890.0123456789';
    return flavour === 'smallest' ? '-0.000001' : `${serial + 1}.5`;
  }
  const whole = Math.max(0, precision - Math.max(0, scale));
  const fraction = Math.max(0, scale);
  const most = `${'9'.repeat(whole) || '0'}${fraction > 0 ? `.${'9'.repeat(fraction)}` : ''}`;
  if (flavour === 'longest') return most;
  if (flavour === 'smallest') return `-${most}`;
  return whole === 0
    ? `0.${'0'.repeat(fraction - 1)}${serial % 10}`
    : String((serial + 1) % 10 ** Math.min(whole, 15));
}

function dayOf(serial: number): string {
  return new Date(Date.UTC(2026, 0, 1 + serial)).toISOString().slice(0, 10);
}

function hex(serial: number): string {
  return (serial % 256).toString(16).padStart(2, '0');
}
