import type { ProjectBase } from './project.ts';

/** A package of the same workspace that imports a project by its name, and gets code of the run too. */
export interface DependentPackage {
  /** Absolute. */
  readonly root: string;
  readonly tsconfigPath: string | undefined;
  readonly testScript: string | undefined;
  /** The name of the project's package. */
  readonly imports: string;
}

/** A project with all of its packages that a run writes to: what is proven, is proven of each. */
export interface CheckedProject extends ProjectBase {
  readonly dependent?: DependentPackage | undefined;
}
