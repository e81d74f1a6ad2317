import { join } from 'node:path';
import { readRegularText, readTextIfThere } from '../read-regular-file.ts';
import type { Notice } from '../plan/change.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';

const OWN = join(PACKAGE_FOLDER, 'templates/record/migration.md.hbs');

/** Where a project may keep its own record template, relative to its root. */
export const PROJECT_TEMPLATE = 'tableplan/record/migration.md.hbs';

/** What is wrong with the fields of the project's own template; nothing where it has none. */
export async function recordTemplateNotices(root: string): Promise<Notice[]> {
  const own = await readTextIfThere(join(root, PROJECT_TEMPLATE));
  if (own === undefined || own === null) return [];
  const { templateNotices } = await import('./template-fields.ts');
  return templateNotices(own, join(root, PROJECT_TEMPLATE));
}

/** The record's Handlebars template: the project's own where it has one. */
export async function readRecordTemplate(root: string): Promise<string> {
  const own = await readTextIfThere(join(root, PROJECT_TEMPLATE));
  return own ?? readRegularText(OWN);
}
