import type { CodeStyle } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { columnsOf, type Sample, type SampleColumn } from './samples.ts';
import { majority } from './vote.ts';

/** So many columns make a custom of what all of them have. */
const ENOUGH = 2;

/**
 * Decorators of the project that every column around has (`@Field()`, `@ApiProperty()`), as a column of the same type
 * and nullability writes them; those that differ for no reason that shows are left out and named.
 */
export function companionsFor(
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: { readonly type: string; readonly isNullable: boolean },
): Companions {
  const columns = columnsAround(codeStyle.samples, draft);
  if (columns.length < ENOUGH) return { texts: [], isFirst: true, unclear: [] };
  const names = [...new Set(columns.flatMap(({ member }) => projectDecorators(member)))].filter((name) =>
    columns.every(({ member }) => projectDecorators(member).includes(name)),
  );
  const found = names.map((name) => ({ name, text: textLike(name, columns, column) }));
  return {
    texts: found.flatMap(({ text }) => text ?? []),
    isFirst: majority(columns.map(({ member }) => member.decorators[0]?.isTypeorm === false)) ?? true,
    unclear: found.filter(({ text }) => text === undefined).map(({ name }) => name),
  };
}

export interface Companions {
  readonly texts: readonly string[];
  /** They stand above TypeORM's own. */
  readonly isFirst: boolean;
  /** Names of those whose arguments nobody can guess. */
  readonly unclear: readonly string[];
}

function columnsAround(samples: readonly Sample[], draft: EntityDraft): readonly SampleColumn[] {
  const own = samples.filter(({ entity }) => entity === draft.entity).flatMap(columnsOf);
  return own.length > 0 ? own : samples.flatMap(columnsOf);
}

function projectDecorators(member: SampleColumn['member']): string[] {
  return member.decorators.filter((each) => !each.isTypeorm).map(({ name }) => name);
}

function textLike(
  name: string,
  columns: readonly SampleColumn[],
  { type, isNullable }: { readonly type: string; readonly isNullable: boolean },
): string | undefined {
  const written = columns.map((each) => ({
    ...each,
    text: each.member.decorators.find((decorator) => decorator.name === name)!.text,
  }));
  const alike = written.filter(
    ({ member, column }) =>
      bare(member.type?.text) === type && column.isNullable === isNullable && !column.isPrimary,
  );
  const pool = alike.length > 0 ? alike : written;
  const [first] = pool;
  return first !== undefined && pool.every(({ text }) => text === first.text) ? first.text : undefined;
}

function bare(type: string | undefined): string | undefined {
  return type?.replace(/\s*\|\s*(null|undefined)\b/g, '');
}
