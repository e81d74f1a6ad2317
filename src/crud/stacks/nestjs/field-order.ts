import type { CrudDomain, CrudField } from '../../domain.ts';

/**
 * The domain with its key first and what the server fills in last: columns of a base class stand in the plan where the plan has
 * them, and in the table where TypeORM puts them.
 */
export function inStableOrder(domain: CrudDomain): CrudDomain {
  const rank = (field: CrudField): number =>
    field.key === domain.id.key ? 0 : field.isGenerated || field.role !== undefined ? 2 : 1;
  const sorted = (fields: readonly CrudField[]): readonly CrudField[] =>
    fields.toSorted((a, b) => rank(a) - rank(b));
  const { list } = domain;
  return {
    ...domain,
    fields: sorted(domain.fields),
    readable: sorted(domain.readable),
    creatable: sorted(domain.creatable),
    updatable: sorted(domain.updatable),
    list: { ...list, search: sorted(list.search), filter: sorted(list.filter), sort: sorted(list.sort) },
  };
}
