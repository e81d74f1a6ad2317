import { expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { refuseUnloaded } from '../../../src/orm/typeorm/refuse-unloaded.ts';

const CREATE = {
  kind: 'create-table',
  table: {
    schema: 'public',
    name: 'notes',
    columns: [],
    foreignKeys: [],
    indexes: [],
    uniques: [],
    checks: [],
  },
} as unknown as Change;

const loading = (patterns: readonly string[]) => ({
  root: '/p',
  dataSourcePath: '/p/src/data-source.ts',
  edits: [{ path: '/p/src/note.entity.ts', before: null, after: "@Entity('notes')" }],
  edited: { models: [], entities: { patterns, files: [], listed: 0 } },
});

it('an entity that the data source would not load is refused, with where it takes its entities from', () => {
  expect(() => refuseUnloaded([CREATE], loading(['/p/src/models/*.ts']))).toThrow(
    expect.objectContaining({
      code: 'schema-not-editable',
      message:
        'src/data-source.ts would not load the entity of notes (src/note.entity.ts): it takes its entities from src/models/*.ts, which does not match it.',
      hint: expect.stringContaining('Nothing was written.') as string,
    }),
  );
  expect(() => refuseUnloaded([CREATE], loading([]))).toThrow('a list that was not found in the sources');
});
