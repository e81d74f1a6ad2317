import type { CrudDomain } from './domain.ts';
import type { CrudProject } from './crud-project.ts';
import type { Notice } from '../plan/change.ts';

/**
 * One way of writing a domain. A stack is a folder of templates (`templates/crud/<name>/`, or `tableplan/crud/<name>/` of
 * the project, whose templates win file by file) and one of these records in `src/crud/stacks/`.
 */
export interface Stack {
  readonly name: string;
  readonly orm: 'drizzle' | 'typeorm';
  /** The stacks whose templates serve where it has none of its own, nearest first. */
  readonly extends?: readonly string[] | undefined;
  /** Folders of templates that several stacks share (`drizzle`), behind its own. */
  readonly shares?: readonly string[] | undefined;
  /** The folders of its templates, nearest first, where the project decides; default: the one of its name. */
  templates?(project: CrudProject): readonly string[];
  /** The framework whose applications it is for: the `id` of one in `frameworks.ts`. */
  readonly framework: string;
  /** What such an application has to have besides, in words (`tsyringe`); undefined where this one has it. */
  lacks?(project: CrudProject): string | undefined;
  /** Taken in every project where no stack is named: a project's own, which says so. */
  readonly isDefault?: boolean | undefined;
  /**
   * Where the domain's files go and what the templates need beyond the domain. Throws `crud-not-possible` where the
   * project lacks what the stack cannot do without.
   */
  plan(domain: CrudDomain, project: CrudProject): StackPlan;
}

export interface StackPlan {
  readonly files: readonly StackFile[];
  readonly wiring: readonly WiringEdit[];
  /** Packages that the generated code imports; those that the project does not have are told with the command to install them. */
  readonly needs: readonly PackageNeed[];
  /** What the templates see besides `domain`, `project`, `style`: plain data and texts. */
  readonly view: Readonly<Record<string, unknown>>;
  /** What is worth telling: who may use the routes, and by what that is so. */
  readonly notices: readonly Notice[];
  /** Files of the project that templates import, by the name that `{{from "name"}}` uses; absolute paths. */
  readonly targets: Readonly<Record<string, string>>;
}

export interface StackFile {
  /** The name by which templates import it: `{{from "repository"}}`. */
  readonly id: string;
  /** Template in the stack's folder: `routes.ts.hbs`. */
  readonly template: string;
  /** Absolute path of the new file. */
  readonly path: string;
  /** Made once for all domains: one that is there already stays as it is, whoever has changed it. */
  readonly isShared?: boolean | undefined;
  /** What this template sees besides the plan's view: for templates that make several files. */
  readonly view?: Readonly<Record<string, unknown>> | undefined;
}

export interface PackageNeed {
  readonly name: string;
  readonly isDev: boolean;
}

/**
 * An edit of a file that is there already. `edit` gets its text and gives the new one: the same text where everything is
 * in place already, undefined where the place for it cannot be found. What could not be done is told with `paste`.
 */
export interface WiringEdit {
  /** Edits of a group stand or fall together: where one finds no place, those behind it are for a person too. */
  readonly group?: string | undefined;
  /** Absolute; undefined where the project has no such file. */
  readonly path: string | undefined;
  /** What is done, in words: `routes of products in src/app.ts`. */
  readonly what: string;
  edit(text: string): string | undefined;
  /** The text for a person to paste, and where: shown as it is. */
  readonly paste: string;
}
