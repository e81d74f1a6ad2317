import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumerEnv } from '../e2e/consumer-env.ts';

interface Wanted {
  /** Names and exact versions. */
  readonly packages: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Files beside node_modules, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder with these packages in its node_modules: installed once, later runs find it in the cache. Throws where npm fails. */
export function installed(wanted: Wanted): string {
  const key = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 12);
  const folder = join(process.cwd(), 'node_modules/.cache/tableplan-tools', key);
  if (!existsSync(folder)) install(folder, wanted);
  return folder;
}

function install(folder: string, { packages, overrides = {}, files = {} }: Wanted): void {
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  writeFileSync(
    join(temporary, 'package.json'),
    JSON.stringify({ private: true, type: 'module', devDependencies: packages, overrides }),
  );
  for (const [name, text] of Object.entries(files)) writeFileSync(join(temporary, name), text);
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: temporary,
    env: consumerEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // Another run has installed it meanwhile.
    rmSync(temporary, { recursive: true });
  }
}
