import { propertyKey } from '../../../schema/literals.ts';
import type { CrudDomain, CrudField } from '../../domain.ts';
import { drizzleRows } from '../../drizzle-rows.ts';
import { member } from './conversions.ts';
import { type EntityField, isCast } from './entity.ts';
import { type ElysiaNames, tableName } from './names.ts';

/** What the template of the Drizzle repository fills in. */
export function adapterView(
  domain: CrudDomain,
  fields: readonly EntityField[],
  names: Pick<ElysiaNames, 'id'>,
): Readonly<Record<string, unknown>> {
  const { list, id } = domain;
  const table = tableName(domain);
  const column = ({ key }: CrudField): string => member(table, key);
  const rows = drizzleRows(
    domain,
    (key) => member(table, key),
    (key) => propertyKey(key, "'"),
  );
  const isFiltered = list.search.length + list.filter.length > 0 || rows.alive !== undefined;
  const ordering = orderOf(domain, table);
  const casts = fields.filter(isCast).map(({ typeName }) => typeName!);
  return {
    types: [...new Set([...casts, names.id])].toSorted(),
    rows,
    drizzle: [...new Set(['count', ...rows.uses, ...ordering.uses, ...(isFiltered ? ['and'] : [])])]
      .toSorted()
      .join(', '),
    newId: domain.idSource === 'application',
    constraints: constraintsOf(domain),
    values: valuesOf(domain, table),
    changes: changesOf(domain, table, rows.changed),
    isNarrowed: isFiltered,
    searched: list.search.map(column).join(', '),
    order: ordering.statements,
    orderBy: ordering.by,
    key: column(id),
    filters: list.filter.map((field) => ({
      column: column(field),
      value: member('filter', field.key) + castTo(field, table),
      given: member('filter', field.key),
    })),
    fields: fields.map((each) => {
      const value = member('row', each.field.key);
      return {
        key: propertyKey(each.field.key, "'"),
        value: isCast(each)
          ? `${value}${each.field.isNarrowed ? ` as ${each.plainType}` : ''} as ${each.type}`
          : value,
      };
    }),
  };
}

/** Constraint or required column → fields, as code. */
function constraintsOf({ uniques, references, checks, creatable }: CrudDomain) {
  const given = uniques.filter(({ fields }) => fields.some((field) => creatable.includes(field)));
  const constraints = [...given, ...references, ...checks].filter((each) => each.fields.length > 0);
  const required = creatable
    .filter(({ isNullable }) => !isNullable)
    .map((field) => ({ name: field.column, fields: [field] }));
  const all = [
    ...constraints,
    ...required.filter(({ name }) => !constraints.some((each) => each.name === name)),
  ];
  return all.map(({ name, fields }) => ({
    name: propertyKey(name, "'"),
    fields: `[${fields.map(({ key }) => `'${key}'`).join(', ')}]`,
  }));
}

function valuesOf({ creatable, idSource, id }: CrudDomain, table: string): string {
  const own = idSource === 'application' ? [`${propertyKey(id.key, "'")}: randomUUID()`] : [];
  const casts = narrowed(creatable, table);
  return own.length + casts.length === 0 ? 'data' : `{ ${[...own, '...data', ...casts].join(', ')} }`;
}

function changesOf({ updatable }: CrudDomain, table: string, own: readonly string[]): string {
  const casts = narrowed(updatable, table);
  return own.length + casts.length === 0 ? 'data' : `{ ${['...data', ...casts, ...own].join(', ')} }`;
}

/** Values whose type only the schema's source knows. */
function narrowed(fields: readonly CrudField[], table: string): string[] {
  return fields
    .filter((field) => field.isNarrowed)
    .map(({ key }) => {
      const type = `(typeof ${table}.$inferInsert)['${key}']`;
      return `${propertyKey(key, "'")}: ${member('data', key)} as ${type}`;
    });
}

function castTo(field: CrudField, table: string): string {
  return field.isNarrowed ? ` as NonNullable<(typeof ${table}.$inferSelect)['${field.key}']>` : '';
}

/** The order of a list: by what is asked for, then by the key, so that pages do not overlap. */
function orderOf({ list, id }: CrudDomain, table: string) {
  const { field, order } = list.defaultSort;
  const byKey = `asc(${member(table, id.key)})`;
  if (list.sort.length === 0) {
    const by = `${order}(${member(table, field.key)})`;
    return field === id
      ? { uses: [order], statements: [], by }
      : { uses: ['asc', ...(order === 'desc' ? ['desc'] : [])], statements: [], by: `${by}, ${byKey}` };
  }
  const asked = order === 'desc' ? `(sortOrder ?? (sortBy === undefined ? 'desc' : 'asc'))` : 'sortOrder';
  return {
    uses: ['asc', 'desc'],
    statements: [`const order = ${asked} === 'desc' ? desc : asc;`],
    by: `order(${table}[sortBy ?? '${field.key}']), ${byKey}`,
  };
}
