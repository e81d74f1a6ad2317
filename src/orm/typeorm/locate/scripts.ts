import { resolve } from 'node:path';
import type { TransactionMode } from '../../../review/rule.ts';
import { envFiles } from '../../../project/env-files.ts';
import { readPackageJson } from '../../../project/package-json.ts';
import {
  assignments,
  expandAliases,
  flagValue,
  type Part,
  partsOf,
  type Scripts,
  wrapperOf,
} from '../../../project/scripts.ts';

/** One of the project's own scripts that runs TypeORM with a data source, taken apart. */
export interface TypeormScript {
  readonly name: string;
  readonly command: string;
  /** Where it runs: the folder of the package.json, unless the script changes it. */
  readonly folder: string;
  /** `-d`, absolute, as written: it may name a compiled file. */
  readonly dataSource: string;
  /** Variables that the script sets, files that it loads included. */
  readonly env: Readonly<Record<string, string>>;
  /** Modules that it loads first, TypeScript loaders left out; paths absolute. */
  readonly preload: readonly string[];
}

const TYPEORM =
  /(^|\/)(typeorm|typeorm-ts-node-(commonjs|esm)|typeorm\/cli[\w-]*(\.js)?|cli-ts-node-(commonjs|esm)(\.js)?)$/;
/** What tableplan does itself: compiling, and paths of the tsconfig. */
const LOADER =
  /^(ts-node|@swc-node|@swc|tsx|esbuild-register|esbuild-runner|@babel|tsconfig-paths|sucrase|swc-node)(\/|$)/;

/** The scripts of a folder's package.json that name a data source, in its order. */
export async function typeormScripts(folder: string): Promise<TypeormScript[]> {
  const { scripts = {} } = (await readPackageJson(folder)) ?? {};
  const found = Object.entries(scripts).flatMap(([name, command]) =>
    partsOf(command, folder).map((part) => readPart(part, name, command, scripts)),
  );
  return (await Promise.all(found)).filter((script) => script !== undefined);
}

/** The script that applies migrations: TypeORM's own command, else one that is called so. */
export function typeormMigrateScript(
  scripts: Scripts,
): { readonly name: string; readonly transactionMode?: TransactionMode } | undefined {
  const entries = Object.entries(scripts);
  const named = entries.filter(([key]) => /^((db|typeorm)[:-])?(migrate|migrations?:run)$/.test(key));
  const [own, command = ''] = entries.find(([, text]) => /\bmigration:run\b/.test(text)) ?? named[0] ?? [];
  const name = own === undefined ? undefined : wrapperOf(own, named);
  if (name === undefined) return undefined;
  const [, mode] = /\bmigration:run\b[^&|;]*?\s(?:-t|--transaction)[ =](all|each|none)\b/.exec(command) ?? [];
  return { name, ...(mode !== undefined && { transactionMode: mode as TransactionMode }) };
}

async function readPart(
  part: Part,
  name: string,
  command: string,
  scripts: Scripts,
): Promise<TypeormScript | undefined> {
  const words = expandAliases(part.words, scripts);
  const typeorm = words.findIndex((word) => TYPEORM.test(word));
  const dataSource = flagValue(words.slice(typeorm + 1), ['-d', '--dataSource', '--data-source']);
  if (typeorm < 0 || dataSource === undefined) return undefined;
  const before = words.slice(0, typeorm);
  const folder = resolve(part.folder, flagValue(before, ['-C', '--dir', '--cwd', '--prefix']) ?? '.');
  return {
    name,
    command,
    folder,
    dataSource: resolve(folder, dataSource),
    env: { ...(await envFiles(folder, before)), ...part.env, ...assignments(before) },
    preload: preloads(before).map((module) => (module.startsWith('.') ? resolve(folder, module) : module)),
  };
}

function preloads(words: readonly string[]): string[] {
  return words
    .flatMap((word, index) => {
      const [, inline] = /^(?:-r|--require|--import)=(.+)$/.exec(word) ?? [];
      if (inline !== undefined) return [inline];
      const next = words[index + 1];
      return ['-r', '--require', '--import'].includes(word) && next !== undefined ? [next] : [];
    })
    .filter((module) => !LOADER.test(module));
}
