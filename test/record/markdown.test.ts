import { describe, expect, it } from 'vitest';
import { codeText, fenceFor, freeText, lineText } from '../../src/record/markdown.ts';

describe('free text in the record', () => {
  it.each([
    ['one\ntwo\r\n\r\n  three', 'one two three'],
    ['## Rollback Plan', '\\## Rollback Plan'],
    ['- [x] Tests pass', '\\- [x] Tests pass'],
    ['+ a', '\\+ a'],
    ['> a', '\\> a'],
    ['1. a', '1\\. a'],
    ['12) a', '12\\) a'],
    ['2024 was good', '2024 was good'],
    ['* [x] a', '\\* [x] a'],
    ['```sql', '\\`\\`\\`sql'],
    ['~~~', '\\~~~'],
    ['--- a', '\\--- a'],
    ['| a |', '\\| a |'],
    ['**Applied**: yes', '\\*\\*Applied\\*\\*: yes'],
    ['__Applied__: old_field', '\\_\\_Applied\\_\\_: old_field'],
    ['<script>alert(1)</script>', '\\<script>alert(1)\\</script>'],
    ['<!-- hidden', '\\<!-- hidden'],
    ['\\<b>', '\\\\\\<b>'],
    ['![seen](http://x)', '!\\[seen]\\(http://x)'],
    ['safe\x1B[2J\u202Eback', 'safe\\x1b[2J\\u202eback'],
    ['price < 5 and a <> b', 'price < 5 and a <> b'],
  ])('%j is %s', (text, expected) => expect(freeText(text)).toBe(expected));
});

it('a composed line keeps its code', () => {
  expect(lineText("`users.nick`: text default 'a\n\n## b' <b>")).toBe(
    "`users.nick`: text default 'a ## b' \\<b>",
  );
});

it('code does not end before its end', () => expect(codeText('a` **b**\n`c')).toBe("a' **b** 'c"));

it('a fence is longer than what it holds', () => {
  expect(fenceFor('SELECT 1')).toBe('```');
  expect(fenceFor("SELECT '\n```\n'", 'a: |\n  `````')).toBe('``````');
});
