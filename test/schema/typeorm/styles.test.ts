import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree, writeTree } from '../drizzle/style-fixture.ts';
import { runStyle, styleNames, STYLES } from './style-fixture.ts';

/**
 * One folder a style: `before/` and `plan.yaml` in, `after/` out, byte for byte. UPDATE_STYLES=1 writes `after/`
 * anew: read it before it is committed.
 */
const isUpdating = process.env['UPDATE_STYLES'] === '1';

describe.each(styleNames())('%s', (name) => {
  const expected = join(STYLES, name, 'after');

  it('is edited as a person of that house would', async () => {
    const { tree } = await runStyle(name);
    if (isUpdating) writeTree(expected, tree);
    expect(tree).toEqual(readTree(expected));
  });

  it('leaves TypeORM with the schema that the plan asks for', async () => {
    const { again } = await runStyle(name);
    const { changes } = await again(readTree(expected));
    expect(changes).toEqual([]);
  });
});

it('every before and after is TypeScript without errors', () => {
  const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');
  const run = () =>
    execFileSync(tsc, ['-p', join(STYLES, 'tsconfig.json')], { encoding: 'utf8', stdio: 'pipe' });
  expect(run).not.toThrow();
});
