import type { EnumDef } from '../plan/database-schema.ts';
import type { ModifyEnumDocument } from '../plan/plan.ts';
import type { Asker } from './asker.ts';

/** Values of an enum, at least one, several at once: `draft, published`. */
export async function askEnumValues(
  asker: Asker,
  {
    key,
    panel,
    taken = [],
  }: { readonly key: string; readonly panel: string; readonly taken?: readonly string[] },
): Promise<string[]> {
  const text = await asker.input({
    key,
    panel,
    message: 'Values, separated by commas',
    validate: (typed) => {
      const values = valuesOf(typed);
      if (values.length === 0) return 'At least one value is needed.';
      const twice = values.find((value, index) => values.indexOf(value) !== index || taken.includes(value));
      return twice === undefined || `${twice} is there already.`;
    },
  });
  return valuesOf(text);
}

/** Quotes around a value keep its commas and spaces. */
function valuesOf(text: string): string[] {
  return [...text.matchAll(/'((?:[^']|'')*)'|[^,\s](?:[^,]*[^,\s])?/g)].map(([plain, quoted]) =>
    quoted === undefined ? plain : quoted.replaceAll("''", "'"),
  );
}

type Changes = ModifyEnumDocument['changes'];
type Step = 'add' | 'rename' | 'drop' | 'done';

/** One change of an enum after the other, its values shown in their order; at least one. */
export async function askEnumChanges(asker: Asker, { name, values }: EnumDef): Promise<Changes> {
  let changes: Changes = {};
  let now: readonly string[] = values;
  for (let turn = 0; ; turn += 1) {
    const key = `enum.${turn}`;
    const panel = [name, ...now.map((value) => `  ${value}`)].join('\n');
    const isFirst = turn === 0;
    const step = await asker.select<Step>({
      key: `${key}.step`,
      panel,
      message: isFirst ? 'Which change?' : 'Another change?',
      choices: [
        ...(isFirst ? [] : [{ name: 'No more changes', value: 'done' as const }]),
        { name: 'Add values', value: 'add' },
        { name: 'Rename a value', value: 'rename' },
        { name: 'Drop a value', value: 'drop' },
      ],
      default: isFirst ? 'add' : 'done',
    });
    if (step === 'done') return changes;
    const choices = now.map((value) => ({ name: value, value }));
    if (step === 'add') {
      const added = await askEnumValues(asker, { key: `${key}.values`, panel, taken: now });
      const before = await asker.select<string>({
        key: `${key}.place`,
        panel,
        message: 'Where?',
        choices: [
          { name: 'at the end', value: '' },
          ...now.map((value) => ({ name: `before ${value}`, value })),
        ],
        default: '',
      });
      const at = before === '' ? now.length : now.indexOf(before);
      now = [...now.slice(0, at), ...added, ...now.slice(at)];
      const entries = added.map((value) => ({ value, ...(before !== '' && { before }) }));
      changes = { ...changes, add_values: [...(changes.add_values ?? []), ...entries] };
    } else if (step === 'rename') {
      const from = await asker.select<string>({ key: `${key}.from`, panel, message: 'Value', choices });
      const to = await asker.input({
        key: `${key}.to`,
        panel,
        message: `New name of ${from}`,
        validate: (text) =>
          text === '' ? 'A name is needed.' : !now.includes(text) || `${text} is there already.`,
      });
      now = now.map((value) => (value === from ? to : value));
      changes = { ...changes, rename_values: [...(changes.rename_values ?? []), { from, to }] };
    } else {
      const dropped = await asker.select<string>({ key: `${key}.drop`, panel, message: 'Value', choices });
      now = now.filter((value) => value !== dropped);
      changes = { ...changes, drop_values: [...(changes.drop_values ?? []), dropped] };
    }
  }
}
