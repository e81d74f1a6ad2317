import { quoteLiteral } from '../../postgres/sql.ts';
import {
  type DatabaseSchema,
  displayName,
  type EnumDef,
  findEnum,
  isSameObject,
  type ObjectName,
  type TableDef,
} from '../database-schema.ts';
import type { ModifyEnumDocument, PlanDocument, PlanPath } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { conflict, emit, type Resolving, tellDone } from './context.ts';
import { isOfEnum } from './enum-type.ts';
import type { LaterStates } from './later-documents.ts';
import { sameSequence } from './lookup.ts';
import { needSchema } from './new-table.ts';
import { reused } from './renames.ts';
import { needFreeName } from './taken.ts';

type NewEnumDocument = Extract<PlanDocument, { migration_type: 'new_enum' }>;
type DropEnumDocument = Extract<PlanDocument, { migration_type: 'drop_enum' }>;
type AddedValue = NonNullable<ModifyEnumDocument['changes']['add_values']>[number];

export async function resolveNewEnum(
  resolving: Resolving,
  document: NewEnumDocument,
  path: PlanPath,
  later: LaterStates,
): Promise<void> {
  const { values } = document;
  const name = enumName(document);
  const at = [...path, 'enum_name'];
  const existing = findEnum(resolving.schema, name);
  if (!existing) {
    needSchema(resolving, name.schema, [...path, 'schema']);
    needFreeName(resolving, name, at, 'enum');
    return emit(resolving, { kind: 'create-enum', enum: { ...name, values } });
  }
  for await (const wanted of wantedValues(resolving, { ...name, values }, later))
    if (sameSequence(existing.values, wanted)) return tellDone(resolving, `enum ${displayName(name)}`, at);
  throw conflict(
    resolving,
    at,
    `enum ${displayName(name)} exists with other values: ${existing.values.join(', ')}`,
    {
      hint: "To change it, write migration_type: 'modify_enum'.",
    },
  );
}

/** The values as the document has them, then as each later document leaves them. */
async function* wantedValues(
  resolving: Resolving,
  made: EnumDef,
  later: LaterStates,
): AsyncGenerator<readonly string[]> {
  yield made.values;
  const without = (schema: DatabaseSchema) => schema.enums.filter((item) => !isSameObject(item, made));
  const { initial, schema } = resolving;
  const start = {
    ...resolving,
    initial: { ...initial, enums: without(initial) },
    schema: { ...schema, enums: [...without(schema), made] },
  };
  for await (const state of later(start)) {
    const wanted = findEnum(state, made);
    if (wanted) yield wanted.values;
  }
}

export async function resolveDropEnum(
  resolving: Resolving,
  document: DropEnumDocument,
  path: PlanPath,
): Promise<void> {
  const name = enumName(document);
  const at = [...path, 'enum_name'];
  if (!findEnum(resolving.schema, name)) {
    if (await resolving.context.hadName({ kind: 'enum', name }))
      return tellDone(resolving, `drop of ${displayName(name)}`, at);
    throw noSuchEnum(resolving, name, at);
  }
  const users = columnsOfEnum(resolving.schema, name).map(
    ({ table, column }) => `${displayName(table)}.${column.name}`,
  );
  if (users.length > 0) {
    throw conflict(resolving, at, `enum ${displayName(name)} is the type of ${users.join(', ')}`, {
      hint: 'Drop those columns or change their type in the same plan, in a document before this one.',
    });
  }
  emit(resolving, { kind: 'drop-enum', enum: name });
}

/** Renames come first, then drops, then new values: anchors may go by a value's new name or its old one. */
export async function resolveModifyEnum(
  resolving: Resolving,
  document: ModifyEnumDocument,
  path: PlanPath,
): Promise<void> {
  const name = enumName(document);
  if (!findEnum(resolving.schema, name)) throw noSuchEnum(resolving, name, [...path, 'enum_name']);
  const { rename_values: renamed = [], drop_values: dropped = [], add_values: added = [] } = document.changes;
  const at = [...path, 'changes'];
  for (const [index, rename] of renamed.entries())
    await renameValue(resolving, name, rename, [...at, 'rename_values', index]);
  for (const [index, value] of dropped.entries())
    await dropValue(resolving, name, value, [...at, 'drop_values', index]);
  const newNames = new Map(renamed.map(({ from, to }) => [from, to]));
  addValues(
    resolving,
    name,
    added.map((entry, index) => ({
      entry: withNewNames(entry, newNames),
      path: [...at, 'add_values', index],
    })),
  );
}

function withNewNames(entry: AddedValue, names: ReadonlyMap<string, string>): AddedValue {
  const now = (anchor: string | undefined) =>
    anchor === undefined ? undefined : (names.get(anchor) ?? anchor);
  return { ...entry, before: now(entry.before), after: now(entry.after) };
}

async function renameValue(
  resolving: Resolving,
  name: ObjectName,
  { from, to }: { from: string; to: string },
  path: PlanPath,
): Promise<void> {
  const { values } = enumNow(resolving, name);
  if (!values.includes(from)) {
    const done =
      values.includes(to) &&
      (await resolving.context.hadName({ kind: 'enum-value', enum: name, name: from }));
    if (!done) throw noSuchValue(resolving, name, from, [...path, 'from']);
    return tellDone(resolving, `rename of '${from}' to '${to}'`, [...path, 'to']);
  }
  if (values.includes(to))
    throw conflict(resolving, [...path, 'to'], `enum ${displayName(name)} has a value '${to}' already`, {
      hint: 'Choose another name.',
    });
  if (findEnum(resolving.initial, name)?.values.includes(to))
    throw reused(resolving, `value '${to}'`, [...path, 'to']);
  emit(resolving, { kind: 'rename-enum-value', enum: name, from, to });
}

