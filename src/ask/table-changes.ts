import { type DatabaseSchema, findTable, type ObjectName } from '../plan/database-schema.ts';
import type { ModifyTableDocument } from '../plan/plan.ts';
import type { Asker, Choice } from './asker.ts';
import { askColumn, askType } from './columns.ts';
import { validateName } from './validate.ts';

type Changes = ModifyTableDocument['changes'];
type Step = 'add' | 'alter' | 'rename' | 'drop' | 'index' | 'unique' | 'done';

const STEPS: readonly Choice<Step>[] = [
  { name: 'Add a column', value: 'add' },
  { name: 'Change a column', value: 'alter' },
  { name: 'Rename a column', value: 'rename' },
  { name: 'Drop a column', value: 'drop' },
  { name: 'Add an index', value: 'index' },
  { name: 'Add a unique constraint', value: 'unique' },
];

/** One change of a table after the other, until there is nothing more; at least one. */
export async function askTableChanges(
  asker: Asker,
  name: ObjectName,
  schema: DatabaseSchema,
): Promise<Changes> {
  const old = findTable(schema, name)?.columns.map((column) => column.name) ?? [];
  let changes: Changes = {};
  for (;;) {
    const any = Object.keys(changes).length > 0;
    const step = await asker.select<Step>({
      message: any ? 'What else?' : 'What is to change in it?',
      choices: any ? [{ name: 'Nothing more', value: 'done' }, ...STEPS] : STEPS,
      default: any ? 'done' : 'add',
    });
    if (step === 'done') return changes;
    changes = await askStep(asker, step, changes, { old, schema });
  }
}

async function askStep(
  asker: Asker,
  step: Exclude<Step, 'done'>,
  changes: Changes,
  table: { old: readonly string[]; schema: DatabaseSchema },
): Promise<Changes> {
  const added = changes.add_columns?.map((column) => column.name) ?? [];
  const column = (): Promise<string> =>
    asker.select<string>({
      message: 'Column',
      choices: table.old.map((each) => ({ name: each, value: each })),
    });
  const columns = async (): Promise<string[]> => askSeveral(asker, [...table.old, ...added]);
  switch (step) {
    case 'add': {
      const asked = await askColumn(asker, table.schema, [...table.old, ...added]);
      if (!asked) return changes;
      return {
        ...changes,
        add_columns: [...(changes.add_columns ?? []), asked.field],
        ...(asked.foreignKey
          ? { add_foreign_keys: [...(changes.add_foreign_keys ?? []), asked.foreignKey] }
          : {}),
      };
    }
    case 'alter': {
      const name = await column();
      const type = await askType(asker, table.schema);
      return {
        ...changes,
        modify_columns: [
          ...(changes.modify_columns ?? []).filter((each) => each.name !== name),
          { name, new_type: type },
        ],
      };
    }
    case 'rename': {
      const from = await column();
      const to = await asker.input({ message: 'New name', validate: validateName });
      return {
        ...changes,
        rename_columns: [
          ...(changes.rename_columns ?? []).filter((each) => each.from !== from),
          { from, to },
        ],
      };
    }
    case 'drop':
      return { ...changes, drop_columns: [...new Set([...(changes.drop_columns ?? []), await column()])] };
    case 'index':
      return {
        ...changes,
        add_indexes: [...(changes.add_indexes ?? []), { fields: await columns(), type: 'index' }],
      };
    case 'unique':
      return { ...changes, add_unique: [...(changes.add_unique ?? []), { fields: await columns() }] };
  }
}

async function askSeveral(asker: Asker, columns: readonly string[]): Promise<string[]> {
  const chosen: string[] = [];
  for (;;) {
    const rest = columns.filter((name) => !chosen.includes(name)).map((name) => ({ name, value: name }));
    if (rest.length === 0) return chosen;
    const name = await asker.select<string>({
      message: chosen.length === 0 ? 'Column' : 'Another column',
      choices: chosen.length === 0 ? rest : [{ name: 'no more', value: '' }, ...rest],
      default: chosen.length === 0 ? (rest[0]?.value ?? '') : '',
    });
    if (name === '') return chosen;
    chosen.push(name);
  }
}
