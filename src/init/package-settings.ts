import { isDeepStrictEqual } from 'node:util';
import type { InitChoices } from './choices.ts';

/**
 * The text of a package.json with the chosen settings under `tableplan`, inserted so that nothing else moves; settings that
 * are there stay as they are. Undefined where no place for them is found.
 */
export function withSettings(text: string, choices: InitChoices): string | undefined {
  const json = JSON.parse(text) as { readonly tableplan?: Readonly<Record<string, unknown>> };
  const known = json.tableplan ?? {};
  const chosen = Object.entries({
    ...(choices.enforce ? { safety: 'enforce' } : {}),
    ...(choices.lockTimeout === undefined ? {} : { lockTimeout: choices.lockTimeout }),
    ...(choices.postgresVersion === undefined ? {} : { postgresVersion: choices.postgresVersion }),
  }).filter(([key]) => !(key in known));
  if (chosen.length === 0) return text;
  const expected = { ...json, tableplan: { ...known, ...Object.fromEntries(chosen) } };
  return candidates(text, chosen, json.tableplan !== undefined).find((each) => isSame(each, expected));
}

function* insertions(text: string, chosen: readonly (readonly [string, unknown])[], isThere: boolean) {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[\t ]+/m.exec(text)?.[0] ?? '  ';
  const entries = (depth: number): string =>
    chosen
      .map(
        ([key, value]) => `${newline}${indent.repeat(depth)}${JSON.stringify(key)}: ${JSON.stringify(value)}`,
      )
      .join(',');
  const insert = (at: number, inserted: string): string => text.slice(0, at) + inserted + text.slice(at);
  if (isThere) {
    for (const { index, 0: found } of text.matchAll(/"tableplan"\s*:\s*\{/g)) {
      const at = index + found.length;
      yield insert(at, `${entries(2)},`);
      yield insert(at, `${entries(2)}${newline}${indent}`);
    }
    return;
  }
  const end = /\s*\}\s*$/.exec(text)?.index ?? text.length;
  const block = `${newline}${indent}"tableplan": {${entries(2)}${newline}${indent}}`;
  yield insert(end, `,${block}`);
  yield insert(end, `${block}${newline}`);
}

function candidates(...of: Parameters<typeof insertions>): string[] {
  return [...insertions(...of)];
}

function isSame(text: string, expected: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), expected);
  } catch {
    return false;
  }
}
