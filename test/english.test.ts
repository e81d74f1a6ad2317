import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { expect, it } from 'vitest';

/** Words and sentences that a person who reads English every day stumbles over; each has a plainer one in the glossary. */
const STUMBLED_OVER = [
  'written anew',
  'in arrears',
  'way up',
  'way down',
  'its own affair',
  'meant so',
  'what it comes to',
  'does not come to',
  'the files are written',
  'leave it as it is',
  'What is to change',
  'what is to be done',
  'May it be NULL',
  'Which columns has',
  'Which type has',
  'makes a Hono',
  'are taken back',
  'stands here twice',
  'unless said',
  'how to tell',
  'shows what there is',
  'that there will be',
  'without being said',
  'is of no form',
  'made otherwise',
  'Mend it',
  'kept by content',
  'overflows one day',
  'forgets where',
  'more or less than before',
];

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));
}

/** The texts in a source: what a person can get to read, without the comments. */
function textsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const READ = [
  ...filesIn('src', /\.[cm]?[jt]s$/).map((path) => [path, textsOf(path).join('\n')] as const),
  ...[...filesIn('templates', /\.hbs$/), ...filesIn('docs', /\.md$/), 'README.md', 'AGENTS.md'].map(
    (path) => [path, readFileSync(path, 'utf8')] as const,
  ),
];

it.each(STUMBLED_OVER)('nobody reads “%s” in a message, a document or a template', (words) => {
  expect(READ.filter(([, text]) => text.includes(words)).map(([path]) => path)).toEqual([]);
});

it('reads the sources, the templates and the documents', () => {
  expect(READ.length).toBeGreaterThan(300);
  expect(READ.map(([, text]) => text).join('\n')).toContain(
    'If this is intentional, add a reason to the plan',
  );
});
