import { sampleOf } from '../../samples.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';
import { type Body, bodyOf, malformedId, parentInserts, tableName } from './samples.ts';

/** What the template of the HTTP test sees: texts of code, undefined where the domain has no such case. */
export interface HttpTestView {
  readonly parents: readonly string[];
  readonly first: string;
  readonly second: string;
  readonly emptied: string;
  readonly conflicts: readonly {
    readonly what: string;
    /** The first of the fields. */
    readonly key: string;
    readonly body: string;
    readonly fields: string;
  }[];
  readonly wrong: { readonly key: string; readonly body: string } | undefined;
  readonly orphans: readonly { readonly key: string; readonly body: string }[];
  readonly search: { readonly query: string; readonly key: string } | undefined;
  readonly filter: { readonly query: string; readonly key: string } | undefined;
  readonly sort: { readonly key: string; readonly actual: string; readonly value: string } | undefined;
  readonly change:
    | {
        readonly body: string;
        readonly actual: string;
        readonly actualUnchanged: string;
        readonly value: string;
      }
    | undefined;
  /** Whether the test counts what a list finds. */
  readonly counts: boolean;
  readonly malformed: string | undefined;
  readonly malformedPath: string;
}

/** Undefined where no row can be made up that the table takes. */
export function httpTestOf(domain: CrudDomain, route: string): HttpTestView | undefined {
  const [first, second] = [bodyOf(domain, 1), bodyOf(domain, 2)];
  if (first === undefined || second === undefined) return undefined;
  const rows = { first, second };
  const malformed = malformedId(domain);
  const search = searchOf(domain, rows);
  const filter = filterOf(domain, rows);
  return {
    parents: parentInserts(domain, [1, 2]).map((sql) => JSON.stringify(sql)),
    first: JSON.stringify(first),
    second: JSON.stringify(second),
    emptied: JSON.stringify(`DELETE FROM ${tableName(domain.table)}`),
    conflicts: conflictsOf(domain, rows),
    wrong: wrongOf(domain, rows),
    orphans: orphansOf(domain),
    search,
    filter,
    counts: search !== undefined || filter !== undefined,
    sort: sortOf(domain, rows),
    change: changeOf(domain, rows),
    malformed,
    malformedPath: `'${route}/${malformed}'`,
  };
}

interface Rows {
  readonly first: Body;
  readonly second: Body;
}

function conflictsOf({ uniques }: CrudDomain, { first }: Rows): HttpTestView['conflicts'] {
  return uniques
    .filter(
      ({ fields, isConditional }) =>
        isConditional !== true && fields.length > 0 && fields.every(({ key }) => key in first),
    )
    .map(({ fields }) => ({
      what: fields.map(({ key }) => key).join(' and '),
      key: fields[0]!.key,
      body: `{ ...SECOND, ${fields.map(({ key }) => `${key}: FIRST.${key}`).join(', ')} }`,
      fields: JSON.stringify(fields.map(({ key }) => key)),
    }));
}

function wrongOf({ creatable }: CrudDomain, { first }: Rows): HttpTestView['wrong'] {
  const field = creatable.find(({ kind, key }) => kind !== 'json' && key in first);
  return field && { key: field.key, body: `{ ...FIRST, ${field.key}: { not: 'allowed' } }` };
}

function orphansOf({ references, creatable }: CrudDomain): HttpTestView['orphans'] {
  return references.flatMap(({ fields: [field, ...more] }) => {
    const value = field && sampleOf(field, 999);
    const isGiven = more.length === 0 && creatable.some(({ key }) => key === field?.key);
    return field === undefined || !isGiven || value === undefined
      ? []
      : [{ key: field.key, body: `{ ...FIRST, ${field.key}: ${JSON.stringify(value)} }` }];
  });
}

function searchOf({ list }: CrudDomain, { first, second }: Rows): HttpTestView['search'] {
  const field = list.search.find(({ key }) => distinguishes(key, first, second));
  return field && { key: field.key, query: encodeURIComponent(String(first[field.key]).toUpperCase()) };
}

function filterOf({ list }: CrudDomain, { first, second }: Rows): HttpTestView['filter'] {
  const field = list.filter.find(({ key }) => distinguishes(key, first, second));
  return field && { key: field.key, query: `${field.key}=${encodeURIComponent(String(first[field.key]))}` };
}

const ORDERED: readonly CrudField['kind'][] = ['text', 'integer', 'decimal', 'timestamp', 'date'];

function sortOf({ list }: CrudDomain, { first, second }: Rows): HttpTestView['sort'] {
  const field = list.sort.find(
    ({ key, kind, rules }) =>
      ORDERED.includes(kind) && rules.values === undefined && distinguishes(key, first, second),
  );
  return field && { key: field.key, actual: `highest?.${field.key}`, value: `SECOND.${field.key}` };
}

function changeOf(
  { updatable, references, readable }: CrudDomain,
  { first, second }: Rows,
): HttpTestView['change'] {
  const isParent = (key: string): boolean =>
    references.some(({ fields }) => fields.some((field) => field.key === key));
  const field = updatable.find(
    ({ key, kind }) =>
      kind !== 'json' &&
      !isParent(key) &&
      readable.some((each) => each.key === key) &&
      distinguishes(key, first, second),
  );
  return (
    field && {
      body: `{ ${field.key}: SECOND.${field.key} }`,
      actual: `changed.body['${field.key}']`,
      actualUnchanged: `unchanged.body['${field.key}']`,
      value: `SECOND.${field.key}`,
    }
  );
}

/** Arrays and objects are no same value twice. */
function distinguishes(key: string, first: Body, second: Body): boolean {
  return key in first && typeof first[key] !== 'object' && first[key] !== second[key];
}
