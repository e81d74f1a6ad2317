import { relative } from 'node:path';
import { readTextIfThere } from '../../read-regular-file.ts';
import { readPackageJson } from '../package-json.ts';
import { type Format, type Formatter, FormatterFailed } from './formatter.ts';
import { causeOf, runTool, shownCause } from './run-tool.ts';
import { type ToolAbove, toolAbove } from './tool-above.ts';

const CONFIG = /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:[cm]?js|json|ya?ml))?)$/;
const READS = /\.[cm]?[jt]sx?$/;

/** Packages and rules that lay code out or sort its imports; without them ESLint only judges. */
const LAYS_OUT =
  /stylistic|@antfu\/|neostandard|eslint-config-standard|airbnb|sort-imports?\b|perfectionist|import(?:-x)?\/order|eslint-plugin-prettier|prettier\/prettier|['"](?:indent|quotes|semi)['"]/;

/** ESLint's own fixes in a project whose rules lay code out: all of them, or those of layout alone. */
export const eslint: Formatter = {
  name: 'eslint',
  mostLines: 2000,
  async detect({ path, like }) {
    if (!READS.test(path)) return [];
    const tool = await toolAbove(path, { configName: CONFIG, packageName: 'eslint' });
    if (tool === undefined || !(await laysOut(tool))) return [];
    const format =
      (args: readonly string[]): Format =>
      async (text) => {
        try {
          return await fixed(tool, args, { path, text });
        } catch (error) {
          // Rules that ask for types refuse a file that no tsconfig has yet.
          if (like === undefined) throw error;
          return fixed(tool, args, { path: like, text });
        }
      };
    return [format([]), format(['--fix-type', 'layout'])];
  },
};

async function laysOut({ config, folder }: ToolAbove): Promise<boolean> {
  const json = await readPackageJson(folder).catch(() => undefined);
  const packages = Object.keys({ ...json?.dependencies, ...json?.devDependencies }).join('\n');
  return LAYS_OUT.test(packages) || LAYS_OUT.test((await readTextIfThere(config)) ?? '');
}

interface LintResult {
  readonly output?: string;
  readonly fatalErrorCount?: number;
  readonly messages: readonly { readonly fatal?: boolean; readonly message: string }[];
}

async function fixed(
  tool: ToolAbove,
  args: readonly string[],
  { path, text }: { readonly path: string; readonly text: string },
): Promise<string> {
  const name = relative(tool.folder, path);
  const all = ['--stdin', '--stdin-filename', name, '--fix-dry-run', '--format', 'json', ...args];
  const answer = await runTool(tool, all, text);
  const result = resultOf(answer.stdout);
  if (result === undefined) throw new FormatterFailed(causeOf(answer));
  const fatal = result.messages.find((message) => message.fatal);
  if (fatal !== undefined) throw new FormatterFailed(failed(fatal.message));
  return result.output ?? text;
}

/** Where the parser stops in the file; the rest of ESLint's words may quote its config. */
function failed(message: string): string {
  return (
    /^Parsing error: [\w ]+/.exec(message)?.[0] ?? shownCause(message) ?? 'run it on that file to see why'
  );
}

/** Code 1 says that rules are broken: the result counts. A config that fails gives none. */
function resultOf(stdout: string): LintResult | undefined {
  try {
    const [result] = JSON.parse(stdout) as LintResult[];
    return result;
  } catch {
    return undefined;
  }
}