async function dropValue(
  resolving: Resolving,
  name: ObjectName,
  value: string,
  path: PlanPath,
): Promise<void> {
  const { values } = enumNow(resolving, name);
  if (!values.includes(value)) {
    if (await resolving.context.hadName({ kind: 'enum-value', enum: name, name: value }))
      return tellDone(resolving, `drop of '${value}'`, path);
    throw noSuchValue(resolving, name, value, path);
  }
  if (values.length === 1)
    throw conflict(resolving, path, `'${value}' is the last value of ${displayName(name)}`, {
      hint: "To drop the enum itself, write migration_type: 'drop_enum'.",
    });
  const user = columnsOfEnum(resolving.schema, name).find(({ column }) =>
    column.default?.includes(quoteLiteral(value)),
  );
  if (user) {
    throw conflict(
      resolving,
      path,
      `'${value}' is the default of ${displayName(user.table)}.${user.column.name}`,
      {
        hint: 'Give that column another default in the same plan, in a document before this one.',
      },
    );
  }
  emit(resolving, { kind: 'drop-enum-value', enum: name, value });
}

interface PlacedValue {
  readonly entry: AddedValue;
  readonly path: PlanPath;
}

/** A value may stand beside another new one: those whose anchor is there come first. */
function addValues(resolving: Resolving, name: ObjectName, added: readonly PlacedValue[]): void {
  const waiting = [...added];
  while (waiting.length > 0) {
    const { values } = enumNow(resolving, name);
    const ready = waiting.findIndex(({ entry }) => hasAnchor(values, entry));
    const [next] = waiting.splice(Math.max(ready, 0), 1);
    if (next) addValue(resolving, name, next);
  }
}

function hasAnchor(values: readonly string[], entry: AddedValue): boolean {
  const anchor = entry.before ?? entry.after;
  return anchor === undefined || values.includes(anchor);
}

function addValue(resolving: Resolving, name: ObjectName, { entry, path }: PlacedValue): void {
  const { values } = enumNow(resolving, name);
  const { value, before, after } = entry;
  if (!hasAnchor(values, entry))
    throw noSuchValue(resolving, name, before ?? after ?? '', [
      ...path,
      before === undefined ? 'after' : 'before',
    ]);
  if (!values.includes(value))
    return emit(resolving, { kind: 'add-enum-value', enum: name, value, before, after });
  if (isPlaced(values, entry)) return tellDone(resolving, `value '${value}'`, path);
  throw conflict(
    resolving,
    path,
    `'${value}' stands elsewhere in ${displayName(name)}: ${values.join(', ')}`,
    {
      hint: 'Postgres cannot move a value of an enum. Leave it where it is.',
    },
  );
}

function isPlaced(values: readonly string[], { value, before, after }: AddedValue): boolean {
  const at = values.indexOf(value);
  if (before !== undefined) return at < values.indexOf(before);
  return after === undefined || at > values.indexOf(after);
}

/**
 * Where enums live on columns, one that stands alone cannot be said: a new one needs a column of its type, and one is
 * dropped with its last column. Throws `plan-not-supported`.
 */
export function refuseEnumsAlone(resolving: Resolving, documents: readonly PlanDocument[]): void {
  const { enums, orm } = resolving.context.capabilities;
  if (enums) return;
  for (const [index, document] of documents.entries()) {
    const kind = document.migration_type;
    if (kind !== 'new_enum' && kind !== 'drop_enum') continue;
    const state = kind === 'new_enum' ? resolving.schema : resolving.initial;
    const name = enumName(document);
    const lives = state.tables.some(({ columns }) => columns.some((column) => isOfEnum(column, name)));
    if (lives || (kind === 'drop_enum' && !findEnum(resolving.initial, name))) continue;
    throw conflict(resolving, [index, 'enum_name'], `${orm} has no enums of their own`, {
      code: 'plan-not-supported',
      hint: 'Give the column its values where it is made: add a document with a column of this type.',
    });
  }
}

function enumName(document: { schema?: string | undefined; enum_name: string }): ObjectName {
  return { schema: document.schema ?? 'public', name: document.enum_name };
}

function enumNow(resolving: Resolving, name: ObjectName): EnumDef {
  return findEnum(resolving.schema, name) ?? { ...name, values: [] };
}

function columnsOfEnum(
  schema: DatabaseSchema,
  name: ObjectName,
): { table: TableDef; column: TableDef['columns'][number] }[] {
  return schema.tables.flatMap((table) =>
    table.columns.filter((column) => isOfEnum(column, name)).map((column) => ({ table, column })),
  );
}

function noSuchEnum(resolving: Resolving, name: ObjectName, path: PlanPath) {
  return conflict(resolving, path, `there is no enum "${displayName(name)}"`, {
    hint: didYouMean(displayName(name), resolving.schema.enums.map(displayName)),
  });
}

function noSuchValue(resolving: Resolving, name: ObjectName, value: string, path: PlanPath) {
  return conflict(resolving, path, `enum ${displayName(name)} has no value '${value}'`, {
    hint: didYouMean(value, enumNow(resolving, name).values),
  });
}
