import { TableplanError } from '../../errors.ts';
import { type DatabaseSchema, displayName, findTable, type ObjectName } from '../../plan/database-schema.ts';
import type { Query } from './child/child.ts';

/** What a statement of TypeORM's diff does to a table or a column as a whole. */
interface Effect {
  readonly kind: 'create-table' | 'drop-table' | 'add-column' | 'drop-column' | 'rename-column';
  readonly table: ObjectName;
  readonly column: string;
  readonly sql: string;
}

const NAME = String.raw`(?:"([^"]+)"\.)?"([^"]+)"`;
const PATTERNS: readonly (readonly [Effect['kind'], RegExp])[] = [
  ['create-table', new RegExp(`^CREATE TABLE ${NAME}`)],
  ['drop-table', new RegExp(`^DROP TABLE ${NAME}`)],
  ['drop-column', new RegExp(`^ALTER TABLE ${NAME} DROP COLUMN "([^"]+)"`)],
  ['rename-column', new RegExp(`^ALTER TABLE ${NAME} RENAME COLUMN "([^"]+)"`)],
  ['add-column', new RegExp(`^ALTER TABLE ${NAME} ADD "([^"]+)" `)],
];

/**
 * That the diff holds what the plan asks for and nothing else, as far as tables and columns go. `after` is the schema
 * that the plan leads to. Throws `generate-failed` where a column that the plan keeps would be dropped and added, and
 * `schema-drift` for what the plan does not name.
 */
export function checkDiff(up: readonly Query[], after: DatabaseSchema): void {
  const effects = up.flatMap(({ sql }) => effectOf(sql) ?? []);
  const added = new Set(effects.filter(({ kind }) => kind === 'add-column').map(keyOf));
  for (const effect of effects) {
    const columns = findTable(after, effect.table)?.columns;
    const isPlanned = columns?.some(({ name }) => name === effect.column) ?? false;
    switch (effect.kind) {
      case 'drop-column':
        if (isPlanned && added.has(keyOf(effect))) throw losesRows(effect);
        if (isPlanned || !columns) throw drift(effect, 'is in the database but not in the entities');
        break;
      case 'add-column':
        if (!isPlanned) throw drift(effect, 'is in the entities but in no migration');
        break;
      case 'create-table':
        if (!columns) throw drift(effect, 'is in the entities but in no migration');
        break;
      case 'drop-table':
      case 'rename-column':
        throw drift(effect, `would go: ${effect.sql}`);
    }
  }
}

function effectOf(sql: string): Effect | undefined {
  for (const [kind, pattern] of PATTERNS) {
    const [, schema = 'public', name, column = ''] = pattern.exec(sql) ?? [];
    if (name !== undefined) return { kind, table: { schema, name }, column, sql };
  }
  return undefined;
}

function keyOf({ table, column }: Effect): string {
  return JSON.stringify([table.schema, table.name, column]);
}

function losesRows({ table, column }: Effect): TableplanError {
  return new TableplanError(
    'generate-failed',
    `TypeORM would drop ${displayName(table)}.${column} and add it again, which loses its rows; the plan keeps it.`,
    {
      hint: 'Nothing was written. The column in the entity is of another type or length than the plan says: look at its decorator.',
    },
  );
}

function drift({ table, column }: Effect, what: string): TableplanError {
  const object = column === '' ? displayName(table) : `${displayName(table)}.${column}`;
  return new TableplanError(
    'schema-drift',
    `The entities contain changes that no migration has and that this plan does not ask for: ${object} ${what}.`,
    {
      hint: 'Nothing was written. Generate a migration for those changes first (or take them back), then run this plan again.',
    },
  );
}
