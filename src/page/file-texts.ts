import { readTextIfThere } from '../read-regular-file.ts';
import type { Finding } from '../review/finding.ts';

/** The texts of the files that findings are about, by their names; those that cannot be read are left out. */
export async function textsOf(
  findings: readonly Finding[],
  pathOf: (file: string) => string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const files = [...new Set(findings.flatMap(({ file }) => (file === undefined ? [] : [file])))];
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readTextIfThere(pathOf(file)).catch(() => undefined)] as const),
    ),
  );
}
