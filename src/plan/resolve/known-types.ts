/** Types of Postgres itself, and those of extensions that people know by name. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set(
  `smallint integer bigint numeric real "double precision" smallserial serial bigserial money text varchar char "char" name bytea
  boolean date time timetz timestamp timestamptz interval uuid json jsonb jsonpath xml inet cidr macaddr macaddr8 bit "bit varying"
  point line lseg box path polygon circle tsvector tsquery oid regclass regtype pg_lsn int4range int8range numrange tsrange
  tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange citext hstore ltree
  cube vector halfvec sparsevec geometry geography`
    .match(/"[^"]+"|\S+/g)
    ?.map((name) => (name === '"char"' ? name : name.replaceAll('"', ''))),
);
