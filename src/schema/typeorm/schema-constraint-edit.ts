import { displayName } from '../../plan/database-schema.ts';
import type { FileStyle } from '../source-file.ts';
import type { Option } from './column-spec.ts';
import { nameToWrite } from './constraint-text.ts';
import type { CodeStyle } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { changeUnder, withListed } from './object-text.ts';
import {
  schemaCheck,
  schemaIndex,
  schemaUnique,
  withoutCheck,
  withoutConstraint,
} from './schema-constraints.ts';
import { valueOf, withKey } from './snippet.ts';

/** The options of an EntitySchema without the indexes and constraints that go. */
export function dropConstraints(draft: EntityDraft, { eol }: FileStyle, text: string): string {
  let options = text;
  const put = (key: string, list: string | undefined, what: string) => {
    if (list === undefined)
      throw refuse(
        draft,
        `${what} of ${displayName(draft.name)} is not written in its EntitySchema`,
        'Drop it there by hand, and leave it out of the plan.',
      );
    options = withKey(options, key, list === '[]' ? undefined : list, { eol });
  };
  const propertiesOf = (columns: readonly ColumnDraft[]) =>
    columns.flatMap((each) => [each.column?.property ?? each.property]);
  for (const { index, columns } of draft.droppedIndexes)
    put(
      'indices',
      withoutConstraint(valueOf(options, 'indices') ?? '[]', {
        name: index.name,
        properties: propertiesOf(columns),
      }),
      `the index ${index.name}`,
    );
  for (const { unique, columns } of draft.droppedUniques) {
    const [column] = columns;
    const own = column?.column?.property;
    const value = own === undefined ? undefined : valueOf(valueOf(options, 'columns') ?? '{}', own);
    if (columns.length === 1 && column?.isDropped === true) continue;
    if (
      columns.length === 1 &&
      own !== undefined &&
      value !== undefined &&
      valueOf(value, 'unique') === 'true'
    )
      options = changeUnder(
        options,
        'columns',
        (each) => withKey(each, own, withKey(value, 'unique', undefined, { eol }), { eol }),
        { eol } as FileStyle,
      );
    else
      put(
        'uniques',
        withoutConstraint(valueOf(options, 'uniques') ?? '[]', {
          name: unique.name,
          properties: propertiesOf(columns),
        }),
        `the unique constraint ${unique.name}`,
      );
  }
  for (const check of draft.droppedChecks)
    put('checks', withoutCheck(valueOf(options, 'checks') ?? '[]', check), `the check ${check.name}`);
  return options;
}

/** The options of an EntitySchema with the new indexes and constraints. */
export function addConstraints(
  draft: EntityDraft,
  { style, schemas: { writesUnique, isBroken } }: CodeStyle,
  text: string,
): string {
  const { quote } = style;
  const propertiesOf = (columns: readonly ColumnDraft[]) => columns.map(({ property }) => property);
  const items: readonly (readonly [key: string, item: readonly Option[]])[] = [
    ...draft.addedIndexes.map(
      ({ index, columns }) =>
        ['indices', schemaIndex(index, propertiesOf(columns), { quote, writesUnique })] as const,
    ),
    ...draft.addedUniques
      .filter(({ columns }) => columns[0]?.column !== undefined || uniqueOf(draft, columns[0]!) === undefined)
      .map(({ unique, columns }) => ['uniques', schemaUnique(unique, propertiesOf(columns), quote)] as const),
    ...draft.addedChecks.map((check) => ['checks', schemaCheck(check, quote)] as const),
  ];
  return items.reduce((options, [key, item]) => withListed(options, key, item, style, isBroken), text);
}

/** A unique constraint of one new column, which is an option of it. */
export function uniqueOf(draft: EntityDraft, column: ColumnDraft) {
  return draft.addedUniques.find(
    ({ unique, columns }) =>
      columns.length === 1 && columns[0] === column && nameToWrite(unique) === undefined,
  );
}
