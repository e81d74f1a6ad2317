import { byteLength } from '../../postgres/parser.ts';
import { longNames, shortened } from '../long-names.ts';
import type { Rule } from '../rule.ts';

export const namesAndScope: Rule = {
  name: 'names-and-scope',
  id: 'TX-10',
  severity: 'info',
  reason: 'Postgres cuts names at 63 bytes without an error: two long ones may become the same.',
  bad: [
    'CREATE TABLE a_name_that_is_longer_than_the_sixty_three_bytes_that_postgres_keeps_of_it (a int primary key);',
    'ALTER TABLE t ADD COLUMN "Ein Name, der länger ist als die dreiundsechzig Bytes, die man hat" int;',
    'ALTER TABLE orders ADD CONSTRAINT order_line_items_product_variant_id_product_variants_id_foreign_key FOREIGN KEY (a) REFERENCES b;',
  ],
  good: [
    'CREATE TABLE t (a int primary key);',
    'CREATE TABLE exactly_sixty_three_bytes_long_is_what_this_name_is_not_one_mor (a int);',
    "INSERT INTO t VALUES ('a text that is longer than sixty-three bytes is no name, and may be as long as it likes');",
  ],
  *check({ statements }) {
    for (const statement of statements) {
      const long = longNames(statement.text)[0];
      if (long === undefined) continue;
      yield {
        statement,
        message: `The name ${long} has ${byteLength(long)} bytes; Postgres keeps 63.`,
        fix: `${shortened(statement.text)};`,
      };
    }
  },
};
