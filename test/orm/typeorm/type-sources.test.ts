import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typeSources } from '../../../src/orm/typeorm/type-sources.ts';
import { importCandidates } from '../../../src/project/imports.ts';
import { makeTree } from '../../workspace/tree.ts';

it('the types of EntitySchemas are read through the files that pass them on, inside the repository alone', async () => {
  const root = makeTree(
    {
      'repo/src/models/index.ts': "export type { Note } from './note';\n",
      'repo/src/models/note.ts': 'export interface Note { id: string }\n',
      'outside.ts': 'export interface Secret { key: string }\n',
    },
    'tableplan types-',
  );
  const repo = join(root, 'repo');
  const schema = {
    path: join(repo, 'src/note.schema.ts'),
    text: `import { EntitySchema } from 'typeorm';
import type { Note } from './models';
import type { Secret } from '../../outside';
export const NoteSchema = new EntitySchema<Note & Secret>({ name: 'note', columns: {} });
`,
  };
  const other = { path: join(repo, 'src/other.ts'), text: "import type { Note } from './models/note';\n" };
  const found = await typeSources([schema, other], importCandidates(), repo);
  expect(found.map(({ path }) => path.slice(repo.length))).toEqual([
    '/src/models/index.ts',
    '/src/models/note.ts',
  ]);
  expect(await typeSources([other], importCandidates(), repo)).toEqual([]);
});
