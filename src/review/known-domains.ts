import { type Operation, type TableRef, tableKey, type TypeSpec } from './operation.ts';
import type { Script, Statement } from './rule.ts';

/** What a script says of a domain. */
export interface KnownDomain {
  /** It, or a domain that it is made of, has a CHECK or NOT NULL: every value is tried. */
  readonly isConstrained: boolean;
  readonly isNotNull: boolean;
}

type Domains = ReadonlyMap<string, KnownDomain>;

const known = new WeakMap<Script, ReadonlyMap<Statement, Domains>>();
const NONE: Domains = new Map();

/** The domain that a column is of, as the statements before this one have left it; an array of a domain is none. */
export function domainBefore(type: TypeSpec, statement: Statement, script: Script): KnownDomain | undefined {
  if (type.isArray) return undefined;
  const domains = domainsOf(script).get(statement) ?? NONE;
  return domains.size === 0 ? undefined : domains.get(tableKey(refOf(type)));
}

function refOf({ schema, name }: TypeSpec): TableRef {
  return { schema, name };
}

/** By statement; those between two changes of a domain share one map. */
function domainsOf(script: Script): ReadonlyMap<Statement, Domains> {
  const found = known.get(script);
  if (found) return found;
  const byStatement = new Map<Statement, Domains>();
  let domains = NONE;
  for (const statement of script.statements) {
    byStatement.set(statement, domains);
    for (const operation of statement.operations) domains = after(domains, operation);
  }
  known.set(script, byStatement);
  return byStatement;
}

function after(domains: Domains, operation: Operation): Domains {
  if (operation.kind === 'create-domain') {
    const { domain, base, constraints } = operation;
    const under = base.isArray ? undefined : domains.get(tableKey(refOf(base)));
    const isNotNull = constraints.some(({ type }) => type === 'not-null') || under?.isNotNull === true;
    const isConstrained = constraints.length > 0 || under?.isConstrained === true;
    return new Map([...domains, [tableKey(domain), { isConstrained, isNotNull }]]);
  }
  if (operation.kind !== 'alter-domain') return domains;
  const { domain, action } = operation;
  const old = domains.get(tableKey(domain));
  switch (action) {
    case 'set-not-null':
      return new Map([...domains, [tableKey(domain), { isConstrained: true, isNotNull: true }]]);
    case 'add-constraint':
      return new Map([
        ...domains,
        [tableKey(domain), { isConstrained: true, isNotNull: old?.isNotNull ?? false }],
      ]);
    default:
      return domains;
  }
}
