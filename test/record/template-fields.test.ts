import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { templateNotices } from '../../src/record/template-fields.ts';

const FILE = 'tableplan/record/migration.md.hbs';
const messages = (template: string): string[] =>
  templateNotices(template, FILE).map(({ line, message }) => `${line}: ${message}`);

it('finds nothing in the template that tableplan brings', () => {
  expect(messages(readFileSync('templates/record/migration.md.hbs', 'utf8'))).toEqual([]);
});

it('names fields that records had once, where they stand, and what has taken their place', () => {
  const template = `# {{number}}
{{#if diagram}}
{{{diagram}}}
{{/if}}
{{#each groups}}
- {{title}}
{{/each}}
{{#each tables}}{{name}} {{../numbre}} {{waht}}{{/each}}
{{#each byHand}}{{this}}{{/each}}
{{#with rollback}}{{label}} {{script}}{{/with}}`;
  expect(messages(template)).toEqual([
    '2: diagram is no field of the record, and prints nothing; the diagram is in docs/migrations/schema.md, which tableplan docs writes',
    '3: diagram is no field of the record, and prints nothing; the diagram is in docs/migrations/schema.md, which tableplan docs writes',
    '5: groups is no field of the record, and prints nothing; each table says in `what` what happens to it',
    '8: ../numbre is no field of the record, and prints nothing; did you mean number?',
    '8: waht is no field of the record, and prints nothing; did you mean what?',
    '9: byHand is a text now, not a list: {{#each}} prints nothing of it',
    '10: script is no field of the record, and prints nothing; there are label, explanation, file, sql',
  ]);
});

it('leaves a template that Handlebars cannot read to be refused when it is filled', () => {
  expect(messages('{{#if x}}')).toEqual([]);
});
