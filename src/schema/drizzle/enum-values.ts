import { TableplanError } from '../../errors.ts';
import { displayName, isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import type { Editing } from './editing.ts';
import { projectEnums } from './enum-place.ts';
import type { EnumModel, EnumValues } from './model.ts';
import { notEditable } from '../parse.ts';

/** The declaration of an enum. Throws `schema-not-editable` when the source has none that can be edited. */
export function findEnumModel(editing: Editing, name: ObjectName): EnumModel {
  const found = projectEnums(editing).filter((each) => isSameObject(each, name));
  const [first, second] = found;
  if (first === undefined) {
    throw new TableplanError(
      'schema-not-editable',
      `the enum ${displayName(name)} is not declared in the schema source`,
      {
        hint: `Declare it with pgEnum('${name.name}', […]) at the top of a schema file and export it.`,
      },
    );
  }
  if (second !== undefined) {
    throw notEditable(
      `the enum ${displayName(name)} is declared twice, here and in ${second.file.path}`,
      { file: first.file, offset: first.statement.start },
      'Remove one of them.',
    );
  }
  return first;
}

/** The list of an enum's values. Throws `schema-not-editable` when it is computed or taken from a TypeScript enum. */
export function valuesOf(model: EnumModel): EnumValues {
  if (model.values !== undefined) return model.values;
  throw notEditable(
    `the values of the enum ${displayName(model)} are not a list of literals`,
    { file: model.file, offset: model.statement.start },
    "Write them as a list: pgEnum('name', ['a', 'b']), or change them by hand.",
  );
}

/** The place of a value in the list. Throws `plan-stale` when the source does not have it. */
export function indexOfValue(model: EnumModel, value: string): number {
  const values = valuesOf(model);
  const index = values.items.findIndex((item) => item.value === value);
  if (index !== -1) return index;
  throw new TableplanError(
    'plan-stale',
    `the enum ${displayName(model)} has no value '${value}' in the source`,
    {
      hint: `It has: ${values.items.map((item) => item.value).join(', ')}.`,
      at: { file: model.file.path },
    },
  );
}
