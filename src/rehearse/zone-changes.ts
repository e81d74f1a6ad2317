import type { Node } from 'libpg-query';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { readOperations } from '../review/read-operations.ts';
import { tableKey } from '../review/operation.ts';
import { parseScript } from '../postgres/parse-script.ts';
import { strings } from '../postgres/nodes.ts';

/** Times that a time zone does not bring back: the hour that is left out in spring, and one of the two in autumn. */
export interface ZoneChange {
  readonly local: string | null;
  readonly instant: string | null;
}

/** `table.column` → such times, for columns that statements convert by AT TIME ZONE with a zone that has any. */
export async function zoneChanges(
  engine: Engine,
  statements: readonly string[],
): Promise<ReadonlyMap<string, ZoneChange>> {
  const zones = new Map(
    statements
      .flatMap((sql) => parseScript(sql))
      .flatMap(({ node }) => (node ? readOperations(node) : []))
      .flatMap((operation) => {
        const zone = operation.kind === 'alter-type' && operation.using && zoneIn(operation.using);
        return zone ? [[`${tableKey(operation.table)}.${operation.column}`, zone] as const] : [];
      }),
  );
  const found = new Map<string, ZoneChange>();
  for (const [column, zone] of zones) {
    const change = await changeOf(engine, zone);
    if (change?.local || change?.instant) found.set(column, change);
  }
  return found;
}

/** Undefined where Postgres does not know the zone: the migration will say so. */
async function changeOf(engine: Engine, zone: string): Promise<ZoneChange | undefined> {
  try {
    const [change] = await engine.query<ZoneChange>(
      `select
         (select local::text from generate_series('2026-01-01'::timestamp, '2026-12-31', '30 min') local
          where (local at time zone $1) at time zone $1 <> local limit 1) as local,
         (select instant::text from generate_series('2026-01-01'::timestamptz, '2026-12-31', '30 min') instant
          where (instant at time zone $1) at time zone $1 <> instant limit 1) as instant`,
      [zone],
    );
    return change;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return undefined;
  }
}

/** The zone of an AT TIME ZONE anywhere in an expression. */
function zoneIn(node: Node): string | undefined {
  if ('TypeCast' in node) return node.TypeCast.arg && zoneIn(node.TypeCast.arg);
  if (!('FuncCall' in node)) return undefined;
  const { funcname, args = [] } = node.FuncCall;
  const [zone] = args;
  if (strings(funcname).at(-1) === 'timezone' && zone && 'A_Const' in zone) return zone.A_Const.sval?.sval;
  return args.map(zoneIn).find((each) => each !== undefined);
}
