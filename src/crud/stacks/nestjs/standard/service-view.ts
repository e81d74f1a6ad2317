import type { CrudDomain, CrudField } from '../../../domain.ts';
import { mappings } from '../mapping.ts';
import type { RelationKey } from '../relations.ts';
import { namedOf, pgliteAppView, rowsView } from '../views.ts';
import type { DtoSetting } from './dtos.ts';
import type { StandardOrm } from './orm.ts';

type View = Readonly<Record<string, unknown>>;

/** The service on TypeORM, with the repository of the entity. */
export const typeormService: StandardOrm = {
  rowType: ({ table }, key) => `${table.variable}['${key}']`,
  answer: ({ table }) => ({
    name: table.variable,
    binding: table.isDefaultExport ? `type ${table.variable}` : `type { ${table.variable} }`,
    from: 'table',
  }),
  of: (setting) => ({ view: serviceView(setting), targets: {}, entries: [], needs: [], shared: [] }),
  test: ({ project }, shared) => pgliteAppView(project, shared),
};

/** What the templates of the service, of the module and of DTOs see of the entity. */
function serviceView(setting: DtoSetting): View {
  const { domain, relations, project } = setting;
  const { names, list, id, table, idSource } = domain;
  const rows = rowsView(domain);
  const hidden = domain.fields.filter((field) => !domain.readable.includes(field));
  const isSearched = (field: CrudField): boolean => list.search.some(({ key }) => key === field.key);
  const compared = list.filter.filter((field) => field.kind === 'timestamp' || isSearched(field));
  const plain = list.filter.filter((field) => !compared.includes(field));
  const searched = list.search.map((field) => {
    const isFiltered = list.filter.some(({ key }) => key === field.key);
    const like = isFiltered
      ? `where.${field.key} === undefined ? like : And(where.${field.key} as FindOperator<string>, like)`
      : 'like';
    return `{ ...where, ${field.key}: ${like} }`;
  });
  const hasEager = /\beager:\s*true\b/.test(project.sources.get(table.path) ?? '');
  const overlaps = compared.some(isSearched);
  return {
    Row: table.variable,
    entityBinding: table.isDefaultExport ? table.variable : `{ ${table.variable} }`,
    repository: `${names.plural.camel}Repository`,
    idType: /^number\b/.test(id.rowType) ? 'number' : 'string',
    makesId: idSource === 'application',
    named: namedOf(domain),
    columns: hidden.length === 0 || relations.length > 0 ? [] : domain.readable.map(({ key }) => key),
    relations,
    relationNames: JSON.stringify(relations.map(({ property }) => property)),
    rowVariable: relations.length > 0 ? 'record' : names.singular.camel,
    read: mappings(domain, domain.readable, relations),
    newValues: newValuesOf(domain, relations),
    insertion: insertionOf(domain),
    changedValues: relations.length === 0 ? 'values' : rowOf(domain.updatable, relations),
    updateValues:
      domain.touched === undefined ? 'changes' : `{ ...changes, ${domain.touched.key}: () => 'now()' }`,
    where: whereOf(setting, { plain, compared }),
    search: searched,
    ...rows,
    findOptions: [
      ...(hidden.length === 0 || relations.length > 0 ? [] : ['select: COLUMNS']),
      ...(relations.length > 0 ? ['loadRelationIds: RELATION_IDS'] : []),
      ...(hasEager ? ['loadEagerRelations: false'] : []),
    ],
    defaultSort: list.defaultSort,
    defaultOrder: list.defaultSort.order === 'asc' ? `'asc'` : `query.sortBy === undefined ? 'desc' : 'asc'`,
    order: orderOf(domain),
    typeormImports: [
      ...(overlaps ? ['And', 'Equal', 'type FindOperator'] : []),
      ...(list.search.length > 0 ? ['type FindOptionsWhere', 'ILike'] : []),
      ...(rows['usesIsNull'] === true ? ['IsNull'] : []),
      ...(compared.some(({ kind }) => kind === 'timestamp') ? ['Raw'] : []),
      'Repository',
    ].join(', '),
  };
}

interface Filters {
  readonly plain: readonly CrudField[];
  /** Those that a search looks at too, and times, of which Postgres keeps more than JSON has. */
  readonly compared: readonly CrudField[];
}

/** What the rows of a list have to be, as an object of TypeORM; empty where every row counts. */
function whereOf({ domain, relations }: DtoSetting, { plain, compared }: Filters): string {
  const equal = plain.map(({ key }) => {
    const relation = relations.find((each) => each.key === key);
    if (relation === undefined) return `${key}: query.${key}`;
    const { property, target } = relation;
    return `${property}: query.${key} === undefined ? undefined : { ${target}: query.${key} }`;
  });
  const given = equal.length === 0 ? [] : [`withoutUndefined({ ${equal.join(', ')} })`];
  const more = [
    ...compared.map(
      (field) => `...(query.${field.key} !== undefined && { ${field.key}: ${comparisonOf(field)} })`,
    ),
    ...aliveOf(domain),
  ];
  if (more.length === 0) return given.join('');
  return `{ ${[...given.map((values) => `...${values}`), ...more].join(', ')} }`;
}

function comparisonOf({ key, kind }: CrudField): string {
  if (kind !== 'timestamp') return `Equal(query.${key})`;
  return `Raw((column) => \`date_trunc('milliseconds', \${column}) = :${key}\`, { ${key}: query.${key} })`;
}

/** Rows that are marked as deleted are left out by TypeORM itself, where it marks them. */
function aliveOf({ deletion }: CrudDomain): readonly string[] {
  if (deletion === undefined || deletion.isByOrm) return [];
  return [`${deletion.field.key}: ${deletion.mark === 'time' ? 'IsNull()' : 'false'}`];
}

function orderOf({ list, id }: CrudDomain): string {
  const sortsById = [...list.sort, list.defaultSort.field].some(({ key }) => key === id.key);
  const order = `{ [sortBy]: sortOrder, ${id.key}: 'asc' }`;
  return sortsById ? `sortBy === '${id.key}' ? { ${id.key}: sortOrder } : ${order}` : order;
}

/** The values of a new row: the key too, where Postgres does not make it. */
function newValuesOf(domain: CrudDomain, relations: readonly RelationKey[]): string {
  const id = domain.idSource === 'application' ? [`${domain.id.key}: randomUUID()`] : [];
  if (relations.length === 0) return `{ ${['...values', ...id].join(', ')} }`;
  return rowOf(domain.creatable, relations, id);
}

/** What a client gives, with keys of other rows as the relations that the entity has. */
function rowOf(
  fields: readonly CrudField[],
  relations: readonly RelationKey[],
  more: readonly string[] = [],
): string {
  const members = fields.map(({ key }) => {
    const relation = relations.find((each) => each.key === key);
    if (relation === undefined) return `${key}: values.${key}`;
    const { property, target } = relation;
    return `${property}: values.${key} == null ? values.${key} : { ${target}: values.${key} }`;
  });
  return `{ ${[...members, ...more].join(', ')} }`;
}

/** `save` would change the row of a key that is there already: it takes only what has no key yet. */
function insertionOf({ idSource, names }: CrudDomain): string {
  return `${idSource === 'default' ? 'save' : 'insert'}(${names.singular.camel})`;
}
