import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('../../templates/record/migration.md.hbs', import.meta.url));

/** Where a project may keep its own record template, relative to its root. */
export const PROJECT_TEMPLATE = 'tableplan/record/migration.md.hbs';

/** The record's Handlebars template: the project's own where it has one. */
export async function readRecordTemplate(root: string): Promise<string> {
  const own = await readFile(join(root, PROJECT_TEMPLATE), 'utf8').catch(() => undefined);
  return own ?? readFile(OWN, 'utf8');
}
