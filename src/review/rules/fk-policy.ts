import { wordsOf } from '../../postgres/lexemes.ts';
import { foreignKeysOf } from '../foreign-keys.ts';
import { columnList } from '../not-valid.ts';
import { shortName } from '../print.ts';
import type { Rule } from '../rule.ts';

export const fkPolicy: Rule = {
  name: 'fk-policy',
  id: 'CON-17',
  severity: 'info',
  fixDecidesOtherwise: true,
  reason: 'One DELETE takes rows of other tables with it, in one transaction, however many they are.',
  bad: [
    'CREATE TABLE orders (user_id int REFERENCES users (id) ON DELETE CASCADE);',
    'ALTER TABLE app."Orders" ADD FOREIGN KEY (a) REFERENCES users ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;',
    'ALTER TABLE orders ADD COLUMN a int REFERENCES users ON DELETE CASCADE;',
  ],
  good: [
    'CREATE TABLE orders (user_id int REFERENCES users (id) ON DELETE RESTRICT);',
    'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;',
    'ALTER TABLE orders DROP CONSTRAINT f CASCADE;',
  ],
  *check(script) {
    for (const statement of script.statements) {
      for (const { table, key } of statement.operations.flatMap(foreignKeysOf)) {
        if (key.onDelete !== 'CASCADE') continue;
        yield {
          statement,
          message: `A DELETE from ${shortName(key.references)} deletes every row of ${shortName(table)} that refers to it by ${columnList(key.columns)}.`,
          fix: restricted(statement.text),
        };
      }
    }
  },
};

/** The statement with ON DELETE RESTRICT in the place of every ON DELETE CASCADE; undefined inside a DO block. */
function restricted(text: string): string | undefined {
  const tokens = wordsOf(text);
  const words = tokens.map((token) => token.text.toLowerCase());
  const spots = tokens.filter(
    (_token, at) => words[at] === 'cascade' && words[at - 1] === 'delete' && words[at - 2] === 'on',
  );
  if (spots.length === 0) return undefined;
  const result = spots.reduceRight(
    (changed, { start, end }) => `${changed.slice(0, start)}RESTRICT${changed.slice(end)}`,
    text,
  );
  return `${result};`;
}
