import type { DatabaseSchema, ObjectName } from '../../plan/database-schema.ts';
import type { Change, Notice } from '../../plan/change.ts';
import type { SourceText } from '../../workspace/file-edit.ts';
import type { TextEdit } from '../text-edit.ts';
import type { EnumRef, SchemaModel, TableRef } from './model.ts';
import type { FileStyle, ImportRequest, SchemaFile } from '../source-file.ts';

export interface EditInput {
  /** Absolute folder of the project. */
  readonly root: string;
  /** Absolute paths of the files that drizzle-kit loads. */
  readonly entries: readonly string[];
  /** Whether drizzle-kit would load a new file at this path by itself. */
  readonly globMatches: (path: string) => boolean;
  /** The entries and every project file that they import. */
  readonly files: readonly SourceText[];
  /** The project file that a specifier means; undefined for packages. */
  readonly resolveImport: (fromPath: string, specifier: string) => string | undefined;
  readonly casing?: 'camelCase' | 'snake_case' | undefined;
  /** How relative specifiers end where no import shows it. */
  readonly suffix?: '' | '.js' | '.ts' | undefined;
  readonly changes: readonly Change[];
  /** The current schema: the real types of columns whose source does not show them. */
  readonly before: DatabaseSchema;
}

/**
 * The one place that collects what is to change. Editors ask the model, and add edits found in the original texts;
 * everything is applied at the end, in one splice a file.
 */
export interface Editing {
  readonly input: EditInput;
  readonly model: SchemaModel;
  /** A file parsed on demand: those that the changes cannot concern are not in the model. */
  file(path: string): SchemaFile | undefined;
  /** All files whose text has this word in it, parsed. */
  filesWith(word: string): readonly SchemaFile[];
  /** Whether a file declares tables or enums, by a look at its text. */
  isSchemaFile(path: string): boolean;
  /** A file's own style, or for a file to be created that of its neighbours. */
  style(path: string): FileStyle;
  /** An edit of an existing file, in offsets of its original text. */
  edit(path: string, edit: TextEdit): void;
  /** Text at the end of a file, existing or new, with a blank line before it. */
  append(path: string, text: string): void;
  /** Asks for an import; returns the name (or `namespace.name`) by which the file has it. Nothing to do for the file's own names. */
  needImport(path: string, request: ImportRequest): string;
  /** The name that `needImport` would give; nothing is imported. */
  nameFor(path: string, request: ImportRequest): string;
  /** The table with this name as it will be called, new and renamed ones included. */
  table(name: ObjectName): TableRef | undefined;
  /** The enum with this name as it will be: what `editEnums` found or made. */
  enumRef(name: ObjectName): EnumRef | undefined;
  /** Makes drizzle-kit (and the application) see names that a new or existing file now declares: its barrel gets its line. */
  register(path: string, names: DeclaredNames): void;
  /** The names are gone from the file; `isEmpty`: so is the file. */
  unregister(path: string, names: DeclaredNames, file: { readonly isEmpty: boolean }): void;
  notice(notice: Notice): void;
}

/** What a file declares, by kind: tables, enums and relations are values. */
export interface DeclaredNames {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The changes about enums. `editEnums(editing, changes)` (enums.ts) follows them all, before the tables are written, and returns every enum that is known then. */
export type EnumChange = Extract<Change, { readonly enum: unknown }>;
