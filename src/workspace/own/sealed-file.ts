import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { machineSecret } from './machine-secret.ts';

export interface Sealing {
  /** What the file is: a seal holds for this alone (`undo 0007_add_brand`), wherever the file is moved to. */
  readonly label: string;
  /** A folder of the project: what seals must not lie in it. */
  readonly beside: string;
}

/** `foreign`: something lies there that this machine and user did not write, or somebody has changed since. */
export type Unsealed = Buffer | 'foreign' | undefined;

const LARGEST = 1024 * 1024 * 1024;

/** The content of a file that `writeSealed` wrote for this user of this machine; undefined where there is no file. */
export async function readSealed(path: string, { label, beside }: Sealing): Promise<Unsealed> {
  // Without waiting: opening a pipe would for ever.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? undefined : 'foreign',
  );
  if (typeof file !== 'object') return file as 'foreign' | undefined;
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size > LARGEST) return 'foreign';
    const secret = await machineSecret(beside, { create: false });
    if (secret === undefined) return 'foreign';
    const bytes = await file.readFile();
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    return end !== -1 && isSeal(bytes.subarray(0, end), seal(secret, `${label}\0${info.uid}`, body))
      ? body
      : 'foreign';
  } finally {
    await file.close();
  }
}

/**
 * Writes a file so that `readSealed` knows it again: beside and renamed, so that it is seen whole or not at all, and no link
 * is followed. False where there is no secret to seal it with; throws what the file system says.
 */
export async function writeSealed(
  path: string,
  body: Uint8Array,
  { label, beside, durable = false }: Sealing & { readonly durable?: boolean },
): Promise<boolean> {
  const secret = await machineSecret(beside, { create: true });
  if (secret === undefined) return false;
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      // Whose it is, as the file system says it: some give all files to somebody else.
      const { uid } = await file.stat();
      await file.writeFile(`${seal(secret, `${label}\0${uid}`, body)}\n`);
      await file.writeFile(body);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return true;
}

/** How the names of files end that are being written. */
export const TEMPORARY = '.tmp';

/** A key of its own for what another process seals: it holds for that folder, and says nothing about the secret. */
export async function derivedKey(
  folder: string,
  { beside, create }: { readonly beside: string; readonly create: boolean },
): Promise<string | undefined> {
  const secret = await machineSecret(beside, { create });
  return secret && seal(secret, `key\0${folder}`, Buffer.alloc(0));
}

function seal(secret: Buffer, label: string, body: Uint8Array): string {
  return createHmac('sha256', secret)
    .update(`${Buffer.byteLength(label)}\0${label}`)
    .update(body)
    .digest('base64url');
}

function isSeal(given: Uint8Array, expected: string): boolean {
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
