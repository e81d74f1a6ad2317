import type { Finding } from '../../review/finding.ts';
import { brokenChain, skippedEntries } from './review/chain-findings.ts';
import { readMigrationsFolder } from './review/folder.ts';
import { posixRelative } from '../../workspace/posix-relative.ts';

/**
 * What `review` says of the newest migration's place in the history, for the commands that run or follow it: one rule and
 * one severity for one cause. `file` is relative to `root`. With `chain` the snapshots are judged too.
 */
export async function historyFindings(
  outDir: string,
  { root, chain }: { readonly root: string; readonly chain: boolean },
): Promise<Finding[]> {
  const folder = await readMigrationsFolder(outDir);
  const findings = [
    ...(chain ? await brokenChain(folder) : []),
    ...skippedEntries(folder, folder.entries.slice(-1)),
  ];
  return findings.map((finding) =>
    finding.file === undefined ? finding : { ...finding, file: posixRelative(root, finding.file) },
  );
}
