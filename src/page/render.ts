import { join } from 'node:path';
import Handlebars from 'handlebars';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { printable } from '../plan/visible.ts';
import { readRegularText } from '../read-regular-file.ts';
import type { PageView } from './view.ts';

/** The first lines of every page: by them a page is known that may be written over. */
export const PAGE_MARK =
  '<!doctype html>\n<!-- A page of tableplan: it is replaced by the next run that writes it. -->\n';

/**
 * A view as one self-contained HTML page. It asks nobody for anything and runs no script: its policy forbids both, and all
 * texts are escaped.
 */
export async function renderPage(view: PageView): Promise<string> {
  const folder = join(PACKAGE_FOLDER, 'templates/page');
  const [template, style, finding] = await Promise.all(
    ['page.html.hbs', 'style.css', 'finding.html.hbs'].map((name) => readRegularText(join(folder, name))),
  );
  const handlebars = Handlebars.create();
  handlebars.registerPartial('finding', finding ?? '');
  handlebars.registerPartial('style', style ?? '');
  return `${PAGE_MARK}${handlebars.compile(template ?? '', { strict: true })(seen(view))}`;
}

/** The view with everything in its texts that cannot be seen, or that moves others, written out. */
function seen<View>(view: View): View {
  if (typeof view === 'string') return printable(view) as View;
  if (Array.isArray(view)) return view.map(seen) as View;
  if (typeof view !== 'object' || view === null) return view;
  return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, seen(value)])) as View;
}
