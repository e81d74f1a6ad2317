import { notValidFix } from '../not-valid.ts';
import { scanOf } from '../observed.ts';
import { shortName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const fkValidating: Rule = {
  name: 'fk-validating',
  id: 'CON-01',
  severity: 'warning',
  reason:
    'A foreign key that is checked as it is added blocks writes to both tables until every row is compared.',
  bad: [
    'ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id);',
    'ALTER TABLE app."Orders" ADD FOREIGN KEY ("userId") REFERENCES app."Users";',
    'ALTER TABLE orders ADD COLUMN note text, ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;',
    'ALTER TABLE orders ADD COLUMN user_id int; ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;',
    'CREATE TABLE copy AS SELECT * FROM orders; ALTER TABLE copy ADD FOREIGN KEY (user_id) REFERENCES users (id);',
  ],
  good: [
    'ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
    'ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT ENFORCED;',
    'CREATE TABLE orders (user_id int); ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);',
    'ALTER TABLE orders VALIDATE CONSTRAINT orders_user_fk;',
  ],
  check: eachOperation('add-constraint', (operation, statement, script) => {
    const { table, constraint } = operation;
    if (constraint.type !== 'foreign-key' || constraint.notValid || constraint.notEnforced) return undefined;
    const scan = scanOf(statement);
    if (!isExisting(statement, table) || scan === 'none') return undefined;
    const parent = shortName(constraint.references);
    return {
      message: `Blocks writes to ${shortName(table)} and to ${parent} while every row of ${shortName(table)} is looked up in ${parent}.`,
      fix: notValidFix(statement, script, operation),
      observed: scan === 'seen',
    };
  }),
};
