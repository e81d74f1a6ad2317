import { HIDE_OTHER_INDEXES, hidingOtherIndexes } from '../postgres/engines/hiding-indexes.ts';
import type { Catalog } from '../postgres/catalog.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';

/** An index that the migration makes, and whether Postgres takes it for the search that it is made for. */
export interface IndexUse {
  /** `app.users_email_idx`; `public` is left out. */
  readonly index: string;
  readonly table: string;
  readonly used: boolean;
  /** The search that was planned. */
  readonly query: string;
}

/**
 * Plans, for each index that `after` has and `before` has not, the search that its first operator class supports, with
 * sequential scans off and every other index of the table out of sight, and looks for the index in the plan. What cannot
 * be planned that way (a server where the catalog is not this user's) is left out. Changes nothing.
 */
export async function useOfNewIndexes(engine: Engine, before: Catalog, after: Catalog): Promise<IndexUse[]> {
  const added = [...after.keys()].flatMap((object) =>
    object.startsWith('index ') && !before.has(object) ? [object.slice('index '.length)] : [],
  );
  if (added.length === 0) return [];
  const searches = await searchesFor(engine, added);
  const uses: IndexUse[] = [];
  for (const search of searches) {
    const query = textOf(search);
    const plan = await planOf(engine, search, query);
    if (plan === undefined) continue;
    const { index, relation } = search;
    uses.push({ index, table: relation, used: plan.includes(search.name) && CONDITION.test(plan), query });
  }
  return uses;
}

/** With an empty path, as the search is planned, so that every type is printed with its schema. */
async function searchesFor(engine: Engine, added: readonly string[]): Promise<Search[]> {
  await engine.exec("begin; set local search_path = ''");
  try {
    return await engine.query<Search>(SEARCHES, [added.join('\u0001')]);
  } finally {
    await engine.exec('rollback');
  }
}

/** Without one of them it is read from end to end, like a table. */
const CONDITION = /^\s*(Index Cond|Order By):/m;

interface Search {
  readonly oid: number;
  readonly table: number;
  readonly name: string;
  readonly index: string;
  readonly relation: string;
  /** Each key as SQL, with the operator of its class and the type on the operator's right. */
  readonly keys: readonly Key[];
  readonly predicate: string | null;
}

interface Key {
  readonly text: string;
  readonly operator: string;
  readonly type: string;
  /** `s`: for WHERE; `o`: for ORDER BY. */
  readonly purpose: 's' | 'o';
}

function textOf({ relation, keys, predicate }: Search): string {
  const [first] = keys;
  const [sorting] = keys.flatMap((key, at) => (key.purpose === 'o' ? [`${comparison(key, at)}`] : []));
  const searching = first?.purpose === 's' ? keys.filter(({ purpose }) => purpose === 's') : [];
  const conditions = [
    ...searching.map((key) => comparison(key, keys.indexOf(key))),
    ...(predicate === null ? [] : [predicate]),
  ];
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return `select 1 from ${relation}${where}${sorting === undefined || searching.length > 0 ? '' : ` order by ${sorting} limit 1`}`;
}

function comparison({ text, operator }: Key, at: number): string {
  return `${text} ${operator} $${at + 1}`;
}

/** EXPLAIN of a prepared statement: a constant would be folded away. Undefined where Postgres refuses. */
async function planOf(engine: Engine, search: Search, query: string): Promise<string | undefined> {
  await engine.exec('begin');
  try {
    await engine.exec(
      `set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan; set local search_path = '';
       ${engine.kind === 'embedded' ? `select ${HIDE_OTHER_INDEXES}(${search.table}, ${search.oid})` : hidingOtherIndexes(String(search.table), String(search.oid))};
       prepare tableplan_search (${search.keys.map(({ type }) => type).join(', ')}) as ${query}`,
    );
    const rows = await engine.query<Record<string, string>>(
      `explain execute tableplan_search(${search.keys.map(() => 'null').join(', ')})`,
    );
    return rows.flatMap((row) => Object.values(row)).join('\n');
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return undefined;
  } finally {
    await engine.exec('rollback; deallocate all');
  }
}

/**
 * For each key the equality of its operator family where there is one, else the operator of the lowest strategy. A type
 * that stands for any (`anyenum`) is the column's own; the keys of a GIN index have another type than its column.
 */
const SEARCHES = `
select i.indexrelid::int8::int4 as oid, i.indrelid::int8::int4 as "table", c.relname as name,
  case when n.nspname = 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(c.relname) as index,
  quote_ident(tn.nspname) || '.' || quote_ident(t.relname) as relation,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
  (select json_agg(json_build_object(
     'text', '(' || pg_catalog.pg_get_indexdef(i.indexrelid, k.place, true) || ')',
     'operator', op.operator, 'type', op.type, 'purpose', op.purpose) order by k.place)
   from generate_series(1, i.indnkeyatts::int) as k(place)
   join pg_catalog.pg_opclass oc on oc.oid = i.indclass[k.place - 1]
   cross join lateral (
     select format('operator(%I.%s)', opn.nspname, o.oprname) as operator, a.amoppurpose as purpose,
       case when rt.typtype = 'p' then pg_catalog.format_type(coalesce(col.atttypid, att.atttypid), null)
         else pg_catalog.format_type(a.amoprighttype, null) end as type
     from pg_catalog.pg_amop a
     join pg_catalog.pg_operator o on o.oid = a.amopopr
     join pg_catalog.pg_namespace opn on opn.oid = o.oprnamespace
     join pg_catalog.pg_type rt on rt.oid = a.amoprighttype
     join pg_catalog.pg_attribute att on att.attrelid = i.indexrelid and att.attnum = k.place
     left join pg_catalog.pg_attribute col on col.attrelid = i.indrelid and col.attnum = nullif(i.indkey[k.place - 1], 0)
     where a.amopfamily = oc.opcfamily and a.amoplefttype = oc.opcintype
     order by a.amoppurpose desc, (o.oprname = '=') desc, (a.amoprighttype = a.amoplefttype) desc, a.amopstrategy
     limit 1) op
  ) as keys
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class t on t.oid = i.indrelid
join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
join pg_catalog.pg_am am on am.oid = c.relam
where c.relkind = 'i' and i.indisvalid
  and quote_ident(n.nspname) || '.' || quote_ident(c.relname) = any (string_to_array($1, E'\\x01'))
order by c.relname`;
