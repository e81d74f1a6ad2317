import { TableplanError } from '../errors.ts';

/** Nothing of an ORM's project was found (`project-not-found`). */
export class NoProject extends TableplanError {
  /** Whether the ORM is there all the same: then what is missing is its config. */
  readonly isInstalled: boolean;

  constructor(
    message: string,
    { hint, isInstalled }: { readonly hint: string; readonly isInstalled: boolean },
  ) {
    super('project-not-found', message, { hint });
    this.isInstalled = isInstalled;
  }
}
