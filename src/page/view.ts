/** What the template of a page is filled with: plain text, which the template escapes. */
export interface PageView {
  readonly title: string;
  readonly verdict: Verdict;
  readonly facts: readonly Fact[];
  /** What stands above everything else: what was not rehearsed or compared. */
  readonly warnings: readonly string[];
  readonly migrations: readonly MigrationView[];
  /** Findings about no file of these: history, config. */
  readonly findings: readonly FindingView[];
}

export interface Verdict {
  readonly kind: 'ok' | 'warning' | 'error';
  readonly text: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface MigrationView {
  /** Undefined where the page is about one migration. */
  readonly heading: string | undefined;
  readonly bars: BarsView;
  readonly tables: readonly TableChange[];
  /** Why no tables are shown. */
  readonly tablesNote: string | undefined;
  readonly findings: readonly FindingView[];
  readonly allowed: readonly { readonly rule: string; readonly reason: string; readonly message: string }[];
  readonly up: string;
  readonly down: string | undefined;
  /** Where no rollback is shown: why. */
  readonly downNote: string | undefined;
}

export interface BarsView {
  readonly heading: string;
  readonly rows: readonly BarView[];
  /** Statements that are left out. */
  readonly more: number;
  readonly isHeld: boolean;
}

export interface BarView {
  readonly number: number;
  readonly sql: string;
  readonly kind: 'all' | 'writes' | 'schema' | 'work' | 'none' | 'unknown';
  /** Percent of the width. */
  readonly left: string;
  readonly width: string;
  readonly words: readonly string[];
}

/** A table before and after: one of the two where it is new, or gone. */
export interface TableChange {
  readonly before: TableView | undefined;
  readonly after: TableView | undefined;
}

export interface TableView {
  readonly name: string;
  readonly note: string;
  readonly columns: readonly ColumnView[];
  /** Indexes, keys and checks. */
  readonly parts: readonly { readonly text: string; readonly state: State }[];
}

export interface ColumnView {
  readonly name: string;
  readonly type: string;
  readonly marks: string;
  readonly state: State;
}

export type State = 'same' | 'added' | 'removed' | 'changed';

export interface FindingView {
  readonly severity: 'error' | 'warning' | 'info';
  readonly rule: string;
  readonly place: string;
  readonly message: string;
  readonly frame: readonly FrameLine[];
  readonly fix: { readonly heading: string; readonly sql: string | undefined } | undefined;
  readonly reason: string;
}

export interface FrameLine {
  readonly number: number;
  readonly text: string;
  /** Of the statement itself. */
  readonly isHit: boolean;
}
