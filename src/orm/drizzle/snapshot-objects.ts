import { displayName } from '../../plan/database-schema.ts';
import { sameExpression, sameType } from '../../postgres/sql.ts';
import type { SnapshotJson, TableJson } from './snapshot-json.ts';

export type ObjectKind =
  | 'schema'
  | 'enum'
  | 'view'
  | 'sequence'
  | 'role'
  | 'table'
  | 'column'
  | 'primary key'
  | 'unique'
  | 'index'
  | 'foreign key'
  | 'check'
  | 'policy';

export type Definition = Readonly<Record<string, unknown>>;

/** One object of a snapshot. */
export interface SnapshotObject {
  readonly kind: ObjectKind;
  /** What it is called in messages. */
  readonly label: string;
  /** Display name of its table; '' for what belongs to none. */
  readonly owner: string;
  readonly name: string;
  /** All of it but its name. */
  readonly definition: Definition;
  /** Display name of the table that a foreign key refers to. */
  readonly refersTo?: string | undefined;
  readonly isSame: (other: SnapshotObject) => boolean;
}

/** Every object of a snapshot by a key that tells kind, table and name. Nothing where there is no snapshot. */
export function listObjects(snapshot: unknown): ReadonlyMap<string, SnapshotObject> {
  const json = (snapshot ?? {}) as Partial<SnapshotJson>;
  const objects = [
    ...Object.keys(json.schemas ?? {}).map((name) => object('schema', '', name, {})),
    ...Object.values(json.enums ?? {}).map((item) =>
      object('enum', '', shownName(item), { values: item.values }),
    ),
    ...Object.values(json.views ?? {}).map(({ columns: _columns, ...view }) =>
      object('view', '', shownName(view), view),
    ),
    ...others(json, 'sequences', 'sequence'),
    ...others(json, 'roles', 'role'),
    ...others(json, 'policies', 'policy'),
    ...Object.values(json.tables ?? {}).flatMap(tableObjects),
  ];
  return new Map(objects.map((item) => [JSON.stringify([item.kind, item.owner, item.name]), item]));
}

function others(json: Partial<SnapshotJson>, key: string, kind: ObjectKind): SnapshotObject[] {
  return Object.entries((json[key] ?? {}) as Record<string, Definition>).map(([name, definition]) =>
    object(kind, '', name, definition),
  );
}

function shownName(item: { name: string; schema: string }): string {
  return displayName({ name: item.name, schema: item.schema || 'public' });
}

function tableObjects(table: TableJson): SnapshotObject[] {
  const owner = shownName(table);
  const within = (kind: ObjectKind, record: object | undefined): SnapshotObject[] =>
    Object.values((record ?? {}) as Record<string, Definition & { name: string }>).map(
      ({ name, ...definition }) => object(kind, owner, name, definition, table.name),
    );
  return [
    {
      ...object('table', owner, '', { rowLevelSecurity: table['isRLSEnabled'] === true }),
      label: `table ${owner}`,
    },
    ...within('column', table.columns),
    ...within('index', table.indexes),
    ...Object.values(table.foreignKeys ?? {}).map(({ name, tableFrom: _from, ...key }) => ({
      ...object('foreign key', owner, name, { ...key, schemaTo: key.schemaTo || 'public' }),
      refersTo: displayName({ schema: key.schemaTo || 'public', name: key.tableTo }),
    })),
    ...within('primary key', table.compositePrimaryKeys),
    ...within('unique', table.uniqueConstraints),
    ...within('check', table.checkConstraints),
    ...within('policy', table['policies'] as object | undefined),
  ];
}

function object(
  kind: ObjectKind,
  owner: string,
  name: string,
  definition: Definition,
  table = '',
): SnapshotObject {
  const label = `${kind} ${owner === '' ? name : `${owner}.${name}`}`;
  return {
    kind,
    label,
    owner,
    name,
    definition,
    isSame: (other) => sameDefinition(definition, other.definition, table),
  };
}

/** Keys of a definition that hold SQL, which may be written in more than one way. */
const EXPRESSIONS = new Set(['value', 'where', 'default', 'as', 'expression']);

function sameDefinition(a: unknown, b: unknown, table: string, key = ''): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return true;
    return key === 'type' ? sameType(a, b) : EXPRESSIONS.has(key) && sameExpression(a, b, { table });
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameDefinition(item, b[index], table));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((name) => sameDefinition(Reflect.get(a, name), Reflect.get(b, name), table, name));
}
