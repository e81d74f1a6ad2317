import { putRegion } from '../../../docs/regions.ts';
import { sampleOf } from '../../samples.ts';
import { jsonType } from '../../validation/typebox.ts';
import type { CrudDomain, CrudField, FieldRules } from '../../domain.ts';
import type { RoutesAccess } from './access.ts';
import type { RouteConventions } from './route-conventions.ts';

/** Until `tableplan docs` lists the records. */
const HISTORY = '## Migration History\n\nSee [docs/migrations](../migrations/).';

/** What the module's README and the file of requests fill in. */
export function documentView(
  domain: CrudDomain,
  { update }: RouteConventions,
  { isClosed, closedBy = '' }: Pick<RoutesAccess, 'isClosed' | 'closedBy'>,
): Readonly<Record<string, unknown>> {
  const { readable, creatable, uniques, references, checks, list, isReferenced } = domain;
  const example = exampleOf(creatable.filter((field) => field.isRequired || !isForeign(domain, field)));
  const changed = domain.updatable.find(
    (field) => sampleOf(field, 2) !== undefined && !isForeign(domain, field),
  );
  const required = creatable.find(({ isRequired }) => isRequired);
  const keys = ({ fields }: { readonly fields: readonly CrudField[] }): string =>
    fields.map(({ key }) => `\`${key}\``).join(', ');
  const named = uniques.filter(({ fields }) => fields.some((field) => creatable.includes(field)));
  return {
    update: update.toUpperCase(),
    isGuarded: isClosed,
    guard: /admin/i.test(closedBy) ? 'administrators' : 'signed-in users',
    columns: readable.map((field) => ({
      key: field.key,
      column: field.column,
      type: field.sqlType,
      json: `${jsonType(field) === 'unknown' ? 'any JSON' : jsonType(field)}${field.isArray ? '[]' : ''}${field.isNullable ? ' or null' : ''}`,
      given: creatable.includes(field) ? (field.isRequired ? 'required' : 'optional') : 'made by the server',
      rules: rulesText(field.rules),
    })),
    uniques: named.map((each) => ({ name: each.name, keys: keys(each) })),
    references: references.map((each) => ({ name: each.name, keys: keys(each), target: each.target.name })),
    checks: checks.map((each) => ({ name: each.name, keys: keys(each) })),
    hasConflicts: named.length > 0,
    isReferenced,
    search: list.search.map(({ key }) => `\`${key}\``).join(', '),
    filter: list.filter.map(({ key }) => `\`${key}\``).join(', '),
    sort: list.sort.map(({ key }) => `\`${key}\``).join(', '),
    defaultSort: `${list.defaultSort.field.key} ${list.defaultSort.order}`,
    sortKey: list.sort[0]?.key,
    filterExample: exampleFilter(list.filter),
    example: JSON.stringify(example, null, 2),
    changes: changed ? JSON.stringify({ [changed.key]: sampleOf(changed, 2) }, null, 2) : '{}',
    incomplete: required && JSON.stringify({ ...example, [required.key]: undefined }, null, 2),
    requiredKey: required?.key,
    absent: domain.id.kind === 'uuid' ? '00000000-0000-4000-8000-000000000000' : '987654',
    history: putRegion('', { name: 'history', content: HISTORY }, 'README.md').text,
    isIdChecked: domain.id.kind !== 'text',
  };
}

function exampleOf(fields: readonly CrudField[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field.key, sampleOf(field, 1)]));
}

function exampleFilter(fields: readonly CrudField[]): string | undefined {
  const field = fields.find((each) => sampleOf(each, 1) !== undefined);
  return field && `${field.key}=${encodeURIComponent(String(sampleOf(field, 1)))}`;
}

function isForeign({ references }: CrudDomain, field: CrudField): boolean {
  return references.some(({ fields }) => fields.includes(field));
}

function rulesText({ minLength, maxLength, min, max, pattern, format, values }: FieldRules): string {
  return [
    ...(values === undefined ? [] : [`one of ${values.map((value) => `\`${value}\``).join(', ')}`]),
    ...(format === undefined ? [] : [format]),
    ...(minLength === undefined ? [] : [`${minLength} characters at least`]),
    ...(maxLength === undefined ? [] : [`${maxLength} characters at most`]),
    ...(min === undefined ? [] : [`${min} or more`]),
    ...(max === undefined ? [] : [`${max} or less`]),
    ...(pattern === undefined ? [] : [`\`${pattern.replaceAll('|', '\\|')}\``]),
  ].join('; ');
}
