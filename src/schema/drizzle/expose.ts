import { TableplanError } from '../../errors.ts';
import type { TextEdit } from '../text-edit.ts';
import { addToBarrel, type BarrelAddition, barrelText, isSideValue } from '../barrel-edit.ts';
import { type BarrelModel, readBarrel } from '../barrel-model.ts';
import { type BarrelRemoval, removeFromBarrel, removeOwnExports } from '../barrel-remove.ts';
import { type BarrelAnswer, type BarrelQuestion, planBarrel } from './barrel.ts';
import { suffixExample } from '../specifier.ts';
import type { Editing } from './editing.ts';

/** Names that a file newly declares, for the barrel that passes its neighbours on. */
export interface Exposed {
  /** The file that declares them, existing or to be created. */
  readonly file: string;
  /** Tables, enums, schemas, relations. */
  readonly values: readonly string[];
  /** Row types: listed where the neighbours' are. */
  readonly types: readonly string[];
}

/**
 * Adds new names to the barrels that pass the neighbours on, so that drizzle-kit loads them: one line a file, however
 * many names it has. Call it once, with everything that the changes declare.
 * Throws TableplanError `schema-not-editable` when drizzle-kit would not load a new file.
 */
export function exposeInBarrels(editing: Editing, exposed: readonly Exposed[]): void {
  if (exposed.length === 0) return;
  const models = readBarrels(editing);
  const created = new Set<string>();
  for (const one of merged(exposed)) exposeFile(editing, models, one, created);
}

/** Takes names out of every barrel that passes them on, and out of the file's own export lists. */
export function forgetInBarrels(editing: Editing, removal: BarrelRemoval): void {
  for (const model of readBarrels(editing).values()) {
    if (model.path !== removal.file) editAll(editing, model.path, removeFromBarrel(model, removal));
    else if (removal.names !== 'all') editAll(editing, model.path, removeOwnExports(model, removal.names));
  }
}

function exposeFile(
  editing: Editing,
  models: ReadonlyMap<string, BarrelModel>,
  exposed: Exposed,
  created: Set<string>,
): void {
  const question = questionFor(editing, models, exposed.file);
  const answer = planBarrel(question);
  if (exposed.values.every(isSideValue) && !listsSideFiles(editing, models, answer)) return;
  switch (answer.kind) {
    case 'none':
      return tellLeftOut(editing, answer.leavesOut, exposed.file);
    case 'unreachable':
      throw unreachable(editing, exposed.file);
    case 'edit':
      return addTo(editing, models, answer.path, exposed, question);
    case 'create': {
      const like = models.get(answer.like);
      if (like === undefined) return;
      editing.append(
        answer.path,
        barrelText(answer.path, like, additionFor(editing, like.path, exposed, question)),
      );
      if (created.has(answer.path)) return;
      created.add(answer.path);
      return addTo(editing, models, answer.parent, { ...exposed, file: answer.path }, question);
    }
  }
}

/** A barrel that names the fewer of the files beside it may leave the new one out on purpose. */
function tellLeftOut(editing: Editing, barrel: string | undefined, file: string): void {
  if (barrel === undefined) return;
  editing.notice({
    severity: 'info',
    rule: 'not-in-barrel',
    message: `${file} is not exported there: the barrel names only some of the schema files beside it`,
    file: barrel,
  });
}

