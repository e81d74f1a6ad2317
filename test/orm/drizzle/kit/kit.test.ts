import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { startKit } from '../../../../src/orm/drizzle/kit/kit.ts';
import { reviewProject } from '../../../commands/review-project.ts';

it('a config that writes among the answers of its process changes nothing of them', async () => {
  const root = reviewProject(
    {},
    {
      'drizzle.config.ts': `import { writeSync } from 'node:fs';
writeSync(4, 'no JSON\\nnull\\n5\\n');
export default { dialect: 'postgresql', schema: './src/schema.ts' };
`,
    },
  );
  const kit = startKit({
    cwd: root,
    binPath: resolve('node_modules/drizzle-kit/bin.cjs'),
    configPath: `${root}/drizzle.config.ts`,
    overrides: {},
    env: {},
  });
  expect(await kit.config).toMatchObject({ schema: './src/schema.ts' });
  kit.stop();
});
