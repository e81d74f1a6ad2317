import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEntitySources } from '../../../src/orm/typeorm/entity-sources.ts';
import { makeTree } from '../../workspace/tree.ts';

const ENTITY = "import { Entity } from 'typeorm';\n\n@Entity()\nexport class Role {}\n";

it('has the modules of Nest and the index files beside entities, which the data source does not load', async () => {
  const root = makeTree(
    {
      'src/rbac/rbac.module.ts': 'export class RbacModule {}\n',
      'src/rbac/entities/role.entity.ts': ENTITY,
      'src/rbac/entities/index.ts': "export { Role } from './role.entity';\n",
      'src/rbac/index.ts': "export * from './rbac.module';\n",
      'src/shared/ids.ts': 'export const ids = 1;\n',
      'src/shared/index.ts': "export * from './ids';\n",
      'src/migrations/1700000000000-Init.ts': 'export class Init1700000000000 {}\n',
    },
    'tableplan entity-sources-',
  );
  const migration = join(root, 'src/migrations/1700000000000-Init.ts');
  const modules = ['src/rbac/entities/role.entity.ts', 'src/shared/ids.ts'].map((path) => join(root, path));
  const found = await readEntitySources(
    { root, repoRoot: root },
    {
      modules: [...modules, migration],
      history: [
        {
          name: 'Init1700000000000',
          className: 'Init1700000000000',
          stamp: 1_700_000_000_000,
          transaction: undefined,
          file: migration,
          imports: [],
        },
      ],
    },
  );
  expect(found.map(({ path }) => path.slice(root.length + 1)).toSorted()).toEqual([
    'src/rbac/entities/index.ts',
    'src/rbac/entities/role.entity.ts',
    'src/rbac/rbac.module.ts',
    'src/shared/ids.ts',
  ]);
});
