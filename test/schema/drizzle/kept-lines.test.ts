import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../../src/errors.ts';
import type { Change } from '../../../src/plan/change.ts';
import type { TableDef } from '../../../src/plan/database-schema.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { firstSyntaxError, parseText } from '../../../src/schema/parse.ts';
import { column, index } from './memory-project.ts';
import { editTree, readTree, schemaOf, styleNames, STYLES } from './style-fixture.ts';

beforeAll(loadSqlParser);

/** Small changes, each with the words that a line must have to be concerned by it. */
function changesOf(table: TableDef): { change: Change; words: readonly string[] }[] {
  const inline = [table.name];
  const fresh = column('zz_new', 'text', { notNull: true, default: "'x'" });
  return [
    { change: { kind: 'add-column', table, column: fresh }, words: inline },
    ...table.columns.flatMap((each) => [
      { change: { kind: 'drop-column', table, column: each.name } as const, words: [...inline, each.name] },
      {
        change: { kind: 'rename-column', table, from: each.name, to: 'zz_other' } as const,
        words: [...inline, each.name],
      },
      {
        change: { kind: 'alter-column', table, column: each, notNull: !each.notNull } as const,
        words: [...inline, each.name],
      },
      { change: { kind: 'add-index', table, index: index('zz_idx', [each.name]) } as const, words: inline },
    ]),
  ];
}

/**
 * A line may change when it is an import, shows a name of the change, is part of a chain, is a list or opens or ends
 * one, or is a relation over the column.
 */
function isConcerned(line: string, words: readonly string[]): boolean {
  const flat = line.toLowerCase().replace(/[^a-z0-9]/g, '');
  const isPunctuation = flat === '' || /^\s*(\.|\}|\]|\)|import|export|\/\/|\/?\*|from\b)/.test(line);
  const isList = /=>|return [{[]|\{.*\}|\bone\(|references: \[/.test(line);
  return (
    isPunctuation ||
    isList ||
    words.some((word) => flat.includes(word.toLowerCase().replace(/[^a-z0-9]/g, '')))
  );
}

/** A line without the comma behind it, which the end of a list may gain or lose. */
function bareLine(line: string): string {
  return line.replace(/,?(\s*\/\/.*)?\r?$/, '$1');
}

describe.each(styleNames())('%s', (name) => {
  it('no line changes that a change does not concern', async () => {
    const root = join(STYLES, name, 'before');
    const before = await schemaOf(root);
    const tree = readTree(root);
    for (const table of before.tables) {
      for (const { change, words } of changesOf(table)) {
        const after = await edited(root, { changes: [change], before });
        for (const [path, text] of Object.entries(tree)) {
          const result = after?.[path];
          if (after === undefined || result === undefined) continue;
          expect(firstSyntaxError(parseText(path, result))).toBeUndefined();
          const kept = new Set(result.split('\n').map(bareLine));
          const lost = text
            .split('\n')
            .filter((line) => !isConcerned(line, words) && !kept.has(bareLine(line)));
          expect({ change, path, lost }).toEqual({ change, path, lost: [] });
        }
      }
    }
  });
});

async function edited(root: string, edit: Parameters<typeof editTree>[1]) {
  try {
    return (await editTree(root, edit)).tree;
  } catch (error) {
    if (error instanceof TableplanError && error.code !== 'internal') return undefined;
    throw error;
  }
}
