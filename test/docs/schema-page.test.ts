import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderSchema } from '../../src/docs/schema-page.ts';
import type { DatabaseSchema } from '../../src/plan/database-schema.ts';
import { mermaidBlocks, type ParsedDiagram, parsedDiagram } from './parsed-diagram.ts';
import { schemaOf, table } from './schema-tables.ts';

const template = readFileSync('templates/docs/schema.md.hbs', 'utf8');
const page = (schema: DatabaseSchema, places: { name: string; file: string }[] = []): string =>
  renderSchema(
    schema,
    { places: places.map((place) => ({ schema: 'public', ...place })), newest: undefined },
    template,
  );

async function diagrams(text: string): Promise<ParsedDiagram[]> {
  const parsed: ParsedDiagram[] = [];
  for (const block of mermaidBlocks(text)) parsed.push(await parsedDiagram(block));
  return parsed;
}

const drawn = (all: readonly ParsedDiagram[]): string[] =>
  all.flatMap(({ entities }) => Object.keys(entities).filter((name) => entities[name]!.length > 0));

it('a small schema is one diagram', async () => {
  const text = page(schemaOf([table('users'), table('orders', ['users'])]));
  expect(await diagrams(text)).toEqual([
    {
      entities: { orders: ['uuid id PK', 'uuid users_id FK'], users: ['uuid id PK'] },
      relations: ['orders ZERO_OR_MORE--ONLY_ONE users: users_id'],
    },
  ]);
  expect(text).toContain('2 tables, 0 enums');
});

it('an empty schema has none', () => {
  expect(page(schemaOf([]))).toMatch(/^0 tables, 0 enums\./);
});

it('enums stand with their values and the columns that have them', () => {
  const mood = { schema: 'public', name: 'mood', values: ['so | so', 'happy'] };
  const state = { schema: 'billing', name: 'State', values: ['open'] };
  const columns = [
    { name: 'mood', type: 'mood', notNull: false },
    { name: 'moods', type: 'mood[]', notNull: false },
    { name: 'state', type: 'billing."State"', notNull: false },
  ];
  const text = page(schemaOf([table('people', [], { columns })], { enums: [mood, state] }));
  expect(text).toContain('| `billing.State` | `open` | `people.state` |');
  expect(text).toContain('| `mood` | `so \\| so`, `happy` | `people.mood`, `people.moods` |');
});

describe('a large schema', () => {
  const shop = Array.from({ length: 20 }, (_, index) => table(`shop_${index}`, index ? ['shop_0'] : []));
  const team = Array.from({ length: 10 }, (_, index) =>
    table(`team_${index}`, index ? ['team_0'] : ['shop_0']),
  );
  const places = [...shop, ...team].map(({ name }) => ({
    name,
    file: `src/db/${name.slice(0, 4)}/${name}.ts`,
  }));

  it('has a diagram for each folder of its sources, every table once', async () => {
    const text = page(schemaOf([...shop, ...team]), places);
    const all = await diagrams(text);
    expect(all.map(({ entities }) => Object.keys(entities).length)).toEqual([20, 11]);
    expect(drawn(all).toSorted()).toEqual([...shop, ...team].map(({ name }) => name).toSorted());
    expect(text).toMatch(/\n## shop\n[^]*\n## team\n/);
  });

  it('shows tables of another part as boxes, and says where they are drawn', async () => {
    const text = page(schemaOf([...shop, ...team]), places);
    expect((await diagrams(text))[1]!.entities['shop_0']).toEqual([]);
    expect(text).toContain('Drawn elsewhere: [`shop_0`](#shop)');
  });

  it('is drawn by what hangs together where its sources do not tell', async () => {
    const text = page(schemaOf([...team, ...shop]));
    expect(text).toContain('## around shop_0\n');
    expect(drawn(await diagrams(text))).toHaveLength(30);
  });

  it('does not hang on the order of its tables', () => {
    expect(page(schemaOf([...team, ...shop]))).toBe(page(schemaOf([...shop, ...team])));
    expect(page(schemaOf([...team, ...shop]), places)).toBe(page(schemaOf([...shop, ...team]), places));
  });

  it('of 300 tables that all hang together keeps every diagram small, and no two headings alike', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      table(`t_${index}`, index === 0 ? [] : [`t_${Math.floor(index / 3)}`]),
    );
    const text = page(schemaOf(many));
    const all = await diagrams(text);
    expect(Math.max(...all.map((each) => drawn([each]).length))).toBeLessThanOrEqual(25);
    expect(drawn(all)).toHaveLength(300);
    expect(all.flatMap(({ relations }) => relations)).toHaveLength(299);
    const headings = text.match(/^## .*$/gm) ?? [];
    expect(new Set(headings).size).toBe(headings.length);
  });
});

it('takes tables of any name', async () => {
  const names = [
    'order items',
    'a"b',
    "it's",
    '__proto__',
    'constructor',
    '統計',
    'a|b',
    '<b>',
    '`tick`',
    '%',
  ];
  const text = page(schemaOf(names.map((name) => table(name))));
  expect(drawn(await diagrams(text)).toSorted()).toEqual(names.toSorted());
});
