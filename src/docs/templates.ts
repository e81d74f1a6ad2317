import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../package-folder.ts';

/** One of the Handlebars texts that the documents are filled from. */
export function docsTemplate(name: 'guide' | 'history' | 'index' | 'schema' | 'skill'): Promise<string> {
  return readFile(join(PACKAGE_FOLDER, 'templates/docs', `${name}.md.hbs`), 'utf8');
}
