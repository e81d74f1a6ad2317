import { formatByProject } from '../project/format.ts';
import type { FileStyle } from '../schema/source-file.ts';

const BY_PRETTIER = /\.(?:[cm]?[jt]sx?|json|md)$/;

/**
 * A generated file as the project writes: by the project's formatter where it has one, else laid out with the quotes,
 * semicolons and indent that its sources show. A text that prettier cannot read stays as it is.
 */
export async function formatGenerated(
  text: string,
  path: string,
  { root, style }: { readonly root: string; readonly style: FileStyle },
): Promise<string> {
  const own = await formatByProject(text, path, { root });
  if (own !== undefined || !BY_PRETTIER.test(path)) return withLineEnds(own ?? text, style);
  const prettier = await import('prettier');
  const formatted = await prettier
    .format(text, {
      filepath: path,
      singleQuote: style.quote === "'",
      semi: style.semicolon === ';',
      useTabs: style.indent === '\t',
      tabWidth: style.indent === '\t' ? 4 : style.indent.length,
      trailingComma: style.trailingComma === ',' ? 'all' : 'none',
      arrowParens: style.arrowParens,
      printWidth: 100,
    })
    .catch(() => text);
  return withLineEnds(formatted, style);
}

function withLineEnds(text: string, { eol }: FileStyle): string {
  return eol === '\n' ? text : text.replaceAll(/\r?\n/g, eol);
}
