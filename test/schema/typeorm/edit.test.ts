import { describe, expect, it } from 'vitest';
import { runPlan } from './style-fixture.ts';

const DATA_SOURCE = `import { DataSource } from 'typeorm';

export const source = new DataSource({ type: 'postgres', entities: ['src/*.entity.ts'] });
`;

const plain = (body: string, more = '') => `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
${more}
@Entity('items')
export class Item {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

${body}}
`;

/** The file of the entity after a plan; its table is \`items\`. */
async function edited(text: string, changes: string, others: Readonly<Record<string, string>> = {}) {
  const tree = { 'src/data-source.ts': DATA_SOURCE, 'src/item.entity.ts': text, ...others };
  const plan = `migration_type: 'modify_existing'\ntable_name: 'items'\nchanges:\n${changes}\n`;
  const run = await runPlan(tree, plan);
  return { ...run, text: run.tree['src/item.entity.ts']! };
}

async function errorOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string; at?: object },
  );
}

const TITLE = `  @Column({ type: 'varchar', length: 40 })
  title!: string;
`;

describe('names', () => {
  it('that the plan gives are written, those that TypeORM derives are not', async () => {
    const { text } = await edited(
      plain(TITLE),
      `  add_columns:
    - {name: 'code', type: 'text', constraints: ['NOT NULL']}
  add_unique:
    - {fields: ['title']}
    - {fields: ['code', 'title'], name: 'items_code_title'}
  add_indexes:
    - {fields: ['code'], type: 'index'}
    - {fields: ['title', 'code'], type: 'index', name: 'items_by_title'}`,
    );
    expect(text).toContain("@Index(['code'])\n");
    expect(text).toContain("@Index('items_by_title', ['title', 'code'])\n");
    expect(text).toContain("@Unique('items_code_title', ['code', 'title'])\n");
    expect(text).toContain("@Column({ type: 'varchar', length: 40, unique: true })\n");
  });

  it('of foreign keys go into @JoinColumn', async () => {
    const { text } = await edited(
      plain(TITLE),
      `  add_columns: [{name: 'parent_id', type: 'uuid', constraints: []}]
  add_foreign_keys: [{field: 'parent_id', references: 'items(id)', name: 'items_parent', on_delete: 'CASCADE'}]`,
    );
    expect(text).toContain(`  @Column({ name: 'parent_id', type: 'uuid', nullable: true })
  parentId!: string | null;

  @ManyToOne(() => Item, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'parent_id', foreignKeyConstraintName: 'items_parent' })
  parent!: Item | null;
`);
  });

  it.each([
    ['where they are declared', 'export default class Owner', ''],
    ['at the end of the file', 'class Owner', '\nexport default Owner;\n'],
    ['in a list', 'class Owner', '\nexport { Owner as default };\n'],
  ])('of classes that are default exports, %s, are imported as such', async (_, declared, end) => {
    const owner = plain(TITLE).replace("'items'", "'owners'").replace('export class Item', declared) + end;
    const { text, again, tree } = await edited(
      plain(TITLE),
      `  add_columns: [{name: 'owner_id', type: 'uuid', constraints: ['NULL', 'REFERENCES owners(id)']}]`,
      { 'src/owner.entity.ts': owner },
    );
    expect(text).toContain("import Owner from './owner.entity';\n");
    expect((await again(tree)).changes).toEqual([]);
  });

  it('of a class that is exported by its name as well are taken by the name', async () => {
    const owner = plain(TITLE).replace("'items'", "'owners'").replace('class Item', 'class Owner');
    const { text } = await edited(
      plain(TITLE),
      `  add_columns: [{name: 'owner_id', type: 'uuid', constraints: ['NULL', 'REFERENCES owners(id)']}]`,
      { 'src/owner.entity.ts': `${owner}\nexport default Owner;\n` },
    );
    expect(text).toContain("import { Owner } from './owner.entity';\n");
  });

  it('of decorators are those that the file imports', async () => {
    const text = plain(TITLE).replace('{ Column,', '{ Column as Field,').replaceAll('@Column', '@Field');
    const after = await edited(
      text,
      `  add_columns: [{name: 'size', type: 'integer', constraints: ['NOT NULL']}]`,
    );
    expect(after.text).toContain("  @Field({ type: 'int' })\n  size!: number;\n");
  });
});

