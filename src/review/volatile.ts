import type { Node } from 'libpg-query';
import { strings } from '../postgres/nodes.ts';

/**
 * Built-in functions (and those of pgcrypto and uuid-ossp) that are IMMUTABLE or STABLE and that people write into
 * defaults. Every other name is taken as VOLATILE, which is what CREATE FUNCTION makes of a function unless told.
 */
const STEADY = new Set(
  `timezone date_trunc date_part date_bin extract age to_char to_date
  to_timestamp to_number make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours
  justify_interval overlaps isfinite lower upper initcap concat concat_ws format replace translate trim btrim ltrim rtrim
  lpad rpad left right repeat reverse length char_length character_length octet_length position strpos substr substring
  split_part overlay md5 sha224 sha256 sha384 sha512 digest hmac encode decode convert_to convert_from hashtext chr ascii
  regexp_replace regexp_match regexp_substr quote_ident quote_literal quote_nullable abs ceil ceiling floor round trunc
  sign mod div power sqrt exp ln log greatest least coalesce nullif num_nulls num_nonnulls width_bucket
  json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object to_json to_jsonb
  row_to_json array_to_json jsonb_set jsonb_insert jsonb_strip_nulls jsonb_typeof jsonb_extract_path
  jsonb_extract_path_text json_extract_path json_extract_path_text jsonb_array_length json_array_length
  array_append array_prepend array_cat array_fill array_length array_remove array_position cardinality
  string_to_array array_to_string unnest to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery
  setweight strip current_setting current_schemas host network masklen set_masklen
  uuid_generate_v3 uuid_generate_v5
  point box circle line lseg path polygon int4range int8range numrange tsrange tstzrange daterange
  int2 int4 int8 float4 float8 numeric text varchar bpchar bool date time timetz timestamp timestamptz interval uuid
  xmlelement xmlparse st_makepoint st_setsrid st_point st_geomfromtext st_geogfromtext`.split(/\s+/),
);

/** The same, for functions that take nothing. `uuid('…')` is a cast, and `uuid()` is somebody's own function. */
const STEADY_ALONE = new Set(
  `now transaction_timestamp statement_timestamp current_database current_schema version pg_backend_pid inet_client_addr
  inet_client_port inet_server_addr txid_current pg_current_xact_id uuid_nil uuid_ns_dns uuid_ns_url json_build_object
  json_build_array jsonb_build_object jsonb_build_array make_interval pi`.split(/\s+/),
);

/** Where Postgres and its extensions keep theirs: `app.now()` is somebody's own. */
const PUBLIC_SCHEMAS = new Set([undefined, 'pg_catalog', 'public', 'extensions']);

/** The first function of an expression that is not known to give every row the same value; undefined where there is none. */
export function volatileCall(expression: Node | undefined): string | undefined {
  return firstCall(expression);
}

function firstCall(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && 'FuncCall' in value) {
    const { funcname, args } = (value as Extract<Node, { FuncCall: unknown }>).FuncCall;
    const [name = '', schema] = strings(funcname).toReversed();
    const steady = (args ?? []).length === 0 ? STEADY_ALONE : STEADY;
    if (!steady.has(name) || !PUBLIC_SCHEMAS.has(schema)) return name;
    return firstCall(args);
  }
  for (const part of Object.values(value)) {
    const found = firstCall(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
