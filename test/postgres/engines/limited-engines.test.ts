import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/limits.ts';
import { startEmbedded } from '../../../src/postgres/engines/embedded.ts';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';

const MB = 1024 * 1024;
const ROWS =
  'create table big as select repeat(md5(g::text), 20) as x from generate_series(1, 10000000000) g';
const RECURSIVE = 'with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r';

const time = { ...DEFAULT_LIMITS, timeoutMs: 300 };
const small = { ...DEFAULT_LIMITS, memoryBytes: 128 * MB };

describe.each([
  ['PGlite', startPglite],
  ['an embedded server', startEmbedded],
] as const)('%s', (_, start) => {
  async function ended(engine: Engine, statement: string, limit: string): Promise<void> {
    const refusal = { code: 'limit-exceeded', reached: { limit, statement } };
    await expect(engine.exec(statement)).rejects.toMatchObject(refusal);
    // Whoever goes on is told the same, not that the engine is gone.
    await expect(engine.exec('rollback')).rejects.toMatchObject(refusal);
    await engine.close();
  }

  it.each(['select pg_sleep(1000000)', RECURSIVE, 'do $$ begin loop end loop; end $$'])(
    'ends what never ends: %s',
    async (statement) => ended(await start({ limits: time }), statement, 'time'),
  );

  it('ends statements that take too long together', async () => {
    const engine = await start({ limits: time });
    const all = async (): Promise<void> => {
      for (;;) await engine.exec('select pg_sleep(0.1)');
    };
    await expect(all()).rejects.toMatchObject({ reached: { limit: 'time' } });
    await engine.close();
  });

  it('ends what takes all memory or disk', async () => ended(await start({ limits: small }), ROWS, 'memory'));
});

it('an embedded server gives no result that fills the memory of this process', async () => {
  const engine = await startEmbedded({ limits: { ...DEFAULT_LIMITS, memoryBytes: 512 * MB } });
  const statement = "select repeat('x', 10000000) from generate_series(1, 100)";
  await expect(engine.query(statement)).rejects.toMatchObject({ reached: { limit: 'output', statement } });
  await engine.close();
});
