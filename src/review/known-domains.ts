import { type Operation, type TableRef, tableKey, type TypeSpec } from './operation.ts';
import type { Script, Statement } from './rule.ts';
import { Versions } from './versions.ts';

/** What a script says of a domain. */
export interface KnownDomain {
  /** It, or a domain that it is made of, has a CHECK or NOT NULL: every value is tried. */
  readonly isConstrained: boolean;
  readonly isNotNull: boolean;
}

/** Where a domain changes: places are indexes of statements. */
type Domains = Versions<KnownDomain>;

const known = new WeakMap<Script, Domains>();

/** The domain that a column is of, as the statements before this one have left it; an array of a domain is none. */
export function domainBefore(type: TypeSpec, statement: Statement, script: Script): KnownDomain | undefined {
  if (type.isArray) return undefined;
  return domainsOf(script).before(tableKey(refOf(type)), statement.index)?.value;
}

function refOf({ schema, name }: TypeSpec): TableRef {
  return { schema, name };
}

function domainsOf(script: Script): Domains {
  const found = known.get(script);
  if (found) return found;
  const domains: Domains = new Versions();
  for (const { index, operations } of script.statements) {
    for (const operation of operations) note(domains, operation, index);
  }
  known.set(script, domains);
  return domains;
}

function note(domains: Domains, operation: Operation, place: number): void {
  // The operations of one statement know of each other.
  const now = (ref: TableRef) => domains.before(tableKey(ref), place + 1)?.value;
  if (operation.kind === 'create-domain') {
    const { domain, base, constraints } = operation;
    const under = base.isArray ? undefined : now(refOf(base));
    const isNotNull = constraints.some(({ type }) => type === 'not-null') || under?.isNotNull === true;
    const isConstrained = constraints.length > 0 || under?.isConstrained === true;
    domains.set(tableKey(domain), place, { isConstrained, isNotNull });
  }
  if (operation.kind !== 'alter-domain') return;
  const { domain, action } = operation;
  const key = tableKey(domain);
  if (action === 'set-not-null') domains.set(key, place, { isConstrained: true, isNotNull: true });
  if (action === 'add-constraint') {
    domains.set(key, place, { isConstrained: true, isNotNull: now(domain)?.isNotNull ?? false });
  }
}