describe('defaults', () => {
  it.each([
    ['text', "'it''s'", `"'it''s'"`, true],
    ['text', "'plain'", "'plain'", false],
    ['integer', '3', '3', false],
    ['numeric(6,2)', "'1.50'", "'1.50'", true],
    ['boolean', 'true', 'true', false],
    ['jsonb', `'{"a":[1]}'`, '{ a: [1] }', false],
    ['timestamptz', 'now()', "'now()'", true],
    ['text[]', "'{}'", '[]', false],
  ])('%s DEFAULT %s', async (type, expression, written, isFunction) => {
    const { text, again, tree } = await edited(
      plain(TITLE),
      `  add_columns:
    - name: 'extra'
      type: '${type}'
      constraints: ['NOT NULL']
      default: "${expression.replaceAll('"', '\\"')}"`,
    );
    const value = isFunction && !written.startsWith("'1") ? `() => ${written}` : written;
    if (!written.startsWith("'1")) expect(text).toContain(`default: ${value}`);
    expect((await again(tree)).changes).toEqual([]);
  });
});

describe('what cannot be followed is refused with its place', () => {
  it('options in a variable', async () => {
    const text = plain(
      '  @Column(SHARED)\n  title!: string;\n',
      "\nconst SHARED = { type: 'varchar' } as const;\n",
    );
    const error = await errorOf(edited(text, `  modify_columns: [{name: 'title', new_type: 'text'}]`));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      at: { file: '/p/src/item.entity.ts', line: 10, column: 3 },
    });
  });

  it('a column that other entities inherit too', async () => {
    const base = `import { Column, PrimaryGeneratedColumn } from 'typeorm';

export abstract class Base {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'varchar' })
  label!: string;
}
`;
    const child = (name: string) => `import { Column, Entity } from 'typeorm';
import { Base } from './base';

@Entity('${name.toLowerCase()}s')
export class ${name} extends Base {
  @Column({ type: 'int' })
  size!: number;
}
`;
    const others = { 'src/base.ts': base, 'src/other.entity.ts': child('Other') };
    const error = await errorOf(edited(child('Item'), `  drop_columns: ['label']`, others));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      at: { file: '/p/src/item.entity.ts', line: 4 },
    });
    expect(error?.message).toContain('comes from Base');
  });

  it('a property that a method has already', async () => {
    const text = plain(`${TITLE}\n  size(): number {\n    return 1;\n  }\n`);
    const error = await errorOf(
      edited(text, `  add_columns: [{name: 'size', type: 'integer', constraints: []}]`),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable', at: { line: 11, column: 3 } });
  });

  it('two columns that would be one property', async () => {
    const error = await errorOf(
      edited(
        plain(TITLE),
        `  add_columns:
    - {name: 'unit_price', type: 'integer', constraints: []}
    - {name: 'unitPrice', type: 'integer', constraints: []}`,
      ),
    );
    expect(error).toMatchObject({ code: 'schema-not-editable' });
  });

  it('an entity without a primary key', async () => {
    const error = await errorOf(edited(plain(TITLE), `  drop_columns: ['id']`));
    expect(error).toMatchObject({ code: 'schema-not-editable' });
  });

  it('an index of a kind that @Index has no words for', async () => {
    const error = await errorOf(
      edited(
        plain(TITLE),
        `  add_indexes: [{expression: 'lower(title)', type: 'index', name: 'lower_title'}]`,
      ),
    );
    expect(error).toMatchObject({ code: 'plan-not-supported' });
  });
});

