import { expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { readSettings } from '../../src/project/settings.ts';
import { makeTree } from '../workspace/tree.ts';

const withSettings = (tableplan: object): string =>
  makeTree({ 'package.json': JSON.stringify({ name: 'shop', tableplan }, null, 2) }, 'tableplan settings-');

async function refused(tableplan: object): Promise<TableplanError> {
  const error: unknown = await readSettings(withSettings(tableplan)).catch((thrown: unknown) => thrown);
  if (!(error instanceof TableplanError)) throw new Error('not refused');
  return error;
}

it('levels of rules are read as they are written', async () => {
  const rules = { 'type-preferences': 'off', 'create-index-blocking': 'info', 'new-schema': 'error' };
  expect(await readSettings(withSettings({ rules }))).toEqual({ rules });
});

it('a rule that there is none of is refused with near names and its line', async () => {
  const error = await refused({ lockTimeout: '2s', rules: { 'drop-colum': 'off' } });
  expect(error.message).toContain('rules.drop-colum: no such rule; near names: drop-column');
  expect(error.at).toMatchObject({ line: 6 });
});

it('a level that there is none of is refused with those that there are', async () => {
  const error = await refused({ rules: { 'drop-column': 'silent' } });
  expect(error.message).toContain('rules.drop-column: is one of "error", "warning", "info", "off"');
});

it.each(['rehearsal-failed', 'unrelated-drift', 'snapshot-chain'])(
  '%s can be turned neither off nor down',
  async (rule) => {
    for (const level of ['off', 'info'])
      expect((await refused({ rules: { [rule]: level } })).message).toContain(
        `rules.${rule}: cannot be turned`,
      );
    expect(await readSettings(withSettings({ rules: { [rule]: 'error' } }))).toEqual({
      rules: { [rule]: 'error' },
    });
  },
);

it('a level asks for a rule that is opt-in, and off takes it back', async () => {
  expect((await readSettings(withSettings({ rules: { 'idempotent-ddl': 'info' } }))).optIn).toEqual([
    'idempotent-ddl',
  ]);
  const off = { optIn: ['idempotent-ddl'], rules: { 'idempotent-ddl': 'off' } };
  expect((await readSettings(withSettings(off))).optIn).toEqual([]);
});
