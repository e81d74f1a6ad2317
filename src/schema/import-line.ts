import { byCode } from './import-order.ts';
import { insertItem, removeItems } from './list-edit.ts';
import { IMPORT_WIDTH, widthOf } from './line-width.ts';
import { stringLiteral } from './literals.ts';
import type { TextEdit } from './text-edit.ts';
import type { FileStyle, ImportModel, SchemaFile } from './source-file.ts';

/** An import as it is to be written: the module as the file calls it. */
export interface WantedImport {
  readonly module: string;
  readonly name: string;
  /** What the file calls it: another name where it uses this one for something else. */
  readonly alias: string;
  readonly isType: boolean;
  /** It means a file of the project, whatever it is called. */
  readonly isOwn?: boolean | undefined;
  /** What the module exports as its default: it has a line of its own. */
  readonly isDefault?: boolean | undefined;
}

/** One import statement. */
export function importLine(module: string, names: readonly WantedImport[], style: FileStyle): string {
  const [first] = names;
  if (first?.isDefault === true)
    return `import ${first.alias} from ${stringLiteral(module, style.quote)}${style.semicolon}`;
  const isTypeOnly = names.every((name) => name.isType);
  const items = names
    .map((name) => itemText(name, { isTypeOnly }))
    .reduce(insertSorted, [] as readonly string[]);
  const rest = ` from ${stringLiteral(module, style.quote)}${style.semicolon}`;
  const head = isTypeOnly ? 'import type ' : 'import ';
  const line = head + oneLine(items) + rest;
  return line.length <= (style.importWidth ?? IMPORT_WIDTH)
    ? line
    : head + manyLines(style, style.trailingComma)(items) + rest;
}

/** `text`, `type AnyPgColumn`, `text as pgText`. */
export function itemText(
  { name, alias, isType }: WantedImport,
  line: { readonly isTypeOnly: boolean },
): string {
  return `${isType && !line.isTypeOnly ? 'type ' : ''}${name}${alias === name ? '' : ` as ${alias}`}`;
}

interface ListChange {
  readonly texts: readonly string[];
  readonly gone: readonly number[];
  readonly style: FileStyle;
}

/** A list in one of the two usual layouts is rewritten; any other gets its items one by one. */
export function listEdits(
  file: SchemaFile,
  list: NonNullable<ImportModel['names']>,
  change: ListChange,
): TextEdit[] {
  const written = list.items.map((item) => file.text.slice(item.start, item.end));
  const current = file.text.slice(list.open, list.close + 1);
  const layout = [oneLine, oneLineTight, manyLines(change.style, ','), manyLines(change.style, '')].find(
    (render) => render(written) === current,
  );
  const next = change.texts.reduce(
    insertSorted,
    written.filter((_, index) => !change.gone.includes(index)),
  );
  if (layout !== undefined)
    return [
      {
        start: list.open,
        end: list.close + 1,
        text: fitted(
          file,
          list.open,
          layout(next),
          manyLines(change.style, change.style.trailingComma)(next),
        ),
      },
    ];
  const inserted = change.texts.map((text) =>
    insertItem(file.text, list, list.items.length, text, change.style.eol),
  );
  return [...removeItems(file.text, list, change.gone), ...inserted];
}

const oneLine = (items: readonly string[]): string => `{ ${items.join(', ')} }`;
const oneLineTight = (items: readonly string[]): string => `{${items.join(', ')}}`;
const manyLines =
  ({ indent, eol }: FileStyle, comma: ',' | '') =>
  (items: readonly string[]): string =>
    `{${eol}${items.map((item) => indent + item).join(`,${eol}`)}${comma}${eol}}`;

function fitted(file: SchemaFile, open: number, line: string, broken: string): string {
  const start = file.text.lastIndexOf('\n', open - 1) + 1;
  const rest = file.text.slice(file.text.indexOf('}', open) + 1).split('\n', 1)[0] ?? '';
  const isTooLong = !line.includes('\n') && open - start + line.length + rest.length > widthOf(file.text);
  return isTooLong ? broken : line;
}

/** Where the names stand sorted the new one goes to its place, else to the end. */
function insertSorted(items: readonly string[], item: string): readonly string[] {
  const key = (text: string) => text.replace(/^type /, '');
  const compare = ORDERS.find((order) =>
    items.every((each, index) => index === 0 || order(key(items[index - 1]!), key(each)) <= 0),
  );
  const at = compare === undefined ? -1 : items.findIndex((each) => compare(key(each), key(item)) > 0);
  return at === -1 ? [...items, item] : [...items.slice(0, at), item, ...items.slice(at)];
}

const ORDERS = [byCode, (a: string, b: string) => byCode(a.toLowerCase(), b.toLowerCase())];