describe('what stays', () => {
  it('line ends, comments and the rest of the options', async () => {
    const text = plain(`  /** Shown. */
  @Column({
    type: 'varchar',
    length: 40, // as in the old shop
    comment: 'shown',
  }) // keep
  title!: string; // the title

  // a method
  print(): string {
    return this.title;
  }
`).replaceAll('\n', '\r\n');
    const after = await edited(
      text,
      `  modify_columns: [{name: 'title', new_type: 'varchar(80)', nullable: true}]
  add_columns: [{name: 'note', type: 'text', constraints: []}]`,
    );
    expect(after.text.replaceAll('\r\n', '\n')).toBe(
      plain(`  /** Shown. */
  @Column({
    type: 'varchar',
    length: 80, // as in the old shop
    comment: 'shown',
    nullable: true,
  }) // keep
  title!: string | null; // the title

  @Column({
    type: 'text',
    nullable: true,
  })
  note!: string | null;

  // a method
  print(): string {
    return this.title;
  }
`),
    );
    expect(after.text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('a property that is renamed or goes', () => {
  const base = (more: string) =>
    plain(`${TITLE}
  @Column({ type: 'varchar', default: 'row' })
  kind!: string;
${more}`)
      .replace('{ Column,', '{ ChildEntity, Column,')
      .replace('PrimaryGeneratedColumn }', 'PrimaryGeneratedColumn, TableInheritance }')
      .replace("@Entity('items')", "@Entity('items')\n@TableInheritance({ column: 'kind' })");
  const family = `${base('')}
@ChildEntity('book')
export class Book extends Item {
  print(): string {
    return this.title;
  }
}
`;

  it('is followed into the classes that inherit it', async () => {
    const { text } = await edited(family, `  rename_columns: [{from: 'title', to: 'headline'}]`);
    expect(text).toContain('return this.headline;');
  });

  it('is told where it is still used', async () => {
    const { notices } = await edited(family, `  drop_columns: ['title']`, {
      'src/item.page.ts': `import type { Item } from './item.entity';\n\nexport const show = (item: Item) => item.title;\n`,
    });
    expect(notices.filter(({ rule }) => rule === 'property-still-used')).toMatchObject([
      { file: '/p/src/item.entity.ts', line: 19 },
      { file: '/p/src/item.page.ts', line: 3 },
    ]);
  });
});

describe('foreign keys', () => {
  const target = (
    columns: string,
    head = '',
  ) => `import { Column, Entity, PrimaryColumn${head} } from 'typeorm';

@Entity('regions')
export class Region {
${columns}}
`;

  it('to a column that is no primary key name it', async () => {
    const region = target(`  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'region_code', type: 'varchar', length: 8, unique: true })
  regionCode!: string;
`);
    const { text, again, tree } = await edited(
      plain(TITLE),
      `  add_columns: [{name: 'region', type: 'varchar(8)', constraints: ['NULL', 'REFERENCES regions(region_code)']}]`,
      { 'src/region.entity.ts': region },
    );
    expect(text).toContain(`  @Column({ type: 'varchar', length: 8, nullable: true })
  region!: string | null;

  @ManyToOne(() => Region)
  @JoinColumn({ name: 'region', referencedColumnName: 'regionCode' })
  regionRelation!: Region | null;
`);
    expect((await again(tree)).changes).toEqual([]);
  });

  it('of two columns list both', async () => {
    const region = target(`  @PrimaryColumn({ type: 'char', length: 2 })
  country!: string;

  @PrimaryColumn({ type: 'int' })
  zone!: number;
`).replace('Column, ', '');
    const { text, again, tree } = await edited(
      plain(TITLE),
      `  add_columns:
    - {name: 'country', type: 'char(2)', constraints: []}
    - {name: 'zone', type: 'integer', constraints: []}
  add_foreign_keys: [{fields: ['country', 'zone'], references: 'regions(country, zone)'}]`,
      { 'src/region.entity.ts': region },
    );
    expect(text).toContain(`  @ManyToOne(() => Region)
  @JoinColumn([
    { name: 'country', referencedColumnName: 'country' },
    { name: 'zone', referencedColumnName: 'zone' },
  ])
  region!: Region | null;
`);
    expect((await again(tree)).changes).toEqual([]);
  });
});

describe('enums', () => {
  const ENUM = `  @Column({ type: 'enum', enum: Size, enumName: 'item_size', default: Size.Small })
  size!: Size;
`;
  const declared = plain(
    TITLE + '\n' + ENUM,
    "\nexport enum Size {\n  Small = 'small',\n  Large = 'large',\n}\n",
  );
  const drop = `  drop_columns: ['size']
---
migration_type: 'drop_enum'
enum_name: 'item_size'`;

  it('go with their last column', async () => {
    const { text, again, tree } = await edited(declared, drop);
    expect(text).toBe(plain(TITLE));
    expect((await again(tree)).changes).toEqual([]);
  });

  it('that other code uses stay, and it is told', async () => {
    const { text, notices } = await edited(declared, drop, {
      'src/page.ts': "import { Size } from './item.entity';\n\nexport const first = Size.Small;\n",
    });
    expect(text).toContain('export enum Size {');
    expect(notices).toMatchObject([{ rule: 'enum-still-used' }]);
  });

  it('become text, and text becomes an enum', async () => {
    const { text, again, tree } = await edited(
      declared,
      `  modify_columns:
    - {name: 'size', new_type: 'text', using: 'size::text', default: "'small'"}
    - {name: 'title', new_type: 'item_size', using: 'title::item_size'}`,
    );
    expect(text).toContain("  @Column({ type: 'text', default: 'small' })\n  size!: string;\n");
    expect(text).toContain(
      "  @Column({ type: 'enum', enum: Size, enumName: 'item_size' })\n  title!: Size;\n",
    );
    expect((await again(tree)).changes).toEqual([]);
  });

  it('lose values that are told where they are used', async () => {
    const { text, notices } = await edited(
      declared,
      `  add_columns: [{name: 'note', type: 'text', constraints: []}]
---
migration_type: 'modify_enum'
enum_name: 'item_size'
changes: {drop_values: ['large'], add_values: [{value: 'x-large'}]}`,
      { 'src/page.ts': "import { Size } from './item.entity';\n\nexport const first = Size.Large;\n" },
    );
    expect(text).toContain("  Small = 'small',\n  XLarge = 'x-large',\n}");
    expect(notices).toMatchObject([{ rule: 'enum-value-still-used', file: '/p/src/page.ts', line: 3 }]);
  });
});

describe('EntitySchema', () => {
  const schemas = `import { EntitySchema } from 'typeorm';

export const OwnerSchema = new EntitySchema({
  name: 'owner',
  columns: { id: { type: 'int', primary: true } },
});

export const ItemSchema = new EntitySchema({
  name: 'item',
  tableName: 'items',
  columns: {
    id: { type: 'int', primary: true },
    title: { type: 'varchar' },
  },
  relations: {
    owner: { type: 'many-to-one', target: 'owner', joinColumn: { name: 'owner_id' }, nullable: false },
  },
});
`;

  it('relations change their column and their actions', async () => {
    const { text, again, tree } = await edited(
      schemas,
      `  rename_columns: [{from: 'owner_id', to: 'keeper_id'}]
  modify_columns: [{name: 'keeper_id', nullable: true}]
  modify_foreign_keys: [{field: 'keeper_id', on_delete: 'SET NULL'}]`,
    );
    expect(text).toContain(
      "keeper: { type: 'many-to-one', target: 'owner', joinColumn: { name: 'keeper_id' }, onDelete: 'SET NULL' },",
    );
    expect((await again(tree)).changes).toEqual([]);
  });

  it('a column that loses its relation is listed', async () => {
    const { resolution } = await edited(
      schemas,
      `  modify_foreign_keys: [{field: 'owner_id', on_delete: 'CASCADE'}]`,
    );
    const [change] = resolution.changes;
    const name = change?.kind === 'alter-foreign-key' ? change.foreignKey.name : '';
    const { text, again, tree } = await edited(schemas, `  drop_foreign_keys: ['${name}']`);
    expect(text).toContain("    ownerId: { name: 'owner_id', type: 'int' },\n");
    expect(text).not.toContain('many-to-one');
    expect((await again(tree)).changes).toEqual([]);
  });
});

describe('tables', () => {
  const plan = (text: string) => `migration_type: '${text}`;

  it.each([
    ["@Entity('items')", "@Entity('things')"],
    ["@Entity({ name: 'items' })", "@Entity({ name: 'things' })"],
    ["@Entity('items', { orderBy: { title: 'ASC' } })", "@Entity('things', { orderBy: { title: 'ASC' } })"],
  ])('%s is renamed to %s', async (before, after) => {
    const tree = {
      'src/data-source.ts': DATA_SOURCE,
      'src/item.entity.ts': plain(TITLE).replace("@Entity('items')", before),
    };
    const run = await runPlan(tree, plan("rename_table'\ntable_name: 'items'\nnew_name: 'things'\n"));
    expect(run.tree['src/item.entity.ts']).toBe(plain(TITLE).replace("@Entity('items')", after));
  });

  it('that are dropped leave modules and lists, and what still names them is told', async () => {
    const tree = {
      'src/data-source.ts': DATA_SOURCE,
      'src/item.entity.ts': plain(TITLE),
      'src/user.entity.ts': plain(TITLE).replace("'items'", "'users'").replace('Item', 'User'),
      'src/shop.module.ts': `import { Item } from './item.entity';
import { User } from './user.entity';

export const imports = [TypeOrmModule.forFeature([User, Item])];
`,
      'src/item.service.ts': `import { Item } from './item.entity';

export class ItemService {
  make(): Item {
    return new Item();
  }
}
`,
    };
    const { tree: after, notices } = await runPlan(tree, plan("drop_table'\ntable_name: 'items'\n"));
    expect(after['src/item.entity.ts']).toBeUndefined();
    expect(after['src/shop.module.ts']).toBe(`import { User } from './user.entity';

export const imports = [TypeOrmModule.forFeature([User])];
`);
    expect(notices).toMatchObject([{ rule: 'still-refers', file: '/p/src/item.service.ts', line: 4 }]);
  });

  it('that no list can take are told', async () => {
    const tree = {
      'src/data-source.ts': DATA_SOURCE.replace("['src/*.entity.ts']", "['src/item.entity.ts']"),
      'src/item.entity.ts': plain(TITLE),
    };
    const { notices } = await runPlan(
      tree,
      plan(
        "new_table'\ntable_name: 'orders'\nfields: [{name: 'id', type: 'serial', constraints: ['PRIMARY KEY']}]\n",
      ),
    );
    expect(notices).toMatchObject([{ rule: 'entity-not-registered' }]);
  });
});

describe('values of an enum', () => {
  const enumPlan = (name: string, changes: string) =>
    `migration_type: modify_enum\nenum_name: ${name}\nchanges:\n${changes}\n`;
  const entity = (
    name: string,
    column: string,
  ) => `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Kind } from './kind';

@Entity('${name}')
export class ${name[0]!.toUpperCase()}${name.slice(1)} {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  ${column}
}
`;
  const DECLARED = "@Column({ type: 'enum', enum: Kind, default: Kind.B })\n  kind!: Kind;";
  const INLINE = "@Column({ type: 'enum', enum: ['a', 'b'], default: 'b' })\n  kind!: 'a' | 'b';";
  const KIND = "export enum Kind {\n  A = 'a',\n  B = 'b',\n}\n";
  const AWKWARD = `  rename_values: [{ from: b, to: "b's" }]
  add_values: [{ value: "it's" }, { value: 'back\\slash' }, { value: 'a|b' }, { value: 'say "x" it''s' }]`;

  it('with quotes, backslashes and bars are written as TypeScript reads them', async () => {
    const run = await runPlan(
      {
        'src/data-source.ts': DATA_SOURCE,
        'src/kind.ts': KIND,
        'src/item.entity.ts': entity('items', INLINE),
      },
      enumPlan('items_kind_enum', AWKWARD),
    );
    expect(run.tree['src/item.entity.ts']).toContain(
      `enum: ['a', "b's", "it's", 'back\\\\slash', 'a|b', 'say "x" it\\'s'], default: () => "'b''s'" })`,
    );
    expect(run.tree['src/item.entity.ts']).toContain(
      `kind!: 'a' | "b's" | "it's" | 'back\\\\slash' | 'a|b' | 'say "x" it\\'s';`,
    );
    expect((await run.again(run.tree)).changes).toEqual([]);
  });

  it('with quotes become members of a declaration, and defaults that TypeORM can write', async () => {
    const run = await runPlan(
      {
        'src/data-source.ts': DATA_SOURCE,
        'src/kind.ts': KIND,
        'src/item.entity.ts': entity('items', DECLARED),
      },
      enumPlan('items_kind_enum', AWKWARD),
    );
    expect(run.tree['src/kind.ts']).toContain(`B = "b's",`);
    expect(run.tree['src/item.entity.ts']).toContain(`default: () => "'b''s'"`);
    expect((await run.again(run.tree)).changes).toEqual([]);
  });

  it('that two enums of the database share are refused where the plan changes one, with its name', async () => {
    const tree = {
      'src/data-source.ts': DATA_SOURCE,
      'src/kind.ts': KIND,
      'src/item.entity.ts': entity('items', DECLARED),
      'src/post.entity.ts': entity('posts', DECLARED),
    };
    const one = enumPlan('items_kind_enum', '  add_values: [{ value: c }]');
    const error = await errorOf(runPlan(tree, one));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: 'the values of items_kind_enum are those of Kind, which makes posts_kind_enum too',
    });
    const both = await runPlan(tree, `${one}---\n${one.replace('items', 'posts')}`);
    expect(both.tree['src/kind.ts']).toBe(KIND.replace("B = 'b',", "B = 'b',\n  C = 'c',"));
    const different = `${one}---\n${enumPlan('posts_kind_enum', '  add_values: [{ value: d }]')}`;
    expect((await errorOf(runPlan(tree, different)))?.code).toBe('schema-not-editable');
  });

  it('in a class that is embedded twice, or that two entities extend, are shared too', async () => {
    const embedded = `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export class Part {
  ${INLINE}
}

@Entity('items')
export class Item {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column(() => Part)
  home!: Part;

  @Column(() => Part)
  work!: Part;
}
`;
    const error = await errorOf(
      runPlan(
        { 'src/data-source.ts': DATA_SOURCE, 'src/item.entity.ts': embedded },
        enumPlan('items_homekind_enum', '  drop_values: [a]'),
      ),
    );
    expect(error?.message).toContain('which makes items_workkind_enum too');
  });
});

describe('a property that makes several columns', () => {
  const EMBEDDED = `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export class Address {
  @Column({ type: 'varchar', length: 20 })
  zip!: string;
}

@Entity('items')
export class Item {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column(() => Address)
  home!: Address;

  @Column(() => Address)
  work!: Address;
}
`;
  const BASE = `import { Column, PrimaryGeneratedColumn } from 'typeorm';

export abstract class Base {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'varchar', length: 20 })
  label!: string;
}
`;
  const child = (name: string) => `import { Entity } from 'typeorm';
import { Base } from './base';

@Entity('${name.toLowerCase()}s')
export class ${name} extends Base {}
`;
  const others = { 'src/base.ts': BASE, 'src/other.entity.ts': child('Other') };

  it.each([
    ['of another type', "  modify_columns: [{ name: homeZip, new_type: 'varchar(40)' }]"],
    ['renamed', '  rename_columns: [{ from: homeZip, to: homeCode }]'],
    ['dropped', '  drop_columns: [homeZip]'],
  ])('of a class that is embedded twice is not %s for one of them', async (_, changes) => {
    const error = await errorOf(edited(EMBEDDED, changes));
    expect(error).toMatchObject({
      code: 'schema-not-editable',
      message: 'the column homeZip of items comes from Address.zip, which makes items.workZip too',
    });
  });

  it('is changed once where the plan changes all of them alike', async () => {
    const renamed = await edited(
      EMBEDDED,
      `  rename_columns: [{ from: homeZip, to: homeCode }, { from: workZip, to: workCode }]
  modify_columns: [{ name: homeCode, new_type: 'varchar(40)' }, { name: workCode, new_type: 'varchar(40)' }]`,
    );
    expect(renamed.text).toBe(
      EMBEDDED.replace('length: 20', 'length: 40').replace('zip!: string', 'code!: string'),
    );
    expect((await renamed.again(renamed.tree)).changes).toEqual([]);
    const dropped = await edited(EMBEDDED, '  drop_columns: [homeZip, workZip]');
    expect(dropped.text).not.toContain('zip');
  });

  it('keeps what the name of an embedded column begins with', async () => {
    const error = await errorOf(edited(EMBEDDED, '  rename_columns: [{ from: homeZip, to: postcode }]'));
    expect(error?.message).toContain('its name cannot become postcode');
  });

  it('of a base class is changed once where the plan changes all of them alike', async () => {
    const plan = (table: string) =>
      `migration_type: modify_existing\ntable_name: ${table}\nchanges:\n  rename_columns: [{ from: label, to: title }]\n`;
    const tree = { 'src/data-source.ts': DATA_SOURCE, 'src/item.entity.ts': child('Item'), ...others };
    const run = await runPlan(tree, `${plan('items')}---\n${plan('others')}`);
    expect(run.tree['src/base.ts']).toBe(BASE.replace('label!', 'title!'));
    const error = await errorOf(runPlan(tree, plan('items')));
    expect(error?.message).toContain('which makes others.label too');
  });

  it('of an entity that another one extends makes a column of that one', async () => {
    const parent = EMBEDDED.replace(
      '@Column(() => Address)\n  work',
      '@Column()\n  name!: string;\n\n  @Column(() => Address)\n  work',
    );
    const error = await errorOf(
      edited(parent, '  drop_columns: [name]', {
        'src/admin.entity.ts': `import { Entity } from 'typeorm';
import { Item } from './item.entity';

@Entity('admins')
export class Admin extends Item {}
`,
      }),
    );
    expect(error?.message).toContain('which makes admins.name too');
  });
});

describe('what a new entity copies from its neighbours', () => {
  const neighbour = (name: string, base: string, more = '') => `import { Directive } from './graphql';
import { Column, Entity } from 'typeorm';
import { Base } from './base';
${more}
@Directive('@shareable')
@Entity('${name.toLowerCase()}s')
export class ${name} extends ${base} {
  @Column('text')
  title!: string;
}
`;
  const BASE = `import { PrimaryGeneratedColumn } from 'typeorm';

export abstract class Base<T> {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  kind?: T;
}
`;
  const added = (files: Readonly<Record<string, string>>) =>
    runPlan(
      {
        'src/data-source.ts': DATA_SOURCE,
        'src/base.ts': BASE,
        'src/dto.ts': DTO,
        'src/graphql.ts': DIRECTIVE,
        ...files,
      },
      `migration_type: new_table
table_name: labels
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, 'DEFAULT uuid_generate_v4()'] }
  - { name: title, type: text, constraints: [NOT NULL] }
`,
    );
  const DIRECTIVE = 'export const Directive = (text: string) => (target: unknown) => void [text, target];\n';
  const DTO = 'export class PostDto {}\nexport class ItemDto {}\nexport class Dto {}\n';

  it('is imported: decorators of the class, and type arguments of its base', async () => {
    const dto = "import { Dto } from './dto';\n";
    const run = await added({
      'src/item.entity.ts': neighbour('Item', 'Base<Dto>', dto),
      'src/post.entity.ts': neighbour('Post', 'Base<Dto>', dto),
    });
    const text = run.tree['src/label.entity.ts'];
    expect(text).toContain("import { Directive } from './graphql';\n");
    expect(text).toContain("import { Dto } from './dto';\n");
    expect(text).toContain('export class Label extends Base<Dto> {');
  });

  it('is not a base with a type of the neighbour itself', async () => {
    const run = await added({
      'src/item.entity.ts': neighbour('Item', 'Base<ItemDto>', "import { ItemDto } from './dto';\n"),
      'src/post.entity.ts': neighbour('Post', 'Base<PostDto>', "import { PostDto } from './dto';\n"),
    });
    const text = run.tree['src/label.entity.ts'];
    expect(text).toContain('export class Label {');
    expect(text).toContain("@PrimaryGeneratedColumn('uuid')");
    expect(text).not.toContain('Dto');
  });
});

describe('SQL in the sources', () => {
  it('that names a renamed column or table is reported with its line', async () => {
    const virtual = `  @VirtualColumn({ query: (alias) => \`SELECT upper(title) FROM items WHERE id = ${'${alias}'}.id\` })
  loud!: string;
`;
    const text = plain(`${TITLE}\n${virtual}`).replace('Column, Entity', 'Column, VirtualColumn, Entity');
    const column = await edited(text, '  rename_columns: [{ from: title, to: name }]', {
      'src/report.entity.ts': "export const LONGEST = 'select id from items order by length(title)';\n",
    });
    const told = column.notices.filter(({ rule }) => rule === 'renamed-in-sql');
    expect(told.map(({ file, line }) => [file, line])).toEqual([
      ['/p/src/item.entity.ts', 11],
      ['/p/src/report.entity.ts', 1],
    ]);
    const table = await edited(text, '  rename_table: things');
    expect(table.notices.filter(({ rule }) => rule === 'renamed-in-sql')).toHaveLength(1);
    const other = await edited(text, '  add_columns: [{ name: more, type: text }]');
    expect(other.notices.filter(({ rule }) => rule === 'renamed-in-sql')).toEqual([]);
  });
});

describe('a renamed column', () => {
  const rename = (more = '') => `  rename_columns: [{from: 'title', to: 'label'${more}}]`;
  const keep = rename(', keep_property: true');

  it('takes its property along, or keeps it with its name written', async () => {
    expect((await edited(plain(TITLE), rename())).text).toContain('  label!: string;\n');
    const { text } = await edited(plain(TITLE), keep);
    expect(text).toContain('  title!: string;\n');
    expect(text).toMatch(/@Column\(\{[^}]*name: 'label'[^}]*\}\)\n/);
  });

  it.each([
    ['@Column()', /@Column\(\{ name: 'label' \}\)/],
    [`@Column('varchar')`, /@Column\('varchar', \{ name: 'label' \}\)/],
    [`@Column({ name: 'title' })`, /@Column\(\{ name: 'label' \}\)/],
  ])('keeps its property under %s', async (decorator, after) => {
    const { text } = await edited(plain(`  ${decorator}\n  title!: string;\n`), keep);
    expect(text).toMatch(after);
    expect(text).toContain('  title!: string;\n');
  });
});

describe('an EntitySchema whose neighbours share columns', () => {
  const source = (...names: readonly string[]) => `import { DataSource } from 'typeorm';
${names.map((name) => `import { ${name}Schema } from './${name.toLowerCase()}.schema';\n`).join('')}
export const source = new DataSource({ type: 'postgres', entities: [${names.map((name) => `${name}Schema`).join(', ')}] });
`;
  const schema = (
    name: string,
    table: string,
    columns: string,
    properties: string,
  ) => `import { EntitySchema } from 'typeorm';
import { BaseColumns, KeyColumn } from './columns';

export type ${name} = {
  id: string;
  madeAt: Date;
${properties}};

export const ${name}Schema = new EntitySchema<${name}>({
  name: '${name}',
  tableName: '${table}',
  columns: {
    ...BaseColumns,
${columns}  },
});
`;
  const tree = {
    'src/data-source.ts': source('Room', 'Desk'),
    'src/columns.ts': `export const KeyColumn = { type: 'uuid' } as const;
const Made = { madeAt: { name: 'made_at', type: 'timestamptz', createDate: true } } as const;
export const BaseColumns = { id: { type: 'uuid', primary: true, generated: 'uuid' }, ...Made } as const;
`,
    'src/room.schema.ts': schema('Room', 'rooms', '    plan: KeyColumn,\n', '  plan: string;\n'),
    'src/desk.schema.ts': schema('Desk', 'desks', '    plan: KeyColumn,\n', '  plan: string;\n'),
  };
  const NEW = `migration_type: new_table
table_name: lamps
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT uuid_generate_v4()] }
  - { name: plan, type: uuid, constraints: [NOT NULL] }
  - { name: made_at, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
`;

  it('has them too when it is new', async () => {
    const { tree: after } = await runPlan(tree, NEW);
    expect(after['src/lamp.schema.ts']).toContain(
      '  columns: {\n    ...BaseColumns,\n    plan: KeyColumn,\n  },\n',
    );
    expect(after['src/lamp.schema.ts']).toContain(`import { BaseColumns, KeyColumn } from './columns';\n`);
    expect(after['src/lamp.schema.ts']).toContain('  madeAt: Date;\n');
  });

  it('has none that the plan wants otherwise', async () => {
    const { tree: after } = await runPlan(tree, NEW.replace('type: timestamptz', 'type: timestamp'));
    expect(after['src/lamp.schema.ts']).not.toContain('BaseColumns');
    expect(after['src/lamp.schema.ts']).toContain('    plan: KeyColumn,\n');
  });

  const rename = (more = '') =>
    `migration_type: modify_existing\ntable_name: desks\nchanges:\n  rename_columns: [{ from: plan, to: layout${more} }]\n`;

  it('keeps the value of a property that is renamed', async () => {
    const { tree: after } = await runPlan(tree, rename());
    expect(after['src/desk.schema.ts']).toContain('    layout: KeyColumn,\n');
    expect(after['src/desk.schema.ts']).toContain('  layout: string;\n');
  });

  it('says the name beside it where the property stays, and a type that changes', async () => {
    const kept = await runPlan(tree, rename(', keep_property: true'));
    expect(kept.tree['src/desk.schema.ts']).toContain(`    plan: { ...KeyColumn, name: 'layout' },\n`);
    const retyped = await runPlan(
      tree,
      'migration_type: modify_existing\ntable_name: desks\nchanges:\n  modify_columns: [{ name: plan, new_type: text, nullable: true }]\n',
    );
    expect(retyped.tree['src/desk.schema.ts']).toContain(
      `    plan: { ...KeyColumn, type: 'text', nullable: true },\n`,
    );
    expect(retyped.tree['src/desk.schema.ts']).toContain('  plan: string | null;\n');
  });
});

it('a new entity is listed with all entities, not where somebody has chosen a few', async () => {
  const entity = (name: string) => `import { Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('${name.toLowerCase()}s')
export class ${name} {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
}
`;
  const names = ['User', 'Team', 'Role'];
  const imports = names.map((name) => `import { ${name} } from './${name}';`).join('\n');
  const run = await runPlan(
    {
      ...Object.fromEntries(names.map((name) => [`src/entities/${name}.ts`, entity(name)])),
      'src/entities/index.ts': `${imports}\n\nexport const entities = { User, Team, Role };\n`,
      'src/utils.ts': `import { User } from './entities/User';\n\nexport const shownEntities = { User };\n`,
      'src/data-source.ts': `import { DataSource } from 'typeorm';
import { entities } from './entities';

export const source = new DataSource({ type: 'postgres', entities: Object.values(entities) });
`,
    },
    "migration_type: 'new_table'\ntable_name: 'tags'\nfields: [{ name: 'id', type: 'uuid', constraints: ['PRIMARY KEY', 'DEFAULT uuid_generate_v4()'] }]\n",
  );
  expect(run.tree['src/entities/index.ts']).toContain('{ User, Team, Role, Tag }');
  expect(run.tree['src/utils.ts']).toContain('{ User }');
});

describe('a data source that puts something to all names', () => {
  const tree = (options: string) => ({
    'src/data-source.ts': DATA_SOURCE.replace("'postgres',", `'postgres', ${options},`),
    'src/item.entity.ts': plain(TITLE),
  });
  const NEW = (name: string, more = '') =>
    `migration_type: new_table\n${more}table_name: ${name}\nfields: [{ name: id, type: uuid, constraints: [PRIMARY KEY] }]\n`;

  it('has new entities and new names without its prefix', async () => {
    const prefixed = tree("entityPrefix: 'app_'");
    const { tree: after } = await runPlan(prefixed, NEW('app_notes'));
    expect(after['src/note.entity.ts']).toContain("@Entity('notes')\n");
    const renamed = await runPlan(
      prefixed,
      'migration_type: rename_table\ntable_name: app_items\nnew_name: app_things\n',
    );
    expect(renamed.tree['src/item.entity.ts']).toContain("@Entity('things')\n");
    const error = await errorOf(runPlan(prefixed, NEW('notes')));
    expect(error?.message).toContain('the data source puts app_ before all names');
  });

  it('has new entities without its schema, and says another one', async () => {
    const inSchema = tree("schema: 'app'");
    const { tree: own } = await runPlan(inSchema, NEW('notes', 'schema: app\n'));
    expect(own['src/note.entity.ts']).toContain("@Entity('notes')\n");
    const { tree: other } = await runPlan(inSchema, NEW('notes', 'schema: public\n'));
    expect(other['src/note.entity.ts']).toContain("@Entity('notes', { schema: 'public' })\n");
  });
});
