import type { Change } from '../../plan/change.ts';
import type { TableDraft } from './draft.ts';
import type { Drafts } from './drafts.ts';
import type { EditInput } from './editing.ts';

/** Where and under which variable a new table is written. */
export interface TablePlace {
  readonly path: string;
  readonly variable: string;
}

/** Where this project writes constraints that can stand in two places. */
export interface ConstraintConvention {
  readonly unique: 'column' | 'table';
  readonly foreignKey: 'column' | 'table';
}

/** What a change may ask while it writes into the drafts. */
export interface ChangeContext {
  readonly input: EditInput;
  readonly drafts: Drafts;
  placeTable(change: Extract<Change, { kind: 'create-table' }>): TablePlace;
  /** The case of column keys in a file and around it. */
  keyCaseOf(path: string): 'camel' | 'snake';
  conventionOf(draft: TableDraft): ConstraintConvention;
  /** The prefix that the project's table creator puts before a name; '' without one. */
  prefixOf(name: string): string;
}
