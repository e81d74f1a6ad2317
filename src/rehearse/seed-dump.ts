import { resolve } from 'node:path';
import { TableplanError } from '../errors.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { type DumpPart, readDumpScript } from './dump-script.ts';

/** Rows of the team's own, for a rehearsal. They go into the disposable database and nowhere else. */
export interface SeedDump {
  /** As the user named it. */
  readonly file: string;
  readonly parts: readonly DumpPart[];
}

/** Strings of more characters than this Node does not make. */
const LARGEST = 256 * 1024 * 1024;

/** Reads `--seed-dump FILE`. Throws `usage` or `file-not-readable` where there is no such file, `dump-invalid` where it is no plain SQL. */
export async function readSeedDump(cwd: string, file: string): Promise<SeedDump> {
  const path = resolve(cwd, file);
  const bytes = await readRegularFile(path, { largest: LARGEST, shown: file }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause instanceof TableplanError) throw cause;
      throw new TableplanError('usage', `The dump ${file} cannot be read (${cause.code ?? cause.message}).`, {
        hint: 'Give the path of a plain SQL file, such as pg_dump --data-only writes.',
        cause,
      });
    },
  );
  return { file, parts: readDumpScript(decoded(bytes, file), file) };
}

function decoded(bytes: Uint8Array, file: string): string {
  const begins = (text: string): boolean =>
    Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
  if (begins('PGDMP') || begins('toc.dat')) {
    throw refusal(
      file,
      "It is in pg_dump's own format.",
      `Type: pg_restore --data-only --file=seed.sql ${file}`,
    );
  }
  if (begins('\u001f\u008b')) throw refusal(file, 'It is compressed.', 'Unpack it before: gunzip.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(file, 'It is not UTF-8.', 'Make it with pg_dump --encoding=UTF8 --file=…');
  }
}

function refusal(file: string, message: string, hint: string): TableplanError {
  return new TableplanError('dump-invalid', `The dump cannot be loaded. ${message}`, { at: { file }, hint });
}
