import { describe, expect, it } from 'vitest';
import { consumerProject } from './consumer.ts';
import { converse, CTRL_C, NEW_TABLE as answers } from './terminal.ts';

for (const command of [
  ['npx', 'tableplan', 'migration'],
  ['npx', 'plop', 'migration'],
]) {
  describe(`${command.join(' ')} at a terminal`, () => {
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
