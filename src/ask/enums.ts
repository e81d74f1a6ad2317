import type { Asker } from './asker.ts';

/** Values of an enum, at least one. */
export async function askEnumValues(asker: Asker): Promise<string[]> {
  const values: string[] = [];
  for (;;) {
    const value = await asker.input({
      message: 'Value (empty to finish)',
      default: '',
      validate: (text) => {
        if (text === '') return values.length > 0 || 'At least one value is needed.';
        return values.includes(text) ? `${text} is there already.` : true;
      },
    });
    if (value === '') return values;
    values.push(value);
  }
}
