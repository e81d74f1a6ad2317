import { describe, expect, it } from 'vitest';
import { consumerProject } from './consumer.ts';
import { converse } from './terminal.ts';

const answers = [
  ['What is to change?', ''],
  ['Table name', 'tags'],
  ['Add id', ''],
  ['Column name (empty to finish)', 'label'],
  ['Type', ''],
  ['May it be NULL?', ''],
  ['Default (SQL', ''],
  ['Unique?', 'y'],
  ['References', ''],
  ['Column name (empty to finish)', ''],
  ['Add created_at', 'n'],
] as const;

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
        ['Write these files?', '\u001B[A'],
      ]);
      expect(screen).toContain('Nothing was written');
      expect(project.fingerprint()).toBe(before);
    });

    it('leaves everything as it was on Ctrl-C', async () => {
      const project = consumerProject();
      const before = project.fingerprint();
      const { code } = await converse(project.root, command, [
        ['What is to change?', ''],
        ['Table name', '\u0003'],
      ]);
      expect(code).toBe(command[1] === 'tableplan' ? 130 : code);
      expect(code).not.toBe(0);
      expect(project.fingerprint()).toBe(before);
    });
  });
}
