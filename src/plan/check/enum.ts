import { byteLength } from '../../postgres/parser.ts';
import { LONGEST_NAME } from '../names.ts';
import type { ModifyEnumDocument, PlanDocument, PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import { needDistinct, needName } from './need.ts';

type NewEnumDocument = Extract<PlanDocument, { migration_type: 'new_enum' }>;

/** Throws PlanProblem unless the new enum has a name and distinct labels that Postgres can keep. */
export function checkNewEnum(document: NewEnumDocument, path: PlanPath): void {
  needName([...path, 'enum_name'], document.enum_name);
  document.values.forEach((value, index) => needLabel([...path, 'values', index], value));
  needDistinct([...path, 'values'], document.values, 'value');
}

/** Throws PlanProblem for changes of an enum that are no labels or that undo each other. */
export function checkEnumChanges(document: ModifyEnumDocument, path: PlanPath): void {
  needName([...path, 'enum_name'], document.enum_name);
  const at = [...path, 'changes'];
  const { add_values: added = [], rename_values: renamed = [], drop_values: dropped = [] } = document.changes;
  if (added.length + renamed.length + dropped.length === 0)
    throw new PlanProblem(at, 'changes is empty', { hint: 'It holds at least one entry.' });
  added.forEach((entry, index) => checkAddedValue(entry, [...at, 'add_values', index]));
  renamed.forEach(({ from, to }, index) => {
    needLabel([...at, 'rename_values', index, 'to'], to);
    if (from === to)
      throw new PlanProblem([...at, 'rename_values', index, 'to'], `"${from}" is renamed to itself`);
  });
  needDistinct(at, [...added.map(({ value }) => value), ...renamed.map(({ to }) => to)], 'value', (index) =>
    index < added.length
      ? [...at, 'add_values', index, 'value']
      : [...at, 'rename_values', index - added.length, 'to'],
  );
  needDistinct(at, [...renamed.map(({ from }) => from), ...dropped], 'value', (index) =>
    index < renamed.length
      ? [...at, 'rename_values', index, 'from']
      : [...at, 'drop_values', index - renamed.length],
  );
}

function checkAddedValue(
  entry: NonNullable<ModifyEnumDocument['changes']['add_values']>[number],
  path: PlanPath,
): void {
  needLabel([...path, 'value'], entry.value);
  if (entry.before !== undefined && entry.after !== undefined) {
    throw new PlanProblem(path, 'before and after together', { key: 'after', hint: 'Write one of them.' });
  }
  if ((entry.before ?? entry.after) === entry.value)
    throw new PlanProblem(path, `"${entry.value}" cannot stand beside itself`);
}

/** Labels are any text, but Postgres keeps 63 bytes and refuses more. */
function needLabel(path: PlanPath, label: string): void {
  if (label === '') throw new PlanProblem(path, 'an enum value is empty');
  const bytes = byteLength(label);
  if (bytes > LONGEST_NAME)
    throw new PlanProblem(path, `the enum value is ${bytes} bytes long; Postgres allows ${LONGEST_NAME}`);
}
