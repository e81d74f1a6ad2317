import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { editing } from './editing.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
const { write } = editing(() => project);
beforeEach(() => {
  project = crudFixture('hono');
});

describe('code that does not compile in the project is not written', () => {
  const OWN = 'tableplan/crud/hono/database.ts.hbs';
  const WRONG = "import type { Missing } from 'drizzle-orm';\n\nexport type Database = Missing;\n";

  it('nor its migration', async () => {
    write(OWN, WRONG);
    const before = treeOf(project.root);
    await expect(project.crud(BRANDS, { typecheck: true })).rejects.toMatchObject({
      code: 'code-not-proven',
      exitCode: 1,
      message: 'The code for brands does not compile in this project.',
      frame: expect.stringMatching(/^src\/lib\/crud\/database\.ts:1:\d+ TS2305 .*'Missing'/m) as string,
      hint: expect.stringMatching(/^Nothing was written.*--no-typecheck/) as string,
    });
    expect(treeOf(project.root)).toBe(before);
  });

  it('for a table that is there already', async () => {
    write(OWN, WRONG);
    const before = treeOf(project.root);
    await expect(project.crud('users', { typecheck: true })).rejects.toMatchObject({
      code: 'code-not-proven',
    });
    expect(treeOf(project.root)).toBe(before);
  });

  it('unless nobody wants to know', async () => {
    write(OWN, WRONG);
    expect(await project.crud(BRANDS, { typecheck: false })).toMatchObject({ status: 'done' });
    expect(existsSync(join(project.root, 'src/routes/brands.ts'))).toBe(true);
  });
});

it('what did not compile before is not counted', async () => {
  write('src/old.ts', 'export const old: number = "text";\n');
  expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
    status: 'done',
    verification: { ok: true, steps: [{ name: 'types', ok: true, existing: 1 }] },
  });
});
