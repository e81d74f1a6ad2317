import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeProject, migrate } from './round-trip/project.ts';
import { treeOf } from './workspace/tree.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan words-twice-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

describe('words for a drop or a rename, said a second time', () => {
  it.each([
    'RemoveNickFromPeople',
    'RemovePeopleNick',
    'RenameNickToHandleInPeople',
    'DropLogsTable',
    'DropLog',
    'RenameTeamsToCrews',
    'DropForeignKeyFromPeople team_id',
    'DropUnusedKindEnum',
  ])('%s has nothing to do', async (words) => {
    const root = project();
    // Words have no place for a reason.
    expect((await migrate(root, words, { writeAnyway: 'nobody uses it' })).status).toBe('done');
    const after = treeOf(root);
    const again = await migrate(root, words);
    expect(again).toMatchObject({ status: 'no_changes', notices: [{ rule: 'already-done' }] });
    expect(treeOf(root)).toBe(after);
  });

  it('a slip is still one after a drop', async () => {
    const root = project();
    await migrate(root, 'RemoveNickFromPeople', { writeAnyway: 'nobody uses it' });
    await expect(migrate(root, 'RemoveNikcFromPeople')).rejects.toMatchObject({
      code: 'plan-invalid',
      message: 'table people has no column "nikc"',
    });
    await expect(migrate(root, 'RemoveScroeFromPeople')).rejects.toMatchObject({
      hint: expect.stringContaining('score'),
    });
  });
});
