import type { Documented } from '../orm/documented.ts';
import type { OrmProject } from '../orm/orm-project.ts';
import type { ProjectBase } from '../project/project.ts';
import type { Settings } from '../project/settings.ts';

/** What every part of the command works on. */
export interface DocsContext {
  readonly project: ProjectBase;
  readonly settings: Settings;
  readonly orm: OrmProject;
  readonly documented: Documented;
  /** A path as the documents show it. */
  readonly shown: (path: string) => string;
}

/** Where records and documents lie, relative to the project. */
export const RECORDS = 'docs/migrations';
