import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A Chromium of this machine; undefined where there is none. */
export const chromium = [
  process.env.CHROME_PATH,
  ...inPath('chromium', 'chromium-browser', 'google-chrome'),
].find((path): path is string => path !== undefined && isExecutable(path));

function inPath(...names: readonly string[]): string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** What a browser makes of a page. */
export interface Seen<Value> {
  /** Addresses that were asked for, the page's own aside. */
  readonly requests: readonly string[];
  /** What was written to the console, errors of the policy too. */
  readonly complaints: readonly string[];
  readonly value: Value;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly request?: { readonly url: string };
    readonly entry?: { readonly text: string };
  };
  readonly result?: {
    readonly targetId: string;
    readonly sessionId: string;
    readonly result: { readonly value: unknown };
  };
  readonly error?: { readonly message: string };
}

/** Opens a page at `url` in a headless Chromium, and evaluates an expression in it. */
export async function look<Value>(
  url: string,
  { width, scheme }: Look,
  expression: string,
): Promise<Seen<Value>> {
  const profile = mkdtempSync(join(tmpdir(), 'tableplan chromium-'));
  const browser = spawn(
    chromium!,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const requests: string[] = [];
  const complaints: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  const events = new Map<string, () => void>();
  let buffered = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const parts = (buffered + text).split('\0');
    buffered = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      if (message.method === 'Network.requestWillBeSent') requests.push(message.params?.request?.url ?? '');
      if (message.method === 'Log.entryAdded') complaints.push(message.params?.entry?.text ?? '');
      if (message.method !== undefined) events.get(message.method)?.();
    }
  });
  let last = 0;
  let sessionId: string | undefined;
  const send = async (method: string, params: object = {}): Promise<NonNullable<Message['result']>> => {
    const id = (last += 1);
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (result === undefined) throw new Error(`${method}: ${error?.message}`);
    return result;
  };
  try {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
    ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
    await Promise.all(['Network', 'Page', 'Log', 'Runtime'].map((domain) => send(`${domain}.enable`)));
    await send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 800,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    const loaded = new Promise<void>((resolve) => events.set('Page.loadEventFired', resolve));
    await send('Page.navigate', { url });
    await loaded;
    const { result } = await send('Runtime.evaluate', { expression, returnByValue: true });
    return { requests: requests.filter((each) => each !== url), complaints, value: result.value as Value };
  } finally {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill('SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
