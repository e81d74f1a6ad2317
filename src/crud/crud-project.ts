import type { FileStyle } from '../schema/source-file.ts';
import type { ProjectBase } from '../project/locate.ts';
import type { Framework } from './frameworks.ts';

/** What stacks ask about a project. Texts are those of this run: edits that are staged already are in them. */
export interface CrudProject {
  readonly location: ProjectBase;
  readonly root: string;
  readonly orm: 'drizzle' | 'typeorm';
  /** Dependency → version range, of the package and of the workspace above it. */
  readonly packages: ReadonlyMap<string, string>;
  /** What the application answers requests with; of the applications around it, where the package itself answers none. */
  readonly frameworks: readonly Framework[];
  /** `type: module`, or a tsconfig that emits ESM. */
  readonly isEsm: boolean;
  readonly testRunner: TestRunner;
  /** All TypeScript and JavaScript sources below the root, without node_modules, build output and tests: absolute → text. */
  readonly sources: ReadonlyMap<string, string>;
  readonly style: FileStyle;
  /** The migrations folder; absolute. */
  readonly migrations: string;
  /** Drizzle's config `schema` files, or the data source module; absolute. */
  readonly entries: readonly string[];
  /** The project file that a specifier means; undefined for packages. */
  resolveImport(from: string, specifier: string): string | undefined;
  /** The specifier by which `from` imports the file at `path`, in the project's manner (suffix, alias). */
  specifier(from: string, path: string): string;
}

export type TestRunner = 'vitest' | 'jest' | 'bun' | 'node';
