import type { OrmName } from '../orm/orm.ts';

/** What the guide and the skill say of an ORM. */
export interface OrmWords {
  readonly name: string;
  readonly generator: string;
  /** What its config is called, and its schema sources. */
  readonly configName: string;
  readonly sourcesName: string;
  /** Examples of the names of migrations. */
  readonly names: string;
  readonly fileNames: string;
  /** Its own command takes the newest migration back. */
  readonly hasRevert: boolean;
}

export const ORM_WORDS: Readonly<Record<OrmName, OrmWords>> = {
  drizzle: {
    name: 'Drizzle ORM',
    generator: 'drizzle-kit',
    configName: 'Config',
    sourcesName: 'Schema sources',
    names: '`create_products_table`, `add_brand_id_to_products`',
    fileNames: 'Its file is called number and name.',
    hasRevert: false,
  },
  typeorm: {
    name: 'TypeORM',
    generator: 'TypeORM',
    configName: 'Data source',
    sourcesName: 'Entities',
    names: '`CreateProductsTable`, `AddBrandIdToProducts`',
    fileNames: 'Its file is called stamp and name; the class ends in the same stamp of 13 digits.',
    hasRevert: true,
  },
};
