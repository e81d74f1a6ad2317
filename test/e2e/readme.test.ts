import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, consumerProject } from './consumer.ts';

/** The commands of a page's `console` blocks, in their order. */
function commandsOf(page: string): readonly string[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```console\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, block = '']) => block.trim().split('\n'));
}

/** What the consumer has done already (from the packed tarball), and what is for this repository alone. */
const DONE_ELSEWHERE = [/^npm i -D tableplan plop$/, /^npm (ci|cit|run) /, /^npm cit /];

describe.each([
  ['README.md', 'drizzle-shop'],
  ['README.md', 'typeorm-shop'],
  ['docs/tutorial.md', 'drizzle-shop'],
])('the commands of %s, as they stand, in a fresh copy of %s', (page, example) => {
  let project: Consumer;
  let before: string;
  beforeAll(() => {
    project = consumerProject(example);
    before = project.fingerprint();
  });

  it.each(commandsOf(page).filter((line) => !DONE_ELSEWHERE.some((done) => done.test(line))))(
    '%s',
    (line) => {
      const { code, stdout, stderr } = project.run('bash', '-c', line);
      expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
    },
  );

  it('have changed nothing that was there, but for a script in package.json and what a migration adds', () => {
    const lines = new Set(project.fingerprint().split('\n'));
    const changed = before.split('\n').filter((line) => !lines.has(line));
    const stays =
      page === 'README.md' ? /^package\.json / : /^(package\.json|.*\/schema\.ts|.*\/_journal\.json) /;
    expect(changed.filter((line) => !stays.test(line))).toEqual([]);
  });
});
