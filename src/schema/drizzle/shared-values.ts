import type { SchemaFile } from '../source-file.ts';
import { isAlike } from './alike-columns.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { freeNames } from '../free-names.ts';
import type { BuilderAccess, ColumnModel } from './model.ts';
import type { Neighbour } from './shared-columns.ts';
import { useNames } from './use-names.ts';

/** A value as text, the indentation of its later lines aside: they begin where the property's own line does. */
interface Value {
  readonly text: string;
  readonly found: ColumnModel;
  readonly neighbour: Neighbour;
}

/**
 * The value that most neighbours with just this column have, word for word, where the column's own builder would not give it:
 * `cuid()`, `.$defaultFn(createId)`. Types (`.$type<UserId>()`) are left out where the neighbours' differ.
 */
export function sharedValue(
  column: ColumnDraft,
  known: readonly Neighbour[],
  { editing, draft, builders }: { editing: Editing; draft: TableDraft; builders: BuilderAccess },
): string | undefined {
  const values = known.flatMap((neighbour): Value[] => {
    const { columns, table } = neighbour.sample;
    const found = columns?.columns.find(({ name }) => name === column.def.name);
    // A column of that name and another type (timestamp, timestamptz) tells nothing against this one.
    return found === undefined || !isAlike(column, neighbour.def)
      ? []
      : [{ text: valueText(found, table.file), found, neighbour }];
  });
  const alike = mostOf(values);
  const [first] = alike;
  // One of several tables shows nothing; the only one is all that there is to go by.
  const isEnough = values.length >= 2 || known.length === 1;
  if (first === undefined || !isEnough || alike.length * 2 <= values.length) return undefined;
  if (first.text === '' || hasOwnLines(first.text)) return undefined;
  if (column.references?.kind === 'add' && column.references.closesCycle) return undefined;
  const text = alike.every((each) => each.text === first.text) ? first.text : withoutTypes(first.text);
  const { file } = first.neighbour.sample.table;
  const names = new Set(
    [...freeNames(first.found.chain!.value)].filter((name) =>
      new RegExp(`\\b${escaped(name)}\\b`).test(text),
    ),
  );
  // What the columns' own callback gives is there in the new table too.
  if (builders.kind === 'prefix') names.delete(builders.prefix.slice(0, -1));
  const isOwn = /\.\$\w+[(<]/.test(text) || isOfProject(names, file);
  if (!isOwn || !useNames(names, { file, editing, draft })) return undefined;
  column.key = first.found.key;
  return text;
}

/** The values of which there are most, types and line breaks aside; those with the commonest text first. */
function mostOf(values: readonly Value[]): readonly Value[] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = withoutTypes(value.text).replace(/\s*\n\s*/g, '');
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** Later lines lose the indentation of the line that the property begins in. */
function valueText({ chain, start }: ColumnModel, { text, ast }: SchemaFile): string {
  if (chain === undefined) return '';
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^\s*/.exec(line)![0];
  const value = text.slice(chain.value.getStart(ast), chain.value.end);
  return value.replaceAll('\r\n', '\n').replaceAll(`\n${indent}`, '\n');
}

function withoutTypes(text: string): string {
  return text.replace(/\s*\.\$type<[^()]*>\(\)/g, '');
}

/** A text with line breaks of its own is no text for another place. */
function hasOwnLines(text: string): boolean {
  return text.includes('\n') && text.includes('`');
}

/** Whether one of the names is no drizzle builder: the project's own, or another package's. */
function isOfProject(names: ReadonlySet<string>, file: SchemaFile): boolean {
  return file.imports.some(
    ({ module, names: listed }) =>
      !module.startsWith('drizzle-orm') && listed?.items.some(({ alias }) => names.has(alias)),
  );
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}
