import { relative } from 'node:path';
import { type Formatter, FormatterFailed } from './formatter.ts';
import { causeOf, runTool } from './run-tool.ts';
import { toolAbove } from './tool-above.ts';

/** dprint, with the plugins of the project; a file that none of them reads comes back as it is. */
export const dprint: Formatter = {
  name: 'dprint',
  mostLines: 50_000,
  async detect({ path }) {
    const tool = await toolAbove(path, { configName: /^\.?dprint\.jsonc?$/, packageName: 'dprint' });
    if (tool === undefined) return [];
    return [
      async (text) => {
        const answer = await runTool(tool, ['fmt', '--stdin', relative(tool.folder, path)], text);
        if (answer.code !== 0) throw new FormatterFailed(causeOf(answer));
        return answer.stdout;
      },
    ];
  },
};
