import { describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { readDumpScript } from '../../src/rehearse/dump-script.ts';

const DUMP = String.raw`--
-- PostgreSQL database dump; it isn't data
--

\restrict 4fXk

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
CREATE FUNCTION public.g() RETURNS text LANGUAGE plpgsql AS $body$ begin return 'COPY x FROM stdin;'; end $body$;
CREATE TABLE public.users (
    id bigint NOT NULL,
    note text DEFAULT E'it\'s; fine'
);
CREATE RULE r AS ON INSERT TO public.users DO ALSO (SELECT 1; SELECT 2);

--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.users (id, note) FROM stdin;
1	one; 'quoted
2	\N
3	INSERT INTO nowhere VALUES (1);
\.

COPY "app"."Odd ""name""" (id)
FROM STDIN WITH (FORMAT csv);
1
\.

/* a comment /* in a comment; */ ; */
INSERT INTO public.brands VALUES (1, 'a;b', '$$;'), (2, 'c\', 'd');
insert into "Brands" (id) values (3) ; ;
SELECT pg_catalog.setval('public.users_id_seq', 3, true);
UPDATE public.users SET note = 'x';

ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
\unrestrict 4fXk
`;

function failure(text: string): TableplanError {
  try {
    readDumpScript(text, 'seed.sql');
  } catch (error) {
    if (error instanceof TableplanError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('the parts of a dump', () => {
  const parts = readDumpScript(DUMP, 'seed.sql');
  const lineOf = (words: string) => DUMP.slice(0, DUMP.indexOf(words)).split('\n').length;

  it('are its rows in their order, and nothing of its schema', () => {
    expect(parts.map((part) => [part.kind, 'table' in part ? part.table : ''])).toEqual([
      ['search-path', ''],
      ['copy', 'public.users'],
      ['copy', '"app"."Odd ""name"""'],
      ['insert', 'public.brands'],
      ['insert', '"Brands"'],
      ['sequence', ''],
      ['change', ''],
    ]);
  });

  it('know the lines that they stand on', () => {
    expect(parts.map(({ line }) => line)).toEqual(
      [
        'SELECT pg_catalog.set_config',
        'COPY public.users',
        'COPY "app"',
        'INSERT INTO public.brands',
        'insert into "Brands"',
        'SELECT pg_catalog.setval',
        'UPDATE public',
      ].map(lineOf),
    );
    expect(parts.flatMap((part) => (part.kind === 'copy' ? [part.dataLine] : []))).toEqual([
      lineOf('1\tone'),
      lineOf('FROM STDIN WITH') + 1,
    ]);
  });

  it('have the rows as they are', () => {
    expect(parts.flatMap((part) => (part.kind === 'copy' ? [part.data] : []))).toEqual([
      "1\tone; 'quoted\n2\t\\N\n3\tINSERT INTO nowhere VALUES (1);\n",
      '1\n',
    ]);
    expect(parts[3]?.sql).toBe(
      String.raw`INSERT INTO public.brands VALUES (1, 'a;b', '$$;'), (2, 'c\', 'd')`,
    );
  });

  it('are found with the line ends of Windows, without a last line end, and in an empty table', () => {
    const read = readDumpScript('COPY a FROM stdin;\r\n1\r\n\\.\r\nCOPY b FROM stdin;\n\\.', 'seed.sql');
    expect(read.map((part) => part.kind === 'copy' && part.data)).toEqual(['1\r\n', '']);
  });

  it('are none in an empty file', () => {
    expect(readDumpScript('\n-- nothing\n', 'seed.sql')).toEqual([]);
  });

  it('end where psql is told to quit', () => {
    expect(readDumpScript('\\connect shop\n\\q\nINSERT INTO a VALUES (1);', 'seed.sql')).toEqual([]);
  });
});

describe('a dump is refused, with its line,', () => {
  it.each([
    ['for a command of psql that does something', 'SELECT 1;\n\\copy a from b', 2, '\\copy'],
    ['for one inside a statement', 'SELECT 1;\nSELECT 2\n\\gexec', 3, 'inside a statement'],
    ['for a second database', '\\connect a\n\\connect b\n', 2, 'several databases'],
    ['for rows without an end', '\nCOPY a FROM stdin;\n1\n', 2, 'have no end'],
    ['for a string without an end', "INSERT INTO a VALUES (1);\nINSERT INTO a\nVALUES ('x", 3, 'has no end'],
    ['for another encoding', "SET client_encoding = 'LATIN1';", 1, 'LATIN1'],
    [
      'for strings of the old kind',
      'SET standard_conforming_strings = off;',
      1,
      'standard_conforming_strings',
    ],
  ])('%s', (_, text, line, words) => {
    const error = failure(text);
    expect(error).toMatchObject({ code: 'dump-invalid', exitCode: 2, at: { file: 'seed.sql', line } });
    expect(error.message).toContain(words);
  });
});

it('is read quickly when it is large', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => `${index}\tsome text of row ${index}\n`).join(
    '',
  );
  const inserts = Array.from(
    { length: 50_000 },
    (_, index) => `INSERT INTO b VALUES (${index}, 'it''s');\n`,
  ).join('');
  const started = performance.now();
  expect(readDumpScript(`COPY a FROM stdin;\n${rows}\\.\n${inserts}`, 'seed.sql')).toHaveLength(50_001);
  expect(performance.now() - started).toBeLessThan(3000);
});
