import type { Change } from '../../../plan/change.ts';
import { type Companion, companionsOf } from '../companions.ts';
import type { Editing } from '../editing.ts';
import { findEnumModel } from '../enum-values.ts';
import { removeStatements } from '../../statement-removal.ts';
import type { SchemaFile } from '../../source-file.ts';

/** Removes an enum with its type lines, and its name from the barrels. Columns that have it are other changes. */
export function dropEnum(editing: Editing, { enum: name }: Extract<Change, { kind: 'drop-enum' }>): void {
  const { file, variable, statement } = findEnumModel(editing, name);
  const companions = companionsOf(file.ast, variable);
  const gone = [statement, ...companions];
  for (const edit of removeStatements(file.text, gone)) editing.edit(file.path, edit);
  const names = { values: [variable, ...namesOf(companions, 'value')], types: namesOf(companions, 'type') };
  editing.unregister(file.path, names, {
    isEmpty: isEmptyWithout(file, new Set(gone.map((each) => each.start))),
  });
}

function namesOf(companions: readonly Companion[], kind: Companion['kind']): string[] {
  return companions.filter((companion) => companion.kind === kind).map((companion) => companion.name);
}

/** Whether only imports are left of a file. */
function isEmptyWithout(file: SchemaFile, starts: ReadonlySet<number>): boolean {
  return file.ast.statements.every(
    (statement) => starts.has(statement.getStart(file.ast)) || /^import\b/.test(statement.getText(file.ast)),
  );
}
