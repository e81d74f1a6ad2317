import { basename, relative } from 'node:path';
import { type Formatter, FormatterFailed } from './formatter.ts';
import { causeOf, runTool } from './run-tool.ts';
import { toolAbove } from './tool-above.ts';

const CONFIG = /^(?:\.oxfmtrc\.jsonc?|oxfmt\.config\.[cm]?[jt]s)$/;
const READS = /\.(?:[cm]?[jt]sx?|json[c5]?|mdx?|ya?ml|css|graphql)$/;

/** oxfmt, which sorts imports too where its config says so. */
export const oxfmt: Formatter = {
  name: 'oxfmt',
  mostLines: 50_000,
  async detect({ path }) {
    if (!READS.test(basename(path))) return [];
    const tool = await toolAbove(path, { configName: CONFIG, packageName: 'oxfmt' });
    if (tool === undefined) return [];
    return [
      async (text) => {
        const answer = await runTool(tool, ['--stdin-filepath', relative(tool.folder, path)], text);
        if (answer.code !== 0) throw new FormatterFailed(causeOf(answer));
        return answer.stdout;
      },
    ];
  },
};
