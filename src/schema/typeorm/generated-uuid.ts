/** Defaults of a uuid column that TypeORM reads in the database as a generated one, whichever its own would be. */
const GENERATED = /^(?:public\.)?(?:gen_random_uuid|uuid_generate_v\d)\(\)$/i;

/**
 * Whether TypeORM takes a uuid column with this default for a generated one (`PostgresQueryRunner.loadTables`). Written as a
 * plain default it would be found different in every diff.
 */
export function isGeneratedUuid(expression: string | undefined): boolean {
  return expression !== undefined && GENERATED.test(expression.replaceAll(/\s/g, ''));
}
