import type { CrudProject } from './crud-project.ts';
import type { CrudDomain, CrudField } from './domain.ts';
import { sampleOf } from './samples.ts';
import { type ParentRow, testSamples } from './test-samples.ts';

/** How an expectation, and what surrounds tests, is written for the project's runner. */
export function testView({ testRunner }: CrudProject): Readonly<Record<string, unknown>> {
  if (testRunner === 'node')
    return {
      hooks: { before: 'before', after: 'after', timeout: '' },
      equal: { open: 'assert.deepEqual(', to: ', ', close: ');' },
      ok: { open: 'assert.ok(', close: ');' },
    };
  return {
    // PGlite takes some seconds to start, more than a runner waits for.
    hooks: { before: 'beforeAll', after: 'afterAll', timeout: ', 60_000' },
    equal: { open: 'expect(', to: ').toEqual(', close: ');' },
    ok: { open: 'expect(', close: ').toBe(true);' },
  };
}

/** How tests are written for the project's runner. */
export function runnerView({ testRunner }: CrudProject): {
  readonly name: string;
  readonly module: string | undefined;
  readonly isNode: boolean;
} {
  const module = { vitest: 'vitest', jest: '@jest/globals', bun: 'bun:test', node: 'node:test' }[testRunner];
  return { name: testRunner, module, isNode: testRunner === 'node' };
}

/** What the template of a test fills in about rows: parents, bodies, and a field for each thing that is tried. */
export function samplesView(
  domain: CrudDomain,
): Readonly<Record<string, unknown>> & { readonly parents: readonly ParentRow[] } {
  const { parents, rows } = testSamples(domain);
  const isForeign = (field: CrudField): boolean =>
    domain.references.some(({ fields }) => fields.includes(field));
  // A value that another field is compared with would have to change with it.
  const isFree = (field: CrudField): boolean =>
    !isForeign(field) &&
    isPlain(field) &&
    !domain.checks.some(({ fields }) => fields.length > 1 && fields.includes(field));
  const changed =
    domain.updatable.find((field) => isFree(field) && !isUnique(domain, field)) ??
    domain.updatable.find(isFree);
  const unique = domain.uniques.find(
    ({ fields }) =>
      fields.length > 0 &&
      fields.every((field) => rows[0]!.some(({ key }) => key === field.key)) &&
      fields.every((field) => field !== domain.id),
  );
  const foreign = domain.references.find(
    ({ fields }) =>
      fields.length === 1 && domain.creatable.includes(fields[0]!) && absentKey(fields[0]!) !== undefined,
  );
  const searched = domain.list.search.find(
    (field) => rows[0]!.some(({ key }) => key === field.key) && field.rules.values === undefined,
  );
  const sorted = domain.list.sort.find(
    (field) => rows[0]!.some(({ key }) => key === field.key) && !isForeign(field) && isOrdered(field),
  );
  const filtered = domain.list.filter.find(
    (field) => rows[0]!.some(({ key }) => key === field.key) && !isForeign(field),
  );
  const invalid = domain.creatable.find(({ kind }) => kind !== 'json');
  return {
    parents,
    rows,
    changed: changed && { key: changed.key, code: JSON.stringify(sampleOf(changed, 9)) },
    unique: unique && {
      fields: JSON.stringify(unique.fields.map(({ key }) => key)),
      isWhole: unique.fields.every(isForeign),
    },
    foreign: foreign && { key: foreign.fields[0]!.key, code: absentKey(foreign.fields[0]!) },
    searched: searched && { key: searched.key },
    sorted: sorted && { key: sorted.key },
    filtered: filtered && { key: filtered.key },
    invalid: invalid && { key: invalid.key },
    absentId: absentText(domain.id),
    malformedId: domain.id.kind === 'text' ? undefined : 'not-an-id',
  };
}

function isUnique(domain: CrudDomain, field: CrudField): boolean {
  return domain.uniques.some(({ fields }) => fields.includes(field));
}

function isPlain(field: CrudField): boolean {
  return sampleOf(field, 9) !== undefined && !field.isArray && field.kind !== 'json' && domainReadable(field);
}

function domainReadable({ kind }: CrudField): boolean {
  return kind !== 'opaque' && kind !== 'decimal' && kind !== 'timestamp' && kind !== 'time';
}

/** Whether the three samples of a field come in their order when they are sorted. */
function isOrdered(field: CrudField): boolean {
  const samples = [1, 2, 3].map((number) => sampleOf(field, number));
  if (
    samples.some((sample) => sample === undefined) ||
    field.rules.values !== undefined ||
    field.kind === 'enum'
  )
    return false;
  return new Set(samples.map(String)).size === 3;
}

/** The key of a parent that is not there, as code. */
function absentKey({ kind, rowType }: CrudField): string | undefined {
  if (kind === 'uuid') return `'00000000-0000-4000-8000-000000000000'`;
  if (kind === 'integer' || (kind === 'bigint' && rowType === 'number')) return '987654';
  return kind === 'bigint' ? `'987654'` : undefined;
}

function absentText({ kind }: CrudField): string {
  return kind === 'uuid' ? '00000000-0000-4000-8000-000000000000' : '987654';
}
