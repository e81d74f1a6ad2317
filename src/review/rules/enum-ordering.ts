import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';

export const enumOrdering: Rule = {
  name: 'enum-ordering',
  id: 'ENM-02',
  severity: 'info',
  reason:
    'Without a place the value comes last: the order of values, and what sorts by it, changes unnoticed.',
  bad: ["ALTER TYPE mood ADD VALUE 'meh';"],
  good: ["ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok';", "ALTER TYPE mood ADD VALUE 'meh' AFTER 'sad';"],
  check: eachOperation('add-enum-value', ({ type, value, isPlaced }, statement) => {
    if (isPlaced) return undefined;
    return {
      message: `'${value}' comes after all other values of ${sqlName(type)}.`,
      fix: `${statement.text} AFTER '…';`,
    };
  }),
};
