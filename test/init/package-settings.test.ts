import { expect, it } from 'vitest';
import { withSettings } from '../../src/init/package-settings.ts';

const ALL = { enforce: true, lockTimeout: '2s', postgresVersion: 16 };
const SETTINGS = { safety: 'enforce', lockTimeout: '2s', postgresVersion: 16 };

it('inserts the settings at the end, and moves nothing else', () => {
  expect(withSettings('{\n\t"name": "a",\n\t"x": { "tableplan": {} }\n}\n', ALL)).toBe(
    '{\n\t"name": "a",\n\t"x": { "tableplan": {} },\n\t"tableplan": {\n\t\t"safety": "enforce",\n\t\t"lockTimeout": "2s",\n\t\t"postgresVersion": 16\n\t}\n}\n',
  );
});

it.each([
  '{}',
  '{ "name": "a" }',
  '{\r\n  "name": "a"\r\n}\r\n',
  '{ "tableplan": {} }',
  '{\n  "scripts": { "a": "\\"tableplan\\": {" },\n  "tableplan": {\n    "rules": { "fk-policy": "off" }\n  },\n  "z": 1\n}',
])('%j has them afterwards, and all else as before', (text) => {
  const before = JSON.parse(text) as { tableplan?: object };
  const after = withSettings(text, ALL);
  expect(JSON.parse(after!)).toEqual({ ...before, tableplan: { ...before.tableplan, ...SETTINGS } });
  expect(withSettings(after!, ALL)).toBe(after);
});

it('leaves what is there, and does nothing without a choice', () => {
  const text = '{ "tableplan": { "lockTimeout": "5s" } }';
  expect(JSON.parse(withSettings(text, { lockTimeout: '2s', postgresVersion: 16 })!)).toEqual({
    tableplan: { lockTimeout: '5s', postgresVersion: 16 },
  });
  expect(withSettings(text, { enforce: false, lockTimeout: '2s' })).toBe(text);
});
