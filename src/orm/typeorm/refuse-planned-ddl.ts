import type { ParsedPlan } from '../../plan/parse.ts';
import { planRefused } from '../../plan/plan-refused.ts';
import { plannedFailure } from '../../rehearse/rehearse.ts';
import { type Engine, SqlFailure } from '../../postgres/engines/engine.ts';

/** Throws `plan-invalid` where Postgres refuses the plan's own DDL. The database stays as it is. */
export async function refusePlannedDdl(
  engine: Pick<Engine, 'exec'>,
  planned: readonly string[],
  plan: ParsedPlan,
): Promise<void> {
  try {
    // What an attempt before has left open ends here.
    await engine.exec('ROLLBACK; BEGIN');
    for (const sql of planned) {
      await engine.exec(sql).catch((cause: unknown) => {
        if (cause instanceof SqlFailure) throw planRefused(plannedFailure(sql, cause), plan);
        throw cause;
      });
    }
  } finally {
    await engine.exec('ROLLBACK').catch(() => undefined);
  }
}
