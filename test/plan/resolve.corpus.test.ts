import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { drizzleCapabilities } from '../../src/orm/drizzle/capabilities.ts';
import { readSnapshot } from '../../src/orm/drizzle/snapshot.ts';
import { codeFrame } from '../../src/plan/locate.ts';
import { drizzleNaming } from '../../src/plan/naming.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const folder = new URL('../fixtures/unresolvable-plans/', import.meta.url);
const schema = readSnapshot(JSON.parse(readFileSync(new URL('snapshot.json', folder), 'utf8')));
const context = { naming: drizzleNaming(schema), capabilities: drizzleCapabilities, hadName: () => false };

/** The first line of each plan: `# code line:column message fragment`. */
const EXPECTED = /^# (\S+) (\d+):(\d+) (.*)$/m;

describe('plans that only the schema shows to be wrong', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    it(`refuses ${name.replace('.yaml', '').replaceAll('-', ' ')}`, async () => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      const [, code, line, column, fragment] = EXPECTED.exec(text) ?? [];
      const parsed = await parsePlan(text, { file: name });
      const error = await resolvePlan(parsed, schema, context).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(TableplanError);
      const { message, at, code: actual, frame } = error as TableplanError;
      expect(frame).toBe(codeFrame(text, { file: name, line: Number(line), column: Number(column) }));
      expect({ code: actual, at, message: message.slice(0, fragment?.length) }).toEqual({
        code,
        at: { file: name, line: Number(line), column: Number(column) },
        message: fragment,
      });
    });
  }
});
