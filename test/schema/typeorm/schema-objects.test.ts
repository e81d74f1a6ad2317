import { describe, expect, it } from 'vitest';
import { runPlan } from './style-fixture.ts';

const COLUMNS = `import type { EntitySchemaColumnOptions } from 'typeorm';

export const TIME = 'timestamp with time zone';
export const Id = { type: String, length: 21 } as EntitySchemaColumnOptions;
export const Base = {
  id: { ...Id, primary: true } as EntitySchemaColumnOptions,
  created: { name: 'created', type: TIME, createDate: true } as EntitySchemaColumnOptions,
};
`;

const MODELS = `export type Key = string;

export type BaseModel = {
  id: Key;
  created: string;
};

export type Room = BaseModel & {
  houseId: Key;
  label: string;
};

export type House = BaseModel & {
  ownerId: Key;
  sold: string | null;
};
`;

const ROOM = `import { EntitySchema } from 'typeorm';
import { House, Room } from './models';
import { Base, Id } from './columns';

export type RoomSchema = Room & {
  house: House;
};

export const RoomEntity = new EntitySchema<RoomSchema>({
  name: 'room',
  columns: {
    ...Base,
    houseId: Id,
    label: {
      type: String,
      length: 40,
    },
  },
  indices: [
    {
      name: 'idx_room_house',
      columns: ['houseId'],
      unique: false,
    },
  ],
  relations: {
    house: {
      type: 'many-to-one',
      target: 'house',
      onDelete: 'CASCADE',
      joinColumn: {
        name: 'houseId',
        foreignKeyConstraintName: 'fk_room_house',
      },
    },
  },
});
`;

const HOUSE = `import { EntitySchema } from 'typeorm';
import { House, Room } from './models';
import { Base, Id, TIME } from './columns';

type HouseSchema = House & {
  rooms: Room[];
};

export const HouseEntity = new EntitySchema<HouseSchema>({
  name: 'house',
  columns: {
    ...Base,
    ownerId: Id,
    sold: {
      type: TIME,
      nullable: true,
    },
  },
  relations: {
    rooms: {
      type: 'one-to-many',
      target: 'room',
      inverseSide: 'house',
    },
  },
});
`;

const DATA_SOURCE = `import { DataSource, EntitySchema } from 'typeorm';
import { HouseEntity } from './house.entity';
import { RoomEntity } from './room.entity';

function allEntities(): EntitySchema[] {
  const entities: EntitySchema<any>[] = [HouseEntity, RoomEntity];
  return entities;
}

export const source = new DataSource({ type: 'postgres', entities: allEntities() });
`;

const TREE = {
  'src/data-source.ts': DATA_SOURCE,
  'src/columns.ts': COLUMNS,
  'src/models.ts': MODELS,
  'src/house.entity.ts': HOUSE,
  'src/room.entity.ts': ROOM,
};

const modify = (changes: string) =>
  `migration_type: modify_existing\ntable_name: room\nchanges:\n${changes.replaceAll(/^/gm, '  ')}\n`;

describe('a new EntitySchema', () => {
  const plan = `migration_type: new_table
table_name: key_card
fields:
  - { name: id, type: varchar(21), constraints: [PRIMARY KEY] }
  - { name: created, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
  - { name: roomId, type: varchar(21) }
  - { name: returned, type: timestamptz }
indexes: [{ fields: [roomId], name: idx_key_card_room }]
foreign_keys: [{ field: roomId, references: room(id), on_delete: CASCADE, name: fk_key_card_room }]
`;

  it('has the constants, types and layout of its neighbours', async () => {
    const { tree } = await runPlan(TREE, plan);
    expect(tree['src/key-card.entity.ts']).toBe(`import { EntitySchema } from 'typeorm';
import { Base, Id, TIME } from './columns';
import type { BaseModel, Key, Room } from './models';

export type KeyCardSchema = BaseModel & {
  roomId: Key | null;
  returned: string | null;
  room: Room | null;
};

export const KeyCardEntity = new EntitySchema<KeyCardSchema>({
  name: 'key_card',
  columns: {
    ...Base,
    roomId: {
      ...Id,
      nullable: true,
    },
    returned: {
      type: TIME,
      nullable: true,
    },
  },
  indices: [
    {
      name: 'idx_key_card_room',
      columns: ['roomId'],
      unique: false,
    },
  ],
  relations: {
    room: {
      type: 'many-to-one',
      target: 'room',
      onDelete: 'CASCADE',
      joinColumn: {
        name: 'roomId',
        foreignKeyConstraintName: 'fk_key_card_room',
      },
    },
  },
});
`);
  });

  it('is listed in the variable that a function returns', async () => {
    const { tree } = await runPlan(TREE, plan);
    expect(tree['src/data-source.ts']).toContain('= [HouseEntity, KeyCardEntity, RoomEntity];');
  });
});

describe('the type that an EntitySchema is of', () => {
  it('gets columns where the others are declared, and relations where those are', async () => {
    const { tree } = await runPlan(
      TREE,
      modify(`add_columns:
  - { name: size, type: integer, constraints: [NOT NULL, DEFAULT 1] }
  - { name: guestHouseId, type: varchar(21) }
add_foreign_keys: [{ field: guestHouseId, references: house(id) }]`),
    );
    expect(tree['src/models.ts']).toContain(
      '  label: string;\n  size: number;\n  guestHouseId: Key | null;\n};\n',
    );
    expect(tree['src/room.entity.ts']).toContain('  house: House;\n  guestHouse: House | null;\n};\n');
  });

  it('follows columns that are renamed, retyped and dropped', async () => {
    const renamed = await runPlan(TREE, modify('rename_columns: [{ from: houseId, to: buildingId }]'));
    expect(renamed.tree['src/models.ts']).toContain('export type Room = BaseModel & {\n  buildingId: Key;');
    const retyped = await runPlan(
      TREE,
      modify('modify_columns: [{ name: label, new_type: integer, nullable: true, using: "label::integer" }]'),
    );
    expect(retyped.tree['src/models.ts']).toContain('  label: number | null;\n');
    const dropped = await runPlan(TREE, modify('drop_columns: [label]'));
    expect(dropped.tree['src/models.ts']).toContain('  houseId: Key;\n};\n');
  });
});
