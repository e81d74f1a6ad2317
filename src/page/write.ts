import { loadSqlParser } from '../postgres/sql.ts';
import { pageFile } from './page-file.ts';
import { PAGE_MARK, renderPage } from './render.ts';
import type { PageView } from './view.ts';

/** A page that is asked for with `--html`. */
export interface Page {
  /** Writes what `view` returns, and says so; nothing where there is nothing to show. */
  write(view: () => Promise<PageView | undefined>): Promise<void>;
}

/** Throws `file-not-writable` where no page can be written there. */
export async function openPage(cwd: string, shown: string, say: (line: string) => void): Promise<Page> {
  const file = await pageFile(cwd, shown, PAGE_MARK);
  return {
    async write(view) {
      await loadSqlParser();
      const found = await view();
      if (found === undefined) return say(`No migration, so there is no page: ${shown} was not written.`);
      await file.write(await renderPage(found));
      say(`Page written: ${shown}`);
    },
  };
}
