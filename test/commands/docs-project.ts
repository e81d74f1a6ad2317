import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DocsOptions, type DocsOutcome, runDocsCommand } from '../../src/commands/docs.ts';

/** A copy of an example without its documents, with the files of `overlay` (a folder) laid over it. */
export function docsProject(example: 'drizzle-shop' | 'typeorm-shop', overlay?: string): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tableplan docs-')));
  cpSync(resolve('examples', example), root, { recursive: true });
  rmSync(join(root, 'docs'), { recursive: true, force: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  if (overlay !== undefined) cpSync(overlay, root, { recursive: true });
  return root;
}

export function docs(cwd: string, more: Partial<DocsOptions> = {}): Promise<DocsOutcome> {
  return runDocsCommand({ cwd, check: false, dryRun: false, backfill: false, say: () => undefined, ...more });
}
