import type { Change, Notice } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import type { EntityModel } from '../../orm/typeorm/model.ts';
import type { SourceText } from '../../workspace/file-edit.ts';
import type { FileStyle, ImportRequest, SchemaFile, Span } from '../source-file.ts';
import type { TextEdit } from '../text-edit.ts';
import type { Sources } from './sources.ts';

/**
 * How a property without `name:` gets its column: `default` as it is written, `snake` through a SnakeNamingStrategy,
 * `custom` by a rule that only the project knows (then every name is written out).
 */
export type ColumnNaming = 'default' | 'snake' | 'custom';

export interface TypeormEditInput {
  /** Absolute folder of the project. */
  readonly root: string;
  /** Every source of the project that may hold entities, base classes, enums, lists of entities, Nest modules. */
  readonly sources: readonly SourceText[];
  /** The project file that a specifier means; undefined for packages. */
  readonly resolveImport: (fromPath: string, specifier: string) => string | undefined;
  /** Whether the data source would load a new file at this path by one of its globs. */
  readonly globMatches: (path: string) => boolean;
  /** What TypeORM itself makes of the entities: property, column and table of each other. */
  readonly entities: readonly EntityModel[];
  /** What the data source puts before the name of every table. */
  readonly entityPrefix?: string | undefined;
  /** The schema of entities that say none; `public` when it is left out. */
  readonly defaultSchema?: string | undefined;
  /** Learnt from the entities when it is left out. */
  readonly naming?: ColumnNaming | undefined;
  /** How relative specifiers end where no import shows it. */
  readonly suffix?: '' | '.js' | '.ts' | undefined;
  readonly changes: readonly Change[];
  /** The current schema: real types and defaults of columns. */
  readonly before: DatabaseSchema;
  /** The module that makes the data source: what it lists is a list of entities. */
  readonly dataSourcePath: string | undefined;
}

/** The input once the project's rule for names is known. */
export type KnownInput = TypeormEditInput & { readonly naming: ColumnNaming };

/**
 * The one place that collects what is to change. Editors ask the sources and add edits in offsets of the original
 * texts; everything is applied at the end, in one splice a file.
 */
export interface Editing {
  readonly input: KnownInput;
  readonly sources: Sources;
  file(path: string): SchemaFile | undefined;
  /** A file's own style, or for a file to be created that of its neighbours. */
  style(path: string): FileStyle;
  edit(path: string, edit: TextEdit): void;
  /**
   * Changes the text of one part of a file (a decorator, an options object). Several changes of the same part are
   * applied one after the other, each to what the one before it left.
   */
  rewrite(path: string, span: Span, change: (text: string) => string): void;
  /** Text at the end of a file, existing or new, with a blank line before it. */
  append(path: string, text: string): void;
  /** A file that goes altogether. */
  remove(path: string): void;
  /** Asks for an import; returns the name by which the file has it. */
  needImport(path: string, request: ImportRequest): string;
  notice(notice: Notice): void;
}
