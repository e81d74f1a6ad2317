import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser, usesLabel } from '../../src/postgres/sql.ts';

/** `status` has the column type `status_type`; `tags` is an array of it, `note` a text. */
const type = {
  hasColumn: (name: string) => name === 'status' || name === 'tags',
  isType: ({ name }: { name: string }) => name === 'status_type',
};

const CHECKS: readonly [string, boolean][] = [
  ["status <> 'new'", true],
  ["'new' = status", true],
  ["o.status = 'new'", true],
  ["status IN ('old', 'new')", true],
  ["status = ANY ('{old,new}')", true],
  ["status = ANY (ARRAY['old', 'new']::status_type[])", true],
  ["status BETWEEN 'old' AND 'new'", true],
  ["status IS DISTINCT FROM 'new'", true],
  ["nullif(status, 'new') IS NOT NULL", true],
  ["coalesce(status, 'new') IS NOT NULL", true],
  ["greatest(status, 'new') IS NOT NULL", true],
  ["CASE status WHEN 'new' THEN true ELSE false END", true],
  ["(CASE WHEN note = 'x' THEN status ELSE 'new' END) IS NOT NULL", true],
  ["tags @> '{new}'", true],
  ["array_position(ARRAY['new']::status_type[], status) IS NULL", true],
  ["'new'::status_type IS NOT NULL", true],
  ["note IS NULL OR (note = 'x' AND NOT (status = 'new'))", true],
  ["status::text <> 'new'", false],
  ["note = 'new' AND status = 'old'", false],
  ["(CASE WHEN status = 'old' THEN 'new' ELSE 'y' END) = 'new'", false],
  ["status = 'old'", false],
  ["length('new') > 0", false],
];

beforeAll(() => loadSqlParser());

describe('a label in an expression', () => {
  const database = new PGlite();
  afterAll(() => database.close());

  it.each(CHECKS)('%s: %s, as Postgres has it', async (check, expected) => {
    await database.exec(`
      DROP TABLE IF EXISTS o; DROP TYPE IF EXISTS status_type;
      CREATE TYPE status_type AS ENUM ('old');
      CREATE TABLE o (status status_type, tags status_type[], note text);`);
    const code = await database
      .exec(`BEGIN; ALTER TYPE status_type ADD VALUE 'new'; ALTER TABLE o ADD CHECK (${check});`)
      .then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
    await database.exec('ROLLBACK');
    expect(code).toBe(expected ? '55P04' : undefined);
    expect(usesLabel(check, 'new', type)).toBe(expected);
  });

  it('the whole of a default', () => {
    const isDefault = (sql: string) => usesLabel(sql, 'new', type, { is: 'enum' });
    expect(
      ["'new'", "'{old,new}'", "ARRAY['new']", '\'{"new"}\'', "coalesce(NULL, 'new')"].map(isDefault),
    ).toEqual(Array(5).fill(true));
    expect(["'old'", "'{old}'", 'NULL', "lower('new')"].map(isDefault)).toEqual(Array(4).fill(false));
  });

  it('is none in what cannot be read', () => expect(usesLabel("'new", 'new', type)).toBe(false));
});
