import type { CrudDomain, CrudField, CrudParent, CrudReference } from './domain.ts';
import { sampleOf } from './samples.ts';

/** A row to be inserted by the ORM, as code: `key: value` pairs. */
export interface ParentRow {
  /** The variable that holds it: `category1`. */
  readonly variable: string;
  readonly table: CrudParent['table'];
  /** What `{{from target}}` imports the table by. */
  readonly target: string;
  readonly values: readonly { readonly key: string; readonly code: string }[];
}

/** What a generated test needs of rows that are there: parents to insert, and bodies to send. */
export interface TestSamples {
  readonly parents: readonly ParentRow[];
  /** The bodies of three rows; `code` is JavaScript, foreign keys taken from the parents. */
  readonly rows: readonly (readonly { readonly key: string; readonly code: string }[])[];
  /** Fields for which no value could be found, by their pattern. */
  readonly missing: readonly CrudField[];
}

/**
 * Sample rows of a domain. Optional foreign keys are left out. `idKey`: what the parents' keys are read from, `row.id`.
 */
export function testSamples(domain: CrudDomain): TestSamples {
  const isOnePerParent = domain.references.some(({ fields }) =>
    domain.uniques.some(
      (unique) => unique.fields.length > 0 && unique.fields.every((each) => fields.includes(each)),
    ),
  );
  const numbers = [1, 2, 3];
  const sets = isOnePerParent ? numbers : [1];
  const missing: CrudField[] = [];
  const parents = sets.flatMap((number) =>
    domain.parents.map((parent) => ({
      variable: variableOf(parent, sets.length === 1 ? undefined : number),
      table: parent.table,
      target: `parent ${parent.table.variable}`,
      values: valuesOf(parent.fields, parent.references, {
        domain,
        number,
        suffix: sets.length === 1 ? undefined : number,
        isJson: false,
      }),
    })),
  );
  const given = domain.creatable.filter(
    (field) => field.isRequired || !domain.references.some(({ fields }) => fields.includes(field)),
  );
  const rows = numbers.map((number) =>
    valuesOf(given, domain.references, {
      domain,
      number,
      suffix: sets.length === 1 ? undefined : number,
      isJson: true,
    }),
  );
  for (const field of given) {
    const isForeign = domain.references.some(({ fields }) => fields.includes(field));
    if (!isForeign && sampleOf(field, 1) === undefined) missing.push(field);
  }
  return { parents, rows, missing };
}

function variableOf({ table }: Pick<CrudParent, 'table'>, number: number | undefined): string {
  const base = table.variable.charAt(0).toLowerCase() + table.variable.slice(1);
  return `${base}Row${number ?? ''}`;
}

interface Around {
  readonly domain: CrudDomain;
  readonly number: number;
  readonly suffix: number | undefined;
  readonly isJson: boolean;
}

function valuesOf(
  fields: readonly CrudField[],
  references: readonly CrudReference[],
  around: Around,
): readonly { readonly key: string; readonly code: string }[] {
  return fields.flatMap((field) => {
    const code =
      foreignCode(field, references, around) ?? literal(field, sampleOf(field, around.number), around.isJson);
    return code === undefined ? [] : [{ key: field.key, code }];
  });
}

/** `categoriesRow.id`, where the field refers to a parent. */
function foreignCode(
  field: CrudField,
  references: readonly CrudReference[],
  { domain, suffix }: Around,
): string | undefined {
  for (const { fields, target } of references) {
    const at = fields.indexOf(field);
    const parent = domain.parents.find(
      ({ table }) => table.name === target.name && table.schema === target.schema,
    );
    if (at === -1 || parent === undefined) continue;
    const column = target.columns[at] ?? target.columns[0]!;
    return `${variableOf(parent, suffix)}.${parent.keys.get(column) ?? column}`;
  }
  return undefined;
}

function literal({ rowType, isNarrowed }: CrudField, sample: unknown, isJson: boolean): string | undefined {
  if (sample === undefined) return undefined;
  if (isJson) return JSON.stringify(sample);
  const type = rowType.replace(/\[\]$/, '');
  const one = (value: unknown): string =>
    type === 'Date'
      ? `new Date(${JSON.stringify(value)})`
      : type === 'bigint'
        ? `${String(value)}n`
        : JSON.stringify(value);
  const code = Array.isArray(sample) ? `[${sample.map(one).join(', ')}]` : one(sample);
  // Only the schema's source knows the type.
  return isNarrowed ? `${code} as never` : code;
}
