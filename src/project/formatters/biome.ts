import { basename, relative } from 'node:path';
import { type Format, type Formatter, FormatterFailed } from './formatter.ts';
import { causeOf, runTool } from './run-tool.ts';
import { toolAbove } from './tool-above.ts';

const READS = /\.(?:[cm]?[jt]sx?|jsonc?|css|graphql)$/;

/** Biome: layout and sorted imports, as `biome check` wants them, or layout alone. Lint rules are left out. */
export const biome: Formatter = {
  name: 'biome',
  mostLines: 50_000,
  async detect({ path }) {
    if (!READS.test(basename(path))) return [];
    const tool = await toolAbove(path, { configName: /^\.?biome\.jsonc?$/, packageName: '@biomejs/biome' });
    if (tool === undefined) return [];
    const name = `--stdin-file-path=${relative(tool.folder, path)}`;
    const format =
      (args: readonly string[]): Format =>
      async (text) => {
        const answer = await runTool(tool, [...args, name], text);
        const isOff = answer.stdout === text && answer.stderr.includes('formatter is currently disabled');
        if (answer.code !== 0 && !isOff) throw new FormatterFailed(causeOf(answer));
        return answer.stdout;
      };
    return [format(['check', '--write', '--linter-enabled=false']), format(['format'])];
  },
};
