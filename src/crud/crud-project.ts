import type { FileStyle } from '../schema/source-file.ts';
import type { DependentPackage } from '../project/checked-project.ts';
import type { ProjectBase } from '../project/project.ts';
import type { Framework } from './frameworks.ts';

/** What stacks ask about a project. Texts are those of this run: edits that are staged already are in them. */
export interface CrudProject {
  /** The package of the schema and its migrations, in which the command runs. */
  readonly location: ProjectBase;
  /** The package that the code goes into: the same one, or that of an application which depends on it. */
  readonly root: string;
  /** The application, where it is a package of its own. */
  readonly application: DependentPackage | undefined;
  readonly orm: 'drizzle' | 'typeorm';
  /** Dependency → version range, of the package and of the workspace above it. */
  readonly packages: ReadonlyMap<string, string>;
  /** What the application answers requests with; of the applications around it, where the package itself answers none. */
  readonly frameworks: readonly Framework[];
  /** `type: module`, or a tsconfig that emits ESM. */
  readonly isEsm: boolean;
  readonly testRunner: TestRunner;
  /**
   * All TypeScript and JavaScript sources below the root, without node_modules and build output: absolute → text. Behind those of
   * an application stand those of the package with the schema.
   */
  readonly sources: ReadonlyMap<string, string>;
  readonly style: FileStyle;
  /** The migrations folder; absolute. */
  readonly migrations: string;
  /** Drizzle's config `schema` files, or the data source module; absolute. */
  readonly entries: readonly string[];
  /** The project file that a specifier means; undefined for packages. */
  resolveImport(from: string, specifier: string): string | undefined;
  /**
   * The specifier by which `from` imports a name of the file at `path`, in the project's manner (suffix, alias, package). Throws
   * `crud-not-possible` where another package does not export it.
   */
  specifier(from: string, path: string, name?: string): string;
  /** Whether the code can import a name of a file: always, but of another package. */
  canImport(path: string, name: string): boolean;
}

export type TestRunner = 'vitest' | 'jest' | 'bun' | 'node';
