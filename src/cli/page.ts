import { resolve } from 'node:path';
import type { Page } from '../page/write.ts';

/** Where the page of `--html` goes, checked before anything else is done. */
export async function pageFor(
  { html, cwd }: { readonly html?: string; readonly cwd: string },
  say: (line: string) => void,
): Promise<Page | undefined> {
  return html === undefined
    ? undefined
    : (await import('../page/write.ts')).openPage(resolve(cwd), html, say);
}
