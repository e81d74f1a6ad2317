import { isSameObject } from '../../plan/database-schema.ts';
import { tableIn } from './alike-columns.ts';
import type { ColumnDraft, KeyTarget, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { freeNames } from '../free-names.ts';
import type { Sample } from './conventions.ts';
import type { ChainLink } from './model.ts';
import { useNames } from './use-names.ts';

/**
 * `.$type<UserId>()` for a column that refers to a key with that type, so that both can be compared in TypeScript; '' where
 * the key has none, or other columns that refer to it have none. Its imports are asked for.
 */
export function keyType(
  column: ColumnDraft,
  { editing, draft, samples }: { editing: Editing; draft: TableDraft; samples: readonly Sample[] },
): string {
  const key = draft.addedKeys.find(({ columns }) => columns.length === 1 && columns[0] === column);
  const target = key?.target.columns[0];
  const link = target && typeLink(target);
  const file = key?.target.table.model?.file;
  if (key === undefined || link === undefined || file === undefined) return '';
  if (othersHaveNone(key.target, { editing, samples })) return '';
  const names = new Set((link.call.typeArguments ?? []).flatMap((type) => [...freeNames(type)]));
  const text = file.text.slice(link.start, link.end).trim();
  return !text.includes('\n') && useNames(names, { file, editing, draft }) ? text : '';
}

function typeLink({ origin }: ColumnDraft): ChainLink | undefined {
  if (origin.kind !== 'listed') return undefined;
  return origin.column.chain?.links.find(({ name }) => name === '$type');
}

/** Whether most columns around that refer to the same key say no type. */
function othersHaveNone(
  { table, columns }: KeyTarget,
  { editing, samples }: { editing: Editing; samples: readonly Sample[] },
): boolean {
  const referring = samples.flatMap((sample) => {
    const keys = tableIn(editing.input.before, sample.table)?.foreignKeys ?? [];
    const names = keys
      .filter(
        ({ references }) =>
          isSameObject(references, table.name) && references.columns.join() === columns[0]?.def.name,
      )
      .flatMap((each) => each.columns);
    return (sample.columns?.columns ?? []).filter(({ name, chain }) => chain && names.includes(name));
  });
  const typed = referring.filter(({ chain }) => chain?.links.some(({ name }) => name === '$type'));
  return typed.length * 2 < referring.length;
}
