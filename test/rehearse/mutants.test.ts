import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diffCatalogs, readCatalog, type Catalog } from '../../src/postgres/catalog.ts';
import { type PgliteEngine, startPglite } from '../../src/postgres/engines/pglite.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { realDifferences } from '../../src/rehearse/drift.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { compareRows, snapshotRows, type TableRows } from '../../src/rehearse/row-snapshot.ts';
import { compareSequences, readSequences } from '../../src/rehearse/sequence-values.ts';
import { BASE, type Mutant, OF_ROWS, OF_SEQUENCES, OF_THE_SCHEMA } from './mutants.ts';

let engine: PgliteEngine;
/** Of the database as it is before any mutant. */
let image: Uint8Array;
let catalog: Catalog;
let rows: readonly TableRows[];
beforeAll(async () => {
  await loadSqlParser();
  engine = await startPglite({ extensions: ['citext'] });
  await engine.exec(BASE);
  image = await engine.snapshot();
  catalog = await readCatalog(engine);
  rows = await snapshotRows(engine);
});
afterAll(() => engine.close());

/** What is seen after the mutant has run; nothing of it stays. */
async function seeing<Seen>({ sql }: Mutant, look: () => Promise<Seen>): Promise<Seen> {
  await engine.exec('begin');
  try {
    await engine.exec(sql);
    return await look();
  } finally {
    await engine.exec('rollback');
  }
}

const named = (mutants: readonly Mutant[]): [string, Mutant][] => mutants.map((each) => [each.what, each]);

describe('a catalog is another one with', () => {
  it.each(named(OF_THE_SCHEMA))('%s', async (_, mutant) => {
    const now = await seeing(mutant, () => readCatalog(engine));
    expect(realDifferences(diffCatalogs(catalog, now))).not.toEqual([]);
  });

  it('nothing where nothing was done, or all of it was undone', async () => {
    const undone = `grant all on serials to reader; revoke all on serials from reader;
      alter table serials alter note set not null; alter table serials alter note drop not null;
      alter table serials set (fillfactor = 50); alter table serials reset (fillfactor);
      alter table serials owner to writer; alter table serials owner to session_user;
      comment on table serials is 'x'; comment on table serials is null;
      alter table items disable trigger all; alter table items enable trigger all;
      grant select (note) on serials to reader; revoke select (note) on serials from reader;
      alter table serials alter note set statistics 5; alter table serials alter note set statistics -1;
      alter function tax(numeric) owner to writer; alter function tax(numeric) owner to session_user;`;
    const now = await seeing({ what: 'undone', sql: undone }, () => readCatalog(engine));
    expect(diffCatalogs(catalog, now)).toEqual([]);
  });
});

describe('rows are others with', () => {
  it.each(named(OF_ROWS))('%s', async (_, mutant) => {
    const now = await seeing(mutant, () => snapshotRows(engine));
    expect(compareRows(rows, now, 'name')).not.toEqual([]);
    expect(compareRows(rows, now, 'identity')).not.toEqual([]);
  });

  it('nothing where values only take another form on the way to another type', async () => {
    const sql = `alter table items alter column rate type numeric(8, 4), alter column due_at type timestamptz using due_at at time zone 'UTC';
      alter table serials alter column id type bigint;`;
    const now = await seeing({ what: 'types', sql }, () => snapshotRows(engine));
    expect(compareRows(rows, now, 'identity')).toEqual([]);
  });
});

describe('sequences go on otherwise with', () => {
  it.each(named(OF_SEQUENCES))('%s', async (_, mutant) => {
    const before = await readSequences(engine);
    const now = await seeing(mutant, () => readSequences(engine));
    expect(compareSequences(before, now, [mutant.sql])).toHaveLength(1);
  });

  it('nothing where rows came and went', async () => {
    const before = await readSequences(engine);
    const sql = "insert into serials (note) values ('x'); delete from serials where note = 'x'";
    const now = await seeing({ what: 'rows', sql }, () => readSequences(engine));
    expect(now).not.toEqual(before);
    expect(compareSequences(before, now, [sql])).toEqual([]);
  });
});

describe('a rehearsal', () => {
  /** What one leaves behind would hide what the next one does. */
  let fresh: PgliteEngine;
  beforeEach(async () => {
    fresh = await startPglite({ extensions: ['citext'], snapshot: image });
  });
  afterEach(() => fresh.close());

  const RIGHT = { up: 'create table marker (id int)', down: 'drop table marker' };
  const find = (what: string): Mutant =>
    [...OF_THE_SCHEMA, ...OF_ROWS, ...OF_SEQUENCES].find((mutant) => mutant.what === what)!;

  it.each([
    ['another comment', 'irreversible'],
    ['a revoked privilege', 'irreversible'],
    ['a foreign key whose triggers are off', 'irreversible'],
    ['a text that looks like a boolean', 'schema-only'],
    ['a number as a text, without its zero', 'schema-only'],
    ['an identity that starts again', 'schema-only'],
  ])('does not call a way back exact that leaves %s', async (what, label) => {
    const down = `${RIGHT.down}; ${find(what).sql}`;
    const { rollback, lost } = await rehearse({ engine: fresh, transaction: 'all', up: RIGHT.up, down });
    expect(rollback).toBe(label);
    expect(lost).not.toEqual([]);
  });

  /** One of four of each kind: what the comparison sees is seen by every rehearsal. */
  const some = [OF_THE_SCHEMA, OF_ROWS, OF_SEQUENCES].flatMap((kind) => kind.filter((_, at) => at % 4 === 0));

  it.each(named(some))('calls no rollback exact that leaves %s', async (_, { sql }) => {
    const down = `${RIGHT.down}; ${sql}`;
    const { rollback } = await rehearse({ engine: fresh, transaction: 'all', up: RIGHT.up, down });
    expect(['schema-only', 'irreversible']).toContain(rollback);
  });

  it.each(['another storage of a column', 'no comment on a function', 'a rule that is off'])(
    'sees that the way up leaves %s, which the plan does not',
    async (what) => {
      const up = `${RIGHT.up}; ${find(what).sql}`;
      const { drift } = await rehearse({
        engine: fresh,
        transaction: 'all',
        ...RIGHT,
        up,
        planned: [RIGHT.up],
      });
      expect(drift).toHaveLength(1);
    },
  );
});
