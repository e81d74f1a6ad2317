import { describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { shownError, shownPaths } from '../../src/project/shown-paths.ts';

const shown = shownPaths({ root: '/home/me/repo/apps/api', repoRoot: '/home/me/repo' });
const one = (message: string, more: object = {}): object =>
  shown([{ severity: 'info', rule: 'x', message, ...more }])[0] ?? {};

describe('what is told of a project names no folder of the machine', () => {
  it.each([
    ['no module near /home/me/repo/apps/api/src/a.ts has it', 'no module near src/a.ts has it'],
    ['two: /home/me/repo/apps/api/a.ts, /home/me/repo/apps/api/b.ts', 'two: a.ts, b.ts'],
    ['at file:///home/me/repo/apps/api/src/a.ts:3', 'at src/a.ts:3'],
    ['(/home/me/repo/apps/api/src/a.ts)', '(src/a.ts)'],
    ['/home/me/repo/packages/db/schema.ts', '../../packages/db/schema.ts'],
    ['/mnt/home/me/repo/apps/api/a.ts is another', '/mnt/home/me/repo/apps/api/a.ts is another'],
    ['/home/me/repo/apps/api-v2/a.ts', '../../apps/api-v2/a.ts'],
  ])('%s', (message, expected) => expect(one(message)).toMatchObject({ message: expected }));

  it('in files and fixes too', () => {
    expect(
      one('m', { file: '/home/me/repo/apps/api/src/a.ts', fix: 'edit /home/me/repo/apps/api/src/b.ts' }),
    ).toMatchObject({ file: 'src/a.ts', fix: 'edit src/b.ts' });
    expect(one('m', { file: 'src/a.ts' })).toMatchObject({ file: 'src/a.ts' });
  });

  it('and so do errors, with all that they hold', () => {
    const error = new TableplanError('schema-not-editable', 'cannot read /p/src/a.ts', {
      hint: 'Mend /p/src/a.ts',
      at: { file: '/p/src/a.ts', line: 3 },
      frame: 'Error\n    at /p/src/a.ts:3:1',
      missing: [{ field: 'config', question: 'which?', supply: '--config /p/a.ts' }],
    });
    expect(JSON.stringify({ ...shownError(error, '/p'), message: error.message })).toContain('src/a.ts');
    const text = JSON.stringify([shownError(error, '/p'), shownError(error, '/p').message]);
    expect(text).not.toContain('/p/');
    expect(shownError(error, '/p').at).toEqual({ file: 'src/a.ts', line: 3 });
  });
});
