import Handlebars from 'handlebars';

/** Fills a Handlebars text; what it is given is Markdown already. Throws what Handlebars throws on a broken one. */
export function render(template: string, view: object): string {
  const handlebars = Handlebars.create();
  return handlebars.compile(template, { noEscape: true, strict: false })(view).trim();
}

/** Text as code in the cell of a table. */
export function codeCell(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
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

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
