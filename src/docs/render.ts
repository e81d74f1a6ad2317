import Handlebars from 'handlebars';
import { codeInCell, oneLine } from '../record/markdown.ts';

/** Fills a Handlebars text; what it is given is Markdown already. Throws what Handlebars throws on a broken one. */
export function render(template: string, view: object): string {
  const handlebars = Handlebars.create();
  return handlebars.compile(template, { noEscape: true, strict: false })(view).trim();
}

/** Text as code in the cell of a table. */
export function codeCell(text: string): string {
  return `\`${codeInCell(text)}\``;
}

/** Text of a person as the cell of a table: no HTML, no bars, one line. */
export function textCell(text: string): string {
  return oneLine(text).replaceAll('<', '&lt;').replaceAll('|', '\\|');
}

/** What a heading is linked by, as GitHub and GitLab make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Everything in a view that templates put between backticks, in whatever depth, as it may stand there. */
export function inBackticks<View>(view: View): View {
  if (typeof view === 'string') return codeInCell(view) as View;
  if (Array.isArray(view)) return view.map(inBackticks) as View;
  if (typeof view !== 'object' || view === null) return view;
  return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, inBackticks(value)])) as View;
}