/** Relations in a file of their own: nothing must load them, but a barrel that lists such files gets the new one. */
function listsSideFiles(
  editing: Editing,
  models: ReadonlyMap<string, BarrelModel>,
  answer: BarrelAnswer,
): boolean {
  if (answer.kind !== 'edit') return false;
  const lines = models.get(answer.path)?.lines ?? [];
  return lines.some((line) => /\brelations\(/.test(editing.file(line.path)?.text ?? ''));
}

function addTo(
  editing: Editing,
  models: ReadonlyMap<string, BarrelModel>,
  path: string,
  exposed: Exposed,
  question: BarrelQuestion,
): void {
  const barrel = models.get(path) ?? emptyBarrel(path);
  editAll(editing, path, addToBarrel(barrel, additionFor(editing, path, exposed, question)));
}

/** Any file that passes names on, a folder's index too, is a neighbour of a new line. */
function additionFor(
  editing: Editing,
  path: string,
  exposed: Exposed,
  question: BarrelQuestion,
): BarrelAddition {
  const { quote, semicolon, eol } = editing.style(path);
  const isSchemaFile = (file: string) => question.isSchemaFile(file) || /\/index\.[cm]?ts$/.test(file);
  return {
    ...exposed,
    related: filesReferredTo(editing, exposed.file),
    isSchemaFile,
    fallback: { quote, semicolon, eol, example: anySpecifier(editing, path) },
  };
}

/** Where the tables are declared that the new tables of a file refer to. */
function filesReferredTo(editing: Editing, file: string): readonly string[] {
  return editing.input.changes.flatMap((change) =>
    change.kind === 'create-table' && editing.table(change.table)?.path === file
      ? change.table.foreignKeys.flatMap(({ references }) => editing.table(references)?.path ?? [])
      : [],
  );
}

/** An import of the project, for its suffix, where a barrel has no line yet; else what the compiler asks for. */
function anySpecifier(editing: Editing, from: string) {
  const files = [...editing.model.files.values()];
  const lines = files.flatMap((file) =>
    file.imports.map((line) => ({ from: file.path, specifier: line.module, path: line.path })),
  );
  const found = lines.find((line) => line.path !== undefined && line.specifier.startsWith('.'));
  return found?.path === undefined
    ? suffixExample(editing.input.suffix ?? '')
    : { from, specifier: found.specifier, path: found.path };
}

function questionFor(
  editing: Editing,
  models: ReadonlyMap<string, BarrelModel>,
  file: string,
): BarrelQuestion {
  const { entries, globMatches } = editing.input;
  return { file, entries, globMatches, models, isSchemaFile: (path) => editing.isSchemaFile(path) };
}

const read = new WeakMap<Editing, ReadonlyMap<string, BarrelModel>>();

/** What every file passes on, read once for all changes. */
function readBarrels(editing: Editing): ReadonlyMap<string, BarrelModel> {
  const known = read.get(editing) ?? findBarrels(editing);
  read.set(editing, known);
  return known;
}

function findBarrels(editing: Editing): ReadonlyMap<string, BarrelModel> {
  const { files, entries, resolveImport } = editing.input;
  const models = new Map<string, BarrelModel>();
  for (const { path, text } of files) {
    if (!PASSES_ON.test(text) && !entries.includes(path)) continue;
    const file = editing.file(path);
    if (file !== undefined) models.set(path, readBarrel(path, file.ast, resolveImport));
  }
  return models;
}

/** A quick look that spares the parse of files that only declare: an export list, a star, or an object of imports. */
const PASSES_ON = /^export\s*(?:type\s*)?[*{]|^export default|^(?:export )?const \w+(?::[^=\n]+)?\s*=\s*\{/m;

function emptyBarrel(path: string): BarrelModel {
  return { path, text: '', lines: [], localExports: [], objects: [] };
}

function merged(exposed: readonly Exposed[]): readonly Exposed[] {
  const byFile = new Map<string, Exposed>();
  for (const one of exposed) {
    const before = byFile.get(one.file);
    const [values, types] = [
      [...(before?.values ?? []), ...one.values],
      [...(before?.types ?? []), ...one.types],
    ];
    byFile.set(one.file, { file: one.file, values: [...new Set(values)], types: [...new Set(types)] });
  }
  // Lines that go to one place of a sorted barrel come out sorted.
  const key = ({ values, file }: Exposed) => values[0] ?? file;
  return [...byFile.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function unreachable(editing: Editing, file: string): TableplanError {
  const { root, entries } = editing.input;
  const names = entries.map((entry) => entry.slice(root.length + 1)).join(', ');
  return new TableplanError(
    'schema-not-editable',
    `drizzle-kit would not load ${file.slice(root.length + 1)}: it loads only ${names}`,
    {
      hint: 'Let one of these files re-export another one (export * from …), or name the folder or a glob under `schema` in the drizzle config; then run again.',
    },
  );
}

function editAll(editing: Editing, path: string, edits: readonly TextEdit[]): void {
  for (const edit of edits) editing.edit(path, edit);
}
