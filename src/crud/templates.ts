import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularText } from '../read-regular-file.ts';
import Handlebars from 'handlebars';
import { TableplanError } from '../errors.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { titleVerb } from './test-titles.ts';

/** Renders one template of a stack. Throws `config-invalid` where a template of the project's own is wrong. */
export type RenderTemplate = (template: string, view: Readonly<Record<string, unknown>>) => string;

/** Where a project keeps templates and stacks of its own. */
export const OWN_STACKS = 'tableplan/crud';

/**
 * The templates of a stack, those of the project first, file by file. Templates see plain data; texts are not escaped, as
 * they become code. A name that the data does not have is an error, not an empty place.
 */
export async function loadTemplates(folders: readonly string[]): Promise<RenderTemplate> {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('from', (id: string, options: Handlebars.HelperOptions) => {
    const { specifiers } = options.data.root as { specifiers: Readonly<Record<string, string>> };
    const specifier = specifiers[id];
    if (specifier === undefined) throw new Error(`{{from "${id}"}}: there is no file of that name`);
    return specifier;
  });
  handlebars.registerHelper('does', (verb: string, options: Handlebars.HelperOptions) =>
    titleVerb(verb, options.data.root as { saysShould?: boolean }),
  );
  const texts = new Map<string, { readonly text: string; readonly path: string }>();
  for (const folder of folders.toReversed()) {
    for (const name of await readdir(folder).catch((): string[] => [])) {
      if (!name.endsWith('.hbs')) continue;
      const path = join(folder, name);
      texts.set(name, { text: await readRegularText(path), path });
    }
  }
  for (const [name, { text }] of texts)
    if (name.startsWith('_')) handlebars.registerPartial(name.slice(1, -4), text);
  return (template, view) => {
    const found = texts.get(template);
    if (found === undefined)
      throw new TableplanError('config-invalid', `The stack has no template ${template}.`, {
        hint: `It is looked for in ${folders.join(' and ')}.`,
      });
    try {
      return handlebars.compile(found.text, { noEscape: true, strict: true })(view);
    } catch (cause) {
      throw new TableplanError(
        'config-invalid',
        `${template} cannot be rendered: ${(cause as Error).message}`,
        {
          at: { file: found.path },
          hint: 'The data that templates see is described in docs/how-to/own-stacks.md of tableplan.',
          cause,
        },
      );
    }
  };
}

/** The folders in which a stack's templates lie, nearest first: all of the project's own come before tableplan's. */
export function templateFolders(root: string, stacks: readonly string[]): readonly string[] {
  return [
    ...stacks.map((name) => join(root, OWN_STACKS, name)),
    ...stacks.map((name) => join(PACKAGE_FOLDER, 'templates/crud', name)),
  ];
}
