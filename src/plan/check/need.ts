import type { PlanPath } from '../plan.ts';
import { checkFileName, checkName, type NameProblem } from '../names.ts';
import { PlanProblem } from '../problem.ts';
import { didYouMean } from '../suggest.ts';

/** Throws PlanProblem unless this is a name that the database may bear. */
export function needName(path: PlanPath, name: string | undefined): void {
  if (name !== undefined) refuse(path, checkName(name));
}

/** Throws PlanProblem unless this name may also become a file or a folder. */
export function needFileName(path: PlanPath, name: string | undefined): void {
  if (name !== undefined) refuse(path, checkFileName(name));
}

function refuse(path: PlanPath, problem: NameProblem | undefined): void {
  if (problem) throw new PlanProblem(path, problem.message, { offset: problem.offset, hint: problem.hint });
}

/** Throws PlanProblem at the first entry that stands in the list before. */
export function needDistinct(
  path: PlanPath,
  entries: readonly string[],
  noun: string,
  pathOf: (index: number) => PlanPath = (index) => [...path, index],
): void {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (seen.has(entry)) throw new PlanProblem(pathOf(index), `duplicate ${noun} "${entry}"`);
    seen.add(entry);
  }
}

/** Throws PlanProblem unless the new table has this column. */
export function needColumn(path: PlanPath, name: string, columns: readonly string[], table: string): void {
  needName(path, name);
  if (!columns.includes(name)) {
    throw new PlanProblem(path, `${table} has no field "${name}"`, { hint: didYouMean(name, columns) });
  }
}
