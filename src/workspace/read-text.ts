import { readRegularText } from '../read-regular-file.ts';

/** The text of a file; null where there is none. */
export function readIfThere(path: string): Promise<string | null> {
  return readRegularText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}
