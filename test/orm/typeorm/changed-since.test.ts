import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { changedSince } from '../../../src/orm/typeorm/changed-since.ts';
import { locateTypeorm } from '../../../src/orm/typeorm/locate/locate.ts';
import { startTypeorm } from '../../../src/orm/typeorm/start.ts';
import { shop } from '../../commands/typeorm-project.ts';

it('what a process has loaded is another by now where a file was changed, added or taken away', async () => {
  const { root, path, remove } = await shop();
  const started = await startTypeorm(await locateTypeorm(root), { keep: false });
  const changed = async (): Promise<boolean> => changedSince(await started.loaded, root);
  expect(await changed()).toBe(false);
  // The folder of the lock is nothing that the project has.
  writeFileSync(join(root, 'unrelated'), '');
  expect(await changed()).toBe(false);

  writeFileSync(path('src/migrations/1800000000000-Next.ts'), 'export {};\n');
  expect(await changed()).toBe(true);
  await started.reload();
  expect(await changed()).toBe(false);

  rmSync(path('src/entities/user.ts'));
  expect(await changed()).toBe(true);
  await started.stop();
  await remove();
});
