import type { NewDomainDocument, PlanPath, PlanValidation } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import { needColumn, needDistinct, needFileName } from './need.ts';

/** Throws PlanProblem for what a plan says wrongly about the code of its domain. */
export function checkDomain(document: NewDomainDocument, path: PlanPath): void {
  needFileName([...path, 'entity_name'], document.entity_name);
  const columns = document.fields.map(({ name }) => name);
  for (const key of ['search_fields', 'filter_fields', 'sort_fields'] as const) {
    const names = document[key] ?? [];
    names.forEach((name, index) => needColumn([...path, key, index], name, columns, document.table_name));
    needDistinct([...path, key], names, 'field');
  }
  checkPagination(document.pagination, [...path, 'pagination']);
  document.fields.forEach(({ validation }, index) =>
    checkValidation(validation, [...path, 'fields', index, 'validation']),
  );
}

function checkPagination(pagination: NewDomainDocument['pagination'], path: PlanPath): void {
  const { default_limit: usual, max_limit: most } = pagination ?? {};
  if (usual !== undefined && most !== undefined && usual > most)
    throw new PlanProblem([...path, 'default_limit'], `default_limit ${usual} is above max_limit ${most}`);
}

function checkValidation(validation: PlanValidation | undefined, path: PlanPath): void {
  if (validation === undefined) return;
  for (const [low, high] of [
    ['min', 'max'],
    ['min_length', 'max_length'],
  ] as const) {
    const [least, most] = [validation[low], validation[high]];
    if (least !== undefined && most !== undefined && least > most)
      throw new PlanProblem([...path, low], `${low} ${least} is above ${high} ${most}`);
  }
  if (validation.pattern === undefined) return;
  const wrong = patternProblem(validation.pattern);
  if (wrong !== undefined) {
    throw new PlanProblem([...path, 'pattern'], `the pattern is no regular expression: ${wrong}`, {
      hint: 'It is JavaScript syntax with the flag u, without slashes around it.',
    });
  }
}

function patternProblem(pattern: string): string | undefined {
  try {
    RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
