/**
 * Postgres' own grammar for what a plan holds: types, expressions, constraints (libpg-query, WASM).
 * `await loadSqlParser()` once; all else is synchronous and throws SqlFragmentError.
 */
export { loadSqlParser, SqlFragmentError } from './parser.ts';
export { type PgType, parseType, sameType } from './type.ts';
export { classifyExpression, columnsOf, sameExpression, type SqlExpression } from './expression.ts';
export { type EnumInSql, usesLabel } from './enum-labels.ts';
export { quoteIdentifier, quoteLiteral } from './quote.ts';
export { parseConstraints, parseReference, type SqlConstraint } from './constraint.ts';
