/** Whether this is a CI system, which sets `CI` to anything but `false`. */
export function isCi(): boolean {
  const { CI: ci = '' } = process.env;
  return ci !== '' && ci !== 'false';
}

/** Whether a person can be asked: at a terminal on both ends, never in CI, and not where the flags forbid it. */
export function mayAsk(
  { input, json }: { readonly input: boolean; readonly json?: boolean } = { input: true },
) {
  return input && !json && !isCi() && process.stdin.isTTY === true && process.stdout.isTTY === true;
}
