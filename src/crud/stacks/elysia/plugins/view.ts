import { relative } from 'node:path';
import { propertyKey } from '../../../../schema/literals.ts';
import type { CrudProject } from '../../../crud-project.ts';
import type { CrudDomain, CrudField } from '../../../domain.ts';
import { runtimeCasing } from '../../../find-database.ts';
import { migrationExtensions } from '../../../migration-extensions.ts';
import { runnerView, samplesView, testView } from '../../../test-view.ts';
import { literals, scalarRowType } from '../../../validation/typebox.ts';
import { decodedBody, decodedQuery, encodedResponse } from '../../../validation/typebox-decoded.ts';
import { adapterView } from '../adapter-view.ts';
import { toJson } from '../conversions.ts';
import { entityFields } from '../entity.ts';
import { domainWords, tableName } from '../names.ts';
import { type PluginLayout, routesFunction } from './layout.ts';
import type { MountPlan } from './mounting.ts';

export interface PluginViewInput {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly layout: PluginLayout;
  readonly plan: MountPlan;
  /** `/order-items`. */
  readonly prefix: string;
  readonly update: 'patch' | 'put';
}

/** What the templates of a plugin see besides the domain. */
export function pluginView({
  domain,
  project,
  layout,
  plan,
  prefix,
  update,
}: PluginViewInput): Readonly<Record<string, unknown>> {
  const { names, list, fields, readable, creatable, updatable, id } = domain;
  const table = tableName(domain);
  const hidden = fields.filter((field) => !readable.includes(field));
  const converted = readable.filter(isConverted);
  const fixed = creatable.filter((field) => !updatable.includes(field));
  const isWrapped = plan.guard !== undefined;
  const isImported = plan.database !== undefined;
  const routes = isWrapped || isImported ? routesFunction(layout.name) : layout.name;
  const isShadowed = [table, ...domain.parents.map((parent) => parent.table.variable)].includes(routes);
  const adapter = adapterView(domain, entityFields(domain), { id: '' });
  return {
    plugin: {
      name: layout.name,
      // Without a guard, and given its database, the plugin is what makes the routes.
      routes,
      testName: isShadowed ? 'routes' : routes,
      testImport: isShadowed ? `${routes} as routes` : routes,
      /** The database that the routes are made on. */
      parameter: plan.database?.name === 'db' ? 'database' : 'db',
      isWrapped,
      isImported,
      guard: plan.guard?.links ?? [],
      imports: guardImports(plan),
      prefix,
      update,
      UPDATE: update.toUpperCase(),
      service: `${names.singular.camel}Service`,
      model: `${names.singular.camel}Model`,
      key: names.singular.camel,
    },
    database: plan.database ?? { name: '', code: '' },
    words: domainWords(domain),
    types: {
      create: `Create${names.singular.pascal}`,
      update: `Update${names.singular.pascal}`,
      query: `${names.singular.pascal}Query`,
    },
    table,
    tableImport: table === domain.table.variable ? table : `${domain.table.variable} as ${table}`,
    drizzle: adapter['drizzle'],
    adapter,
    idKey: id.key,
    list: {
      hasSearch: list.search.length > 0,
      hasFilter: list.filter.length > 0,
      isSorted: list.sort.length > 0,
    },
    columns: hidden.length === 0 ? [] : readable.map(({ key }) => key),
    converted: converted.map((field) => ({ key: propertyKey(field.key, "'"), value: toJson(field, 'row') })),
    rowType:
      hidden.length === 0
        ? `typeof ${table}.$inferSelect`
        : `Pick<typeof ${table}.$inferSelect, keyof typeof columns>`,
    model: {
      helpers: helpersIn(domain),
      id: decodedQuery({ ...id, key: 'id' }),
      create: creatable.map((field) => schema(field, decodedBody(field))),
      omitted: fixed.map(({ key }) => `'${key}'`).join(', '),
      filter: list.filter.map((field) => schema(field, decodedQuery(field))),
      sort: literals(list.sort.length > 0 ? list.sort.map(({ key }) => key) : ['']),
      response: readable.map((field) => schema(field, encodedResponse(field))),
    },
    ...testView(project),
    runner: runnerView(project),
    samples: samplesView(domain),
    migrationsFolder: relative(project.root, project.migrations).replaceAll('\\', '/'),
    casing: runtimeCasing(project),
    extensions: migrationExtensions(project),
  };
}

function schema({ key }: CrudField, code: string) {
  return { key: propertyKey(key, "'"), schema: code };
}

/** Values that JSON has no form for: numbers of 64 bits, and days that are a `Date`. */
function isConverted(field: CrudField): boolean {
  const type = scalarRowType(field);
  return type === 'bigint' || (field.kind === 'date' && type === 'Date');
}

/** The helpers of the shared module that the model of a domain calls. */
function helpersIn({ creatable, list, id }: CrudDomain): string {
  const code = [
    ...creatable.map(decodedBody),
    ...[id, ...list.filter].map(decodedQuery),
    'paging(pageOf(',
    ...(list.search.length > 0 ? ['text('] : []),
  ].join('\n');
  const all = [
    'bigInteger',
    'date',
    'day',
    'pageOf',
    'paging',
    'safeInteger',
    'text',
    'timestamp',
    'timestampText',
    'within',
  ];
  return all.filter((name) => new RegExp(`(?<![\\w.])${name}\\(`).test(code)).join(', ');
}

/** The imports of the guard by file, as templates name them. */
function guardImports({ guard }: MountPlan) {
  return [...new Map((guard?.imports ?? []).map((each) => [each.name, each])).values()].map(
    ({ name, module = '', path }) => ({ name, module, id: path === undefined ? '' : `file ${path}` }),
  );
}
