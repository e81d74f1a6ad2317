import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { all, codesOf, type CommandName, EVERY_COMMAND } from './every-command.ts';
import { type Hostile, ORMS } from './repository.ts';
import { unharmedBy } from './unharmed.ts';
import { PRIVATE } from './victim.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Undo records of the first form: plain JSON, an id that is a path, files outside and in `.git`. */
function plainRuns({ put, from }: Hostile, victim: string): void {
  const run = (id: string, path: string, before: string | null): string =>
    JSON.stringify({
      id,
      at: '2026-01-01T00:00:00.000Z',
      files: [{ path, before, hash: hash(PRIVATE), after: null }],
    });
  put({
    '.tableplan/undo/a.sealed': run(from(join(victim, 'conf')), from(join(victim, 'x/notes.txt')), 'changed'),
    '.tableplan/undo/b.sealed': run('b', join(victim, 'x/notes.txt'), null),
    '.tableplan/undo/c.sealed': run('c', '.git/config', '[core]\n\tfsmonitor = touch /tmp/owned\n'),
    '.tableplan/undo/broken.sealed': '{',
    ...Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [
        `.tableplan/undo/old-${index}.sealed`,
        run(from(join(victim, `pglite-${index}.tar.gz`)), 'package.json', 'x'),
      ]),
    ),
  });
}

/** A journal in the form of the first release. */
function plainJournal({ put, from }: Hostile, victim: string): void {
  const file = (path: string, before: string | null, temporary: string): object => ({
    path,
    before,
    after: hash(PRIVATE),
    mode: 0o4755,
    owner: { uid: 0, gid: 0 },
    image: from(join(victim, 'conf.json')),
    temporary,
  });
  put({
    '.tableplan/journal/manifest.json': JSON.stringify({
      files: [
        file(from(join(victim, 'x/notes.txt')), null, from(join(victim, 'conf.json'))),
        file('package.json', null, 'node_modules/.x'),
        file(join(victim, 'conf.json'), hash('x'), join(victim, 'lock')),
        { path: 'nope', before: null, after: '00', temporary: from(join(victim, 'x/notes.txt')) },
      ],
      folders: [from(join(victim, 'empty'))],
    }),
  });
}

/** Caches that nobody has sealed, in the form of those of a run. */
function plainCaches({ root, put }: Hostile): void {
  const source = join(root, 'src/data-source.ts');
  const key = 'a'.repeat(64);
  const files = {
    'review.json': '1\n[]',
    'typeorm-statements.json': JSON.stringify([[key, []]]),
    [`typeorm-${hash(source).slice(0, 16)}.json`]: JSON.stringify({ key, extensions: ['../../../x'] }),
    [`pglite-${key}.tar.gz`]: 'no image',
    [`typeorm/${key.slice(32)}.js`]: 'process.exit(3);',
  };
  put(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`node_modules/.cache/tableplan/${name}`, text]),
    ),
  );
}

/** A lock that no run of this machine will ever let go of, an unknown one, and one that is a folder. */
const LOCKS: Readonly<Record<string, (hostile: Hostile, victim: string) => void>> = {
  'of a run on another machine': ({ put }) =>
    put({ '.tableplan/lock': JSON.stringify({ pid: 1, host: 'elsewhere', id: 'x' }) }),
  'that is a link': ({ link }, victim) => link('.tableplan/lock', join(victim, 'lock')),
};

describe.each(ORMS)('a hostile repository with %s', (orm) => {
  it('whose journal, undo records and caches lead outside goes through every command', async () => {
    const came = await unharmedBy(
      orm,
      (hostile, victim) => {
        plainJournal(hostile, victim);
        plainRuns(hostile, victim);
        plainCaches(hostile);
      },
      EVERY_COMMAND,
    );
    expect(existsSync('/tmp/owned')).toBe(false);
    // What lies there is nobody's run.
    expect(codesOf(came)).toEqual({ ...all('ok', ...EVERY_COMMAND), 'undo --dry-run': 'usage' });
  });

  it.each(Object.entries(LOCKS))('with a lock %s stops those that wait for it', async (_, forge) => {
    const commands: CommandName[] = [
      'init --dry-run',
      'undo --dry-run',
      'init',
      'undo',
      'docs --check',
      'migration words',
    ];
    const came = await unharmedBy(orm, forge, [...commands, 'review --all', 'undo --list']);
    expect(codesOf(came)).toEqual({
      ...all('locked', ...commands),
      ...all('ok', 'review --all', 'undo --list'),
    });
  });
});
