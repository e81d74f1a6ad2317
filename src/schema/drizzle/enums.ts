import { displayName } from '../../plan/database-schema.ts';
import { createEnum } from './changes/create-enum.ts';
import { dropEnum } from './changes/drop-enum.ts';
import { editEnumValues, type EnumValueChange } from './changes/edit-enum-values.ts';
import type { Editing, EnumChange } from './editing.ts';
import type { EnumRef } from './model.ts';

/**
 * Follows every change about enums in the source, before the tables are written, and returns the enums that columns
 * can use then: those of the source and those that the plan makes.
 */
export function editEnums(editing: Editing, changes: readonly EnumChange[]): readonly EnumRef[] {
  const made: EnumRef[] = [];
  const values = new Map<string, EnumValueChange[]>();
  for (const change of changes) {
    switch (change.kind) {
      case 'create-enum':
        made.push(createEnum(editing, change));
        break;
      case 'drop-enum':
        dropEnum(editing, change);
        break;
      case 'add-enum-value':
      case 'rename-enum-value':
      case 'drop-enum-value': {
        const key = displayName(change.enum);
        values.set(key, [...(values.get(key) ?? []), change]);
      }
    }
  }
  for (const group of values.values()) editEnumValues(editing, group);
  return [...known(editing), ...made];
}

function known(editing: Editing): EnumRef[] {
  return editing.model.enums.map(({ schema, name, variable, file }) => ({
    schema,
    name,
    variable,
    path: file.path,
  }));
}
