import { describe, expect, it } from 'vitest';
import { consumerProject } from './consumer.ts';
import { converse } from './terminal.ts';

const answers = [
  ['What do you want to change?', ''],
  ['Table name', 'tags'],
  ['Add id', ''],
  ['Column name (empty to finish)', 'label'],
  ['Type of label', ''],
  ['label text', ''],
  ['Column name (empty to finish)', ''],
  ['Add created_at', 'n'],
  ['Anything else?', ''],
] as const;

const ESC = '\u001B';
const CTRL_C = '\u0003';

for (const command of [
  ['npx', 'tableplan', 'migration'],
  ['npx', 'plop', 'migration'],
]) {
  describe(`${command.join(' ')} at a terminal`, () => {
    it('asks for a table, shows the diff, asks once and writes', async () => {
      const project = consumerProject();
      const { code, screen } = await converse(project.root, command, [
        ...answers,
        ['Write these files?', ''],
      ]);
      expect(screen).toContain('CREATE TABLE "tags"');
      expect(screen).toMatch(/Write these files\? .*Write \d+ files/);
      expect(screen).toMatch(/npx tableplan migration .*tags/i);
      expect(code).toBe(0);
      expect(project.read('src/external/drizzle/migrations/0002_create_tags_table.sql')).toContain(
        'CREATE TABLE "tags"',
      );
    });

    it('writes nothing when the answer is no', async () => {
      const project = consumerProject();
      const before = project.fingerprint();
      const { screen } = await converse(project.root, command, [
        ...answers,
        ['Write these files?', 'Cancel'],
      ]);
      expect(screen).toContain('Nothing was written');
      expect(project.fingerprint()).toBe(before);
    });

    it('goes back by Esc, refuses a wrong type where it is given, and draws no key twice', async () => {
      const project = consumerProject();
      const { code, screen } = await converse(project.root, command, [
        ...answers.slice(0, 4),
        ['Type of label', 'strnig'],
        ['type "strnig" does not exist', ESC],
        ['Column name (empty to finish)', ''],
        ['Type of label', ''],
        ...answers.slice(5),
        ['Write these files?', 'Cancel'],
      ]);
      expect(code).toBe(0);
      expect(screen).not.toContain('ttaaggss');
      expect(screen).toContain('The plan is kept as draft');
    });

    const all = answers.map(([question], index) => [question, index] as const);
    // Both are asked by the same code: plop's own part is seen in a few.
    it.each(command[1] === 'plop' ? all.filter((_, index) => index % 4 === 0) : all)(
      'leaves everything as it was on Ctrl-C at “%s”, and keeps the answers',
      async (_, index) => {
        const project = consumerProject();
        const before = project.fingerprint();
        const { code, screen } = await converse(project.root, command, [
          ...answers.slice(0, index),
          [answers[index]![0], CTRL_C],
        ]);
        if (command[1] === 'tableplan') expect(code).toBe(130);
        expect(code).not.toBe(0);
        if (index > 0) expect(screen).toContain('npx tableplan migration --resume');
        expect(project.fingerprint()).toBe(before);
      },
    );
  });
}

it('an interview that was left goes on where it was', async () => {
  const project = consumerProject();
  const start = ['npx', 'tableplan', 'migration'];
  await converse(project.root, start, [...answers.slice(0, 5), ['label text', CTRL_C]]);
  const { code } = await converse(
    project.root,
    [...start, '--resume'],
    [...answers.slice(5), ['Write these files?', '']],
  );
  expect(code).toBe(0);
  expect(project.read('src/external/drizzle/migrations/0002_create_tags_table.sql')).toContain(
    'CREATE TABLE "tags"',
  );
});
