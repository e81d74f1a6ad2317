/** `16`, or `14.2` where the minor version matters; undefined for what is no version. */
export function postgresVersionOf(text: string): number | undefined {
  const version = Number(text);
  return /^\d{1,2}(\.\d{1,2})?$/.test(text) && version >= 9 ? version : undefined;
}

/** `2s`, `500ms`: a lock_timeout as Postgres reads it, and not none. */
export function isLockTimeout(text: string): boolean {
  return /^[1-9]\d{0,8} ?(us|ms|s|min|h)$/.test(text);
}
