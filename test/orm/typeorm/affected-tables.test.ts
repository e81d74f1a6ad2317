import { expect, it } from 'vitest';
import type { LoadedDataSource } from '../../../src/orm/typeorm/child/child.ts';
import { affectedTables, mentionedTables } from '../../../src/orm/typeorm/affected-tables.ts';
import type { EntityModel } from '../../../src/orm/typeorm/model.ts';

function loaded(count: number, changed: readonly string[] = []): LoadedDataSource {
  const models = Array.from({ length: count }, (_, index) => ({
    name: `T${index}`,
    table: { schema: 'public', name: `t${index}` },
    // Every table refers to the one before it.
    relations:
      index === 0
        ? []
        : [{ target: `T${index - 1}`, joinColumns: ['before_id'], property: 'before', kind: 'many-to-one' }],
  })) as unknown as EntityModel[];
  const fingerprints = Object.fromEntries(
    models.map(({ table: { name } }) => [`public.${name}`, changed.includes(name) ? 'changed' : 'same']),
  );
  return { models, fingerprints } as unknown as LoadedDataSource;
}

it('looks at every table of a project of ordinary size', () => {
  expect(affectedTables(loaded(150), loaded(150, ['t3']), [])).toBeUndefined();
});

it('looks at what the edits change, what the plan names, and what refers to those, in a large one', () => {
  const changes = [
    { kind: 'rename-table', table: { schema: 'public', name: 't20' }, to: 'renamed' },
  ] as const;
  const tables = affectedTables(loaded(151), loaded(151, ['t3']), changes);
  expect(tables?.toSorted()).toEqual([
    'public.renamed',
    'public.t20',
    'public.t21',
    'public.t3',
    'public.t4',
  ]);
});

it('looks, for a migration that is there already, at the tables that it mentions, in a large project', () => {
  expect(mentionedTables(loaded(150), ['ALTER TABLE t3'])).toBeUndefined();
  expect(mentionedTables(loaded(151), ['ALTER TABLE "t3" ADD x', "dropTable('t20')"])).toEqual([
    'public.t3',
    'public.t20',
  ]);
});
