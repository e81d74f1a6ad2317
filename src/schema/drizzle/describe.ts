import type { ObjectName } from '../../plan/database-schema.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { PropertyInSource, TableInSource } from '../edit-result.ts';
import { configEntries } from './builder-config.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { EditInput } from './editing.ts';
import type { ColumnModel } from './model.ts';
import { readColumns } from './read-columns.ts';
import { openSources, readModel } from './sources.ts';
import type { SchemaFile } from '../source-file.ts';

/** How the source, with its edits, has a table: its variable, and the key and mode of each column. */
export function describeTable(
  name: ObjectName,
  drafts: Drafts,
  input: EditInput & { readonly edits: readonly FileEdit[] },
): TableInSource | undefined {
  const draft = drafts.find(name);
  if (draft === undefined) return undefined;
  const written = writtenColumns(draft, input);
  return {
    path: draft.path,
    variable: draft.variable,
    isDefaultExport: false,
    properties: draft.columns
      .filter(({ isDropped }) => !isDropped)
      .map((column) => propertyOf(column, written.columns.get(column.key), written.file)),
  };
}

/** The columns of the table as they will stand in its file. */
function writtenColumns(draft: TableDraft, input: EditInput & { readonly edits: readonly FileEdit[] }) {
  const edit = input.edits.find(({ path }) => path === draft.path);
  const files =
    edit?.after == null
      ? input.files
      : [...input.files.filter(({ path }) => path !== draft.path), { path: draft.path, text: edit.after }];
  const sources = openSources({ ...input, files });
  const model = readModel(sources, [draft.name.name]);
  const table = model.tables.find(
    (each) => each.file.path === draft.path && each.variable === draft.variable,
  );
  const columns = (table && readColumns(table, input.casing)?.columns) ?? [];
  return { file: table?.file, columns: new Map(columns.map((column) => [column.key, column])) };
}

function propertyOf(
  { key, def }: ColumnDraft,
  written: ColumnModel | undefined,
  file: SchemaFile | undefined,
): PropertyInSource {
  const links = written?.chain?.links.map((link) => link.name) ?? [];
  return {
    key,
    column: def.name,
    type: written && file && typeOf(written, file),
    values: written && file && listedValues(written, file),
    isNarrowed: links.includes('$type') || (file !== undefined && enumOption(written, file) !== undefined),
    hasDefault: links.some((link) => /^\$default(Fn)?$/.test(link)),
    isTouched: links.some((link) => /^\$onUpdate(Fn)?$/.test(link)),
  };
}

/** What drizzle-orm 0.45 gives for a builder and its mode, where that is not what its type gives by itself. */
function typeOf({ chain }: ColumnModel, file: SchemaFile): string | undefined {
  if (chain === undefined) return undefined;
  const typed = chain.links.find(({ name }) => name === '$type')?.call.typeArguments?.[0];
  if (typed !== undefined) return typed.getText(file.ast);
  const mode = configEntries(chain.rootCall, file)
    .find(({ key }) => key === 'mode')
    ?.text.match(/['"](\w+)['"]/)?.[1];
  return mode === undefined ? MODELESS[chain.root] : mode === 'date' ? 'Date' : mode;
}

/** Builders whose values depend on their mode, without one. */
const MODELESS: Readonly<Record<string, string>> = {
  timestamp: 'Date',
  date: 'string',
  numeric: 'string',
  decimal: 'string',
};

/** `enum: ['admin', 'guest']` or `enum: ROLES`, as it stands. */
function enumOption(written: ColumnModel | undefined, file: SchemaFile): string | undefined {
  const call = written?.chain?.rootCall;
  return call && configEntries(call, file).find(({ key }) => key === 'enum')?.text;
}

function listedValues(written: ColumnModel, file: SchemaFile): readonly string[] | undefined {
  const list = /^enum:\s*\[([^\]]*)\]$/s.exec(enumOption(written, file) ?? '')?.[1];
  return list === undefined
    ? undefined
    : [...list.matchAll(/'([^'\\]*)'|"([^"\\]*)"/g)].map(([, a, b]) => (a ?? b)!);
}
