/** What an extension brings that migrations name. */
interface Brings {
  readonly types?: readonly string[];
  readonly functions?: readonly string[];
  /** Operator classes and access methods. */
  readonly index?: readonly string[];
  /** Extensions that it needs itself. */
  readonly needs?: readonly string[];
}

/** `EXCLUDE USING gist (room WITH =)`, as an operator class is called here. */
export const EQUAL_IN_GIST = 'gist =';

/** Extensions that setups make outside the migrations (a Docker image, the provider, the ORM), by what they bring. */
const KNOWN: Readonly<Record<string, Brings>> = {
  vector: {
    types: ['vector', 'halfvec', 'sparsevec'],
    functions: ['cosine_distance', 'l2_distance', 'inner_product', 'l2_normalize'],
    index: [
      'hnsw',
      'ivfflat',
      'vector_l2_ops',
      'vector_ip_ops',
      'vector_cosine_ops',
      'vector_l1_ops',
      'halfvec_l2_ops',
      'halfvec_ip_ops',
      'halfvec_cosine_ops',
    ],
  },
  citext: { types: ['citext'] },
  hstore: {
    types: ['hstore'],
    functions: ['hstore', 'akeys', 'avals'],
    index: ['gin_hstore_ops', 'gist_hstore_ops'],
  },
  ltree: {
    types: ['ltree', 'lquery', 'ltxtquery'],
    functions: ['subpath', 'nlevel', 'text2ltree', 'subltree'],
    index: ['gist_ltree_ops'],
  },
  postgis: {
    types: ['geometry', 'geography', 'box2d', 'box3d'],
    functions: [
      'st_point',
      'st_makepoint',
      'st_setsrid',
      'st_geomfromtext',
      'st_distance',
      'st_dwithin',
      'st_within',
      'st_contains',
      'st_intersects',
      'st_transform',
      'st_area',
      'st_buffer',
      'st_astext',
      'st_asgeojson',
    ],
  },
  cube: { types: ['cube'], functions: ['cube_distance'] },
  earthdistance: {
    types: ['earth'],
    functions: ['ll_to_earth', 'earth_distance', 'earth_box'],
    needs: ['cube'],
  },
  isn: { types: ['isbn', 'isbn13', 'issn', 'issn13', 'ean13', 'upc', 'ismn'] },
  seg: { types: ['seg'] },
  intarray: { types: ['query_int'], index: ['gin__int_ops', 'gist__int_ops'] },
  'uuid-ossp': {
    functions: [
      'uuid_generate_v1',
      'uuid_generate_v1mc',
      'uuid_generate_v3',
      'uuid_generate_v4',
      'uuid_generate_v5',
    ],
  },
  pgcrypto: {
    functions: [
      'crypt',
      'gen_salt',
      'digest',
      'hmac',
      'gen_random_bytes',
      'pgp_sym_encrypt',
      'pgp_sym_decrypt',
      'pgp_pub_encrypt',
    ],
  },
  pg_trgm: {
    functions: ['similarity', 'word_similarity', 'strict_word_similarity', 'show_trgm'],
    index: ['gin_trgm_ops', 'gist_trgm_ops'],
  },
  btree_gist: { index: [EQUAL_IN_GIST] },
  unaccent: { functions: ['unaccent'] },
  fuzzystrmatch: { functions: ['levenshtein', 'soundex', 'metaphone', 'dmetaphone', 'difference'] },
  tablefunc: { functions: ['crosstab', 'connectby'] },
  bloom: { index: ['bloom'] },
};

/** What kind of thing a name stands for. */
export type BroughtKind = 'type' | 'function' | 'index';

/** The extension that brings a type, a function, or an operator class or access method; undefined where none is known. */
export function extensionOf(kind: BroughtKind, name: string): string | undefined {
  return BY_NAME[kind].get(name);
}

/** The extension, after those that it needs. */
export function withNeeded(extension: string): string[] {
  return [...(KNOWN[extension]?.needs ?? []), extension];
}

const BY_NAME: Readonly<Record<BroughtKind, ReadonlyMap<string, string>>> = {
  type: names(({ types }) => types),
  function: names(({ functions }) => functions),
  index: names(({ index }) => index),
};

function names(of: (brings: Brings) => readonly string[] | undefined): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(KNOWN).flatMap(([extension, brings]) =>
      (of(brings) ?? []).map((name) => [name, extension]),
    ),
  );
}

/** Whether any name that an extension brings stands in a text: what has none need not be parsed. */
export function mentionsExtension(text: string): boolean {
  return MENTIONS.test(text);
}

const MENTIONS = new RegExp(
  `\\b(?:exclude|${Object.values(BY_NAME)
    .flatMap((each) => [...each.keys()])
    .join('|')})\\b`,
  'i',
);

/** Extensions of which a text of any language has a name: they are loaded in case, which costs next to nothing. */
export function mentionedExtensions(text: string): string[] {
  const words = new Set(text.toLowerCase().match(/[a-z_]\w+/g) ?? []);
  const found = Object.values(BY_NAME).flatMap((each) =>
    [...each].flatMap(([name, extension]) => (words.has(name) ? withNeeded(extension) : [])),
  );
  return [...new Set(found)];
}

/**
 * The extension for want of which Postgres refuses a statement, by its words: `type "vector" does not exist`,
 * `function uuid_generate_v4() does not exist`.
 */
export function missingExtension(message: string): string | undefined {
  const [, kind = '', name = ''] =
    /\b(type|function|operator class|access method) "?(?:\w+\.)?"?(\w+)"?.*does not exist/i.exec(message) ??
    [];
  if (name === '') return undefined;
  const what = kind === 'type' || kind === 'function' ? kind : 'index';
  return extensionOf(what, name.toLowerCase());
}
