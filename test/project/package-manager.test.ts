import { expect, it } from 'vitest';
import { runCommand } from '../../src/project/package-manager.ts';

it.each([
  ['npm', 'npm run db:generate -- --name init'],
  ['pnpm', 'pnpm db:generate --name init'],
  ['yarn', 'yarn db:generate --name init'],
  ['bun', 'bun run db:generate --name init'],
] as const)('%s hands arguments to a script in its own way', (manager, command) => {
  expect(runCommand(manager, 'db:generate', '--name init')).toBe(command);
  expect(runCommand(manager, 'db:generate')).not.toContain('--');
});
