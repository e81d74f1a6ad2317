import { describe, expect, it } from 'vitest';
import { consumerProject } from './consumer.ts';
import { converse, CTRL_C, NEW_TABLE as answers } from './terminal.ts';

const ESC = '\u001B';

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
