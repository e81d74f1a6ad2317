import type { DatabaseSchema } from '../plan/database-schema.ts';
import type {
  PlanCheck,
  PlanDocument,
  PlanField,
  PlanForeignKey,
  PlanIndex,
  PlanUnique,
} from '../plan/plan.ts';
import { tableConventions } from '../plan/table-conventions.ts';
import type { Asker } from './asker.ts';
import { type AskedColumn, askColumn } from './columns.ts';
import type { Checks } from './interview.ts';
import { askExpression, askIndex, askSeveral } from './table-parts.ts';
import { tablePanel } from './panel.ts';

type More = 'done' | 'index' | 'unique' | 'check';

/** A new table, its usual columns offered first, as the documents of a plan: the enums that it needs before it. */
export async function askNewTable(asker: Asker, checks: Checks, name: string): Promise<PlanDocument[]> {
  const { key, timestamps } = tableConventions(checks.schema);
  const start: PlanField[] = [];
  if (await asker.confirm({ key: 'id', panel: name, message: `Add ${described(key)}?`, default: true }))
    start.push(key);
  const columns = await askColumns(asker, checks, { name, start });
  const fields = [...start, ...columns.map(({ field }) => field)];
  const missing = timestamps.filter((stamp) => !fields.some((field) => field.name === stamp.name));
  const foreignKeys = columns.flatMap(({ foreignKey }) => foreignKey ?? []);
  const indexes = columns.flatMap(({ index }) => index ?? []);
  if (
    missing.length > 0 &&
    (await asker.confirm({
      key: 'timestamps',
      panel: tablePanel({ name, fields, foreignKeys, indexes }),
      message: `Add ${missing.map((field) => field.name).join(' and ')} (${missing[0]!.type})?`,
      default: true,
    }))
  )
    fields.push(...missing);
  const more = await askMore(asker, { name, fields, foreignKeys, indexes });
  const allIndexes = [...indexes, ...more.indexes];
  return [
    ...enumDocuments(columns),
    {
      migration_type: 'new_domain',
      table_name: name,
      fields,
      ...(allIndexes.length > 0 && { indexes: allIndexes }),
      ...(foreignKeys.length > 0 && { foreign_keys: foreignKeys }),
      ...(more.unique.length > 0 && { unique: more.unique }),
      ...(more.checks.length > 0 && { checks: more.checks }),
    },
  ];
}

/** The enums that new columns need, as documents that come before them. */
export function enumDocuments(columns: readonly AskedColumn[]): PlanDocument[] {
  return columns.flatMap(({ newEnum }): PlanDocument[] =>
    newEnum ? [{ migration_type: 'new_enum', enum_name: newEnum.name, values: [...newEnum.values] }] : [],
  );
}

async function askColumns(
  asker: Asker,
  checks: Checks,
  { name, start }: { readonly name: string; readonly start: readonly PlanField[] },
): Promise<AskedColumn[]> {
  const asked: AskedColumn[] = [];
  for (;;) {
    const fields = [...start, ...asked.map(({ field }) => field)];
    const column = await askColumn({
      asker,
      checks: withEnums(checks, asked),
      key: `column.${asked.length}`,
      table: name,
      taken: fields.map((field) => field.name),
      panel: tablePanel({
        name,
        fields,
        foreignKeys: asked.flatMap(({ foreignKey }) => foreignKey ?? []),
        indexes: asked.flatMap(({ index }) => index ?? []),
      }),
    });
    if (column === undefined) return asked;
    asked.push(column);
  }
}

/** A column may have the enum that an earlier one has made. */
function withEnums(checks: Checks, columns: readonly AskedColumn[]): Checks {
  const made = columns.flatMap(({ newEnum }) => (newEnum ? [{ schema: 'public', ...newEnum }] : []));
  const schema: DatabaseSchema = { ...checks.schema, enums: [...checks.schema.enums, ...made] };
  return { ...checks, schema };
}

interface MoreParts {
  readonly indexes: PlanIndex[];
  readonly unique: PlanUnique[];
  readonly checks: PlanCheck[];
}

/** What concerns several columns. */
async function askMore(
  asker: Asker,
  table: {
    readonly name: string;
    readonly fields: readonly PlanField[];
    readonly foreignKeys: readonly PlanForeignKey[];
    readonly indexes: readonly PlanIndex[];
  },
): Promise<MoreParts> {
  const parts: MoreParts = { indexes: [], unique: [], checks: [] };
  const columns = table.fields.map(({ name }) => name);
  for (let turn = 0; ; turn += 1) {
    const key = `more.${turn}`;
    const panel = tablePanel({
      ...table,
      indexes: [...table.indexes, ...parts.indexes],
      more: [
        ...parts.unique.map(({ fields }) => `unique (${fields.join(', ')})`),
        ...parts.checks.map(({ expression }) => `check (${expression})`),
      ],
    });
    const step = await asker.select<More>({
      key: `${key}.step`,
      panel,
      message: 'Anything else?',
      choices: [
        { name: 'No, that is the table', value: 'done' },
        { name: 'An index', value: 'index' },
        { name: 'A unique constraint on several columns', value: 'unique' },
        { name: 'A check', value: 'check' },
      ],
      default: 'done',
    });
    if (step === 'done') return parts;
    if (step === 'index') parts.indexes.push(await askIndex({ asker, key, panel, columns }));
    else if (step === 'unique')
      parts.unique.push({ fields: await askSeveral({ asker, key, panel, columns }) });
    else parts.checks.push({ expression: await askExpression({ asker, key, panel }) });
  }
}

function described({ name, type, constraints = [] }: PlanField): string {
  const more = constraints.map((text) =>
    text.replace(/^PRIMARY KEY$/, 'primary key').replace(/^DEFAULT /, 'default '),
  );
  return `${name} (${[type, ...more].join(', ')})`;
}
