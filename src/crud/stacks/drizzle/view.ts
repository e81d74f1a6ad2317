import { relative } from 'node:path';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { drizzleRows } from '../../drizzle-rows.ts';
import { runtimeCasing } from '../../find-database.ts';
import { migrationExtensions } from '../../migration-extensions.ts';
import { runnerView, samplesView, testView } from '../../test-view.ts';
import { answerSchema, bodySchema, textSchema, type ZodMajor } from '../../validation/zod.ts';

/** What the templates see that all stacks on Drizzle and zod share. */
export function drizzleView(domain: CrudDomain, project: CrudProject): Readonly<Record<string, unknown>> {
  const { names, table, fields, id, list } = domain;
  const local = localTable(
    table.variable,
    list.filter.map(({ key }) => key),
  );
  const zod: ZodMajor = /^\D*3\./.test(project.packages.get('zod') ?? '') ? 3 : 4;
  const constraints = [...domain.uniques, ...domain.references, ...domain.checks].filter(
    (each) => each.fields.length > 0,
  );
  const hidden = fields.filter((field) => !domain.readable.includes(field));
  const bigints = domain.readable.filter(({ rowType }) => rowType.startsWith('bigint'));
  const rows = drizzleRows(domain, (key) => `${local.tableLocal}.${key}`);
  const samples = samplesView(domain);
  const filterable = list.search.length + list.filter.length > 0;
  return {
    ...local,
    ...testView(project),
    typedMethods: false,
    rows,
    drizzle: [
      ...new Set([
        'asc',
        'count',
        'desc',
        ...rows.uses,
        ...(filterable ? ['and'] : []),
        ...(list.search.length > 0 ? ['ilike', 'or'] : []),
      ]),
    ]
      .toSorted()
      .join(', '),
    filterable: filterable || rows.alive !== undefined,
    sortsOtherwise: !list.sort.includes(list.defaultSort.field) || list.defaultSort.order === 'desc',
    sortsByKey: list.defaultSort.field === id,
    queriesName: `${names.singular.camel}Queries`,
    schemas: {
      create: `create${names.singular.pascal}`,
      update: `update${names.singular.pascal}`,
      list: `list${names.plural.pascal === names.singular.pascal ? `${names.plural.pascal}Rows` : names.plural.pascal}`,
      id: `${names.singular.camel}Id`,
    },
    constraints: constraints.map((each) => ({
      name: JSON.stringify(each.name),
      fields: JSON.stringify(each.fields.map(({ key }) => key)),
    })),
    create: domain.creatable.map((field) => ({
      key: field.key,
      schema: bodySchema(field, { zod, table: local.tableLocal }),
    })),
    updateOmits: domain.creatable.filter((field) => !domain.updatable.includes(field)).map(({ key }) => key),
    isNarrowed: domain.creatable.some((field) => field.isNarrowed && field.rules.values === undefined),
    idSchema: textSchema(id, zod),
    filters: list.filter.map((field) => ({ key: field.key, schema: textSchema(field, zod) })),
    sort: list.sort.map(({ key }) => key),
    hasSearch: list.search.length > 0,
    limit: list.defaultLimit,
    maxLimit: list.maxLimit,
    search: list.search.map(({ key }) => key),
    defaultSort: { key: list.defaultSort.field.key, order: list.defaultSort.order },
    fieldHelpers: usedHelpers(domain, zod),
    columns: hidden.length === 0 ? [] : domain.readable.map(({ key }) => key),
    bigints: bigints.map(({ key, isArray, isNullable }) => ({
      key,
      code: isArray
        ? `row.${key}${isNullable ? '?.' : '.'}map(String)`
        : isNullable
          ? `row.${key} === null ? null : String(row.${key})`
          : `String(row.${key})`,
    })),
    // A key that the client gives is taken too.
    givesId: domain.idSource === 'client',
    newId: domain.idSource === 'application',
    runner: runnerView(project),
    migrationsFolder: relative(project.root, project.migrations).replaceAll('\\', '/'),
    casing: runtimeCasing(project),
    extensions: migrationExtensions(project),
    samples: withLocalTables(samples),
    usesFields: Boolean(samples.unique ?? samples.foreign ?? samples.invalid),
    answersFields: true,
    invalidStatus: 400,
    refusalsSayFields: true,
    zod,
    zodModule: 'zod',
    // The method by which what refinements check is said to a document.
    documents: undefined,
    // A key that Postgres makes is never taken.
    conflicts: domain.uniques.some(
      (each) => !each.fields.every((field) => field === id && field.isGenerated),
    ),
    answers: domain.readable.map((field) => ({ key: field.key, schema: answerSchema(field, zod) })),
  };
}

/** The helpers of the shared module that the validation of a domain uses. */
function usedHelpers(domain: CrudDomain, zod: ZodMajor): readonly string[] {
  const code = [
    ...domain.creatable.map((field) => bodySchema(field, { zod, table: '' })),
    ...[domain.id, ...domain.list.filter].map((field) => textSchema(field, zod)),
    ...(domain.list.search.length > 0 ? ['text('] : []),
  ].join('\n');
  return ['bigInteger', 'json', 'numeric', 'text', 'timestamp', 'wholeNumber'].filter((name) =>
    new RegExp(`(?<![\\w.])${name}\\(`).test(code),
  );
}

/** Names that the generated files have for something else. */
const TAKEN = new Set(
  'and asc count desc eq ilike isNull or sql db values id page limit search sortBy sortOrder where direction order rows counted total row removed matches pattern columns toJson z text timestamp json numeric bigInteger wholeNumber paging afterAll beforeAll beforeEach after before describe expect it assert testDatabase database app bodies send at create list fields response created number data meta found wanted ids changed first query method path body express fastify server once router json handled parse found refusals plugin params request reply handlers row tags invalid missing taken get update remove key answer failure pageOf validate'.split(
    ' ',
  ),
);

/** What the generated files call a table, and how they import it: another name where its own is taken. */
function localTable(
  variable: string,
  taken: readonly string[] = [],
): { readonly tableLocal: string; readonly tableImport: string } {
  const isTaken = TAKEN.has(variable) || taken.includes(variable);
  const tableLocal = isTaken ? `${variable}Table` : variable;
  return { tableLocal, tableImport: isTaken ? `${variable} as ${tableLocal}` : variable };
}

function withLocalTables({
  parents,
  ...samples
}: ReturnType<typeof samplesView>): Readonly<Record<string, unknown>> {
  return {
    ...samples,
    parents: parents.map((parent) => ({ ...parent, ...localTable(parent.table.variable) })),
  };
}
