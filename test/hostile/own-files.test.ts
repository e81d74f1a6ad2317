import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { everyCommand, type Hostile, hostileRepository } from './repository.ts';
import { fingerprint, makeVictim, PRIVATE } from './victim.ts';

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
    '.tableplan/undo/a.json': run(from(join(victim, 'conf')), from(join(victim, 'x/notes.txt')), 'changed'),
    '.tableplan/undo/b.json': run('b', join(victim, 'x/notes.txt'), null),
    '.tableplan/undo/c.json': run('c', '.git/config', '[core]\n\tfsmonitor = touch /tmp/owned\n'),
    '.tableplan/undo/broken.json': '{',
    ...Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [
        `.tableplan/undo/old-${index}.json`,
        run(from(join(victim, `pglite-${index}.tar.gz`)).replace(/\.json$/, ''), 'package.json', 'x'),
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

const REPOSITORIES: Readonly<Record<string, (hostile: Hostile, victim: string) => void>> = {
  'a journal and undo records that lead outside'(hostile, victim) {
    plainJournal(hostile, victim);
    plainRuns(hostile, victim);
  },
  'a link for tableplan’s own folder': ({ link }, victim) => link('.tableplan', victim),
};

for (const [what, forge] of Object.entries(REPOSITORIES)) {
  it(`leaves everything outside as it is, and shows nothing of it: ${what}`, async () => {
    const victim = makeVictim();
    const { root } = hostileRepository((hostile) => forge(hostile, victim));
    const [before, git] = [fingerprint(victim), readFileSync(join(root, '.git/config'), 'utf8')];
    const came = await everyCommand(root, { rehearse: false });
    expect(fingerprint(victim)).toBe(before);
    expect(readFileSync(join(root, '.git/config'), 'utf8')).toBe(git);
    expect(came.filter(({ code }) => /^crash|internal/.test(code))).toEqual([]);
    expect(came.filter(({ said }) => said.includes(PRIVATE))).toEqual([]);
    expect(existsSync('/tmp/owned')).toBe(false);
  });
}
