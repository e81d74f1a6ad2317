import { jsonText } from '../report/terminal-text.ts';
import type { CommandRecord } from './command.ts';
import { JSON_OPTION } from './options.ts';

export const explain: CommandRecord<{ readonly json?: boolean }> = {
  name: 'explain',
  summary: 'why a rule is there, with SQL that it reports and what to write instead',
  argument: { name: '<rule>', summary: 'its name, as a finding has it' },
  options: [{ ...JSON_OPTION, summary: 'one object on stdout' }],
  examples: ['tableplan explain drop-column'],
  async run([rule = ''], { json }, { print, color }) {
    const [{ explainRule }, { renderExplanation }] = await Promise.all([
      import('../commands/explain.ts'),
      import('../report/explain.ts'),
    ]);
    const explained = await explainRule(rule);
    print(json ? jsonText({ status: 'ok', ...explained }) : renderExplanation(explained, { color }));
    return 0;
  },
};
