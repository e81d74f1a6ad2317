import type { CrudDomain, CrudField, CrudReference } from '../../domain.ts';

/** A foreign key that the record has as a relation only, without a property for its column. */
export interface RelationKey {
  /** The property in the domain and in JSON: `authorId`. */
  readonly key: string;
  /** The property of the record: `author`. */
  readonly property: string;
  /** The property of the other record that it holds. */
  readonly target: string;
}

/** The domain with a key for each such relation (`authorId` for `author`), and what the keys stand for. */
export function withRelationKeys(domain: CrudDomain): {
  readonly domain: CrudDomain;
  readonly relations: readonly RelationKey[];
} {
  const relations = domain.references.flatMap((reference): RelationKey[] =>
    reference.fields
      .filter(({ rowType }) => isEntity(rowType))
      .map(({ key }) => ({ key: `${key}Id`, property: key, target: targetKey(domain, reference) })),
  );
  if (relations.length === 0) return { domain, relations };
  const one = (field: CrudField): CrudField => {
    const relation = relations.find(({ property }) => property === field.key);
    const rowType = field.kind === 'integer' ? 'number' : 'string';
    return relation === undefined ? field : { ...field, key: relation.key, rowType };
  };
  const all = (fields: readonly CrudField[]): readonly CrudField[] => fields.map(one);
  const within = <T extends { readonly fields: readonly CrudField[] }>(items: readonly T[]): readonly T[] =>
    items.map((item) => ({ ...item, fields: all(item.fields) }));
  const { list } = domain;
  return {
    relations,
    domain: {
      ...domain,
      fields: all(domain.fields),
      readable: all(domain.readable),
      creatable: all(domain.creatable),
      updatable: all(domain.updatable),
      uniques: within(domain.uniques),
      references: within(domain.references),
      checks: within(domain.checks),
      list: {
        ...list,
        search: all(list.search),
        filter: all(list.filter),
        // TypeORM sorts by columns, and a relation is none.
        sort: list.sort.filter(({ key }) => !relations.some(({ property }) => property === key)),
      },
    },
  };
}

/** `User`, `Relation<User>`: a class, and none of those that values are of. */
function isEntity(rowType: string): boolean {
  return /^(Relation<)?[A-Z]\w*/.test(rowType) && !/^(Date|Record|Buffer)\b/.test(rowType);
}

/** As the other record calls the column; where it does not show, as TypeORM would. */
function targetKey({ parents }: CrudDomain, { target }: CrudReference): string {
  const [column = 'id'] = target.columns;
  const parent = parents.find(({ table }) => table.name === target.name && table.schema === target.schema);
  return parent?.keys.get(column) ?? column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
