import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIXED_RULES, RULE_NAMES } from '../../src/review/rule-names.ts';
import { rules } from '../../src/review/rules/index.ts';

/** Names as the sources write them where a finding or notice is made; those of the documents are no rule's. */
function namesInSources(): Set<string> {
  const names = new Set<string>();
  const files = ['orm', 'plan', 'schema', 'crud', 'rehearse', 'review'].flatMap((room) =>
    readdirSync(join('src', room), { recursive: true, encoding: 'utf8' }).map((file) =>
      join('src', room, file),
    ),
  );
  for (const file of files.filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/\brule: '([a-z\d-]+)'/g)) names.add(name);
    for (const [, name = ''] of text.matchAll(
      /\b(?:tell|warning|historyFinding)\(\s*(?:resolving,\s*)?'([a-z\d-]+)'/g,
    ))
      names.add(name);
  }
  return names;
}

it('every rule, and every finding and notice beside them, can be set or is fixed', () => {
  const all = new Set([...RULE_NAMES, ...FIXED_RULES]);
  expect(rules.map(({ name }) => name).filter((name) => !RULE_NAMES.has(name))).toEqual([]);
  expect([...namesInSources()].filter((name) => !all.has(name))).toEqual([]);
  expect([...FIXED_RULES].filter((name) => RULE_NAMES.has(name))).toEqual([]);
});

it('docs/reference/rules.md names them all', () => {
  const text = readFileSync('docs/reference/rules.md', 'utf8');
  expect(
    [...RULE_NAMES, ...FIXED_RULES].filter(
      (name) => !text.includes(`\`${name}\``) && !text.includes(`\n### ${name}\n`),
    ),
  ).toEqual([]);
});
