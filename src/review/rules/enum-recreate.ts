import { rewriteOf } from '../observed.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const enumRecreate: Rule = {
  name: 'enum-recreate',
  id: 'ENM-04',
  severity: 'warning',
  reason: 'Every row of the table is rewritten for the new type while nobody can read it.',
  bad: [
    "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok'); ALTER TABLE users ALTER COLUMN feels TYPE mood USING feels::text::mood; DROP TYPE mood_old;",
    "CREATE TYPE mood_new AS ENUM ('ok'); ALTER TABLE users ALTER COLUMN feels TYPE mood_new USING feels::text::mood_new;",
  ],
  good: [
    "ALTER TYPE mood ADD VALUE 'great' AFTER 'ok';",
    "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood);",
    "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m text); ALTER TABLE t ALTER COLUMN m TYPE mood USING m::mood;",
  ],
  check: eachOperation('alter-type', ({ table, column, type }, statement) => {
    if (!statement.before.last(topic('create-enum', type)) || !isExisting(statement, table)) return undefined;
    return {
      message: `${sqlName(table)} is rewritten to give ${column} the new type ${type.name}.`,
      fix: `-- values can be added without a rewrite:\nALTER TYPE ${sqlName(type)} ADD VALUE '…' AFTER '…';`,
      observed: rewriteOf(statement) === 'seen',
    };
  }),
};
