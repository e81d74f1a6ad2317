import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { displayName, isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import { type EnumUse, enumUses } from './enum-uses.ts';
import type { ValueChange } from './enum-values.ts';

interface SharedValues {
  readonly change: ValueChange;
  /** Where the enum is used. */
  readonly uses: readonly EnumUse[];
  /** All changes of the plan. */
  readonly changes: readonly Change[];
  /** What an enum was called before the plan. */
  readonly former: (name: ObjectName) => ObjectName;
}

/**
 * One list of values in the sources makes an enum for each column that has it. Throws `schema-not-editable`, with their
 * names, where the plan changes one of those and leaves another as it is.
 */
export function refuseSharedValues(
  { change, uses, changes, former }: SharedValues,
  editing: Editing,
  entities: Entities,
): void {
  const lists = new Set(uses.flatMap((use) => listOf(use) ?? []));
  const isLeft = (name: ObjectName) =>
    !changes.some(
      (other) => 'enum' in other && isSameObject(former(other.enum), name) && isAlike(other, change),
    );
  const left = enumUses(editing, entities, isLeft).filter((use) => lists.has(listOf(use) ?? ''));
  const [first] = left;
  if (first === undefined) return;
  const names = [...new Set(left.map(({ name }) => displayName(name)))];
  throw new TableplanError(
    'schema-not-editable',
    `the values of ${displayName(change.enum)} are ${nameOf(first)}, which makes ${names.join(', ')} too`,
    {
      hint: `Changing the list changes all of them. Add to the plan, for ${names.length === 1 ? 'that enum' : 'each of those enums'}, a document with the same change:\n${names.map((name) => `  enum_name: ${name}`).join('\n')}`,
      at: { file: first.path, ...placeOf(first, editing) },
    },
  );
}

/** The same change of another enum. */
function isAlike(other: Change, change: ValueChange): boolean {
  switch (other.kind) {
    case 'add-enum-value':
    case 'drop-enum-value':
      return other.kind === change.kind && other.value === change.value;
    case 'rename-enum-value':
      return other.kind === change.kind && other.from === change.from && other.to === change.to;
    default:
      return false;
  }
}

/** Which list of values it is: two uses of one have the same. */
function listOf({ source, path, decorator }: EnumUse): string | undefined {
  switch (source?.kind) {
    case 'declared':
      return `${source.declaration.file.path}#${source.declaration.name}`;
    case 'inline':
      return `${path}@${decorator.start}`;
    case undefined:
      return undefined;
  }
}

function nameOf({ source, member }: EnumUse): string {
  return source?.kind === 'declared' ? `those of ${source.declaration.name}` : `written at ${member.name}`;
}

function placeOf({ path, decorator }: EnumUse, { sources }: Editing): { line: number; column: number } {
  const before = (sources.text(path) ?? '').slice(0, decorator.start).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
