import type { Constraint, Node } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { utf16OffsetsByByte } from '../postgres/parser.ts';
import { withoutName } from './inline-constraints.ts';

/** The `CHECK (…)` of an ALTER DOMAIN, as written, without its name. */
export function checkText(alterDomain: string): string {
  const statement = parseSql(alterDomain)[0]?.stmt;
  const def = statement && 'AlterDomainStmt' in statement ? statement.AlterDomainStmt.def : undefined;
  const start = def && 'Constraint' in def ? (def.Constraint.location ?? 0) : 0;
  const text = alterDomain.slice(utf16OffsetsByByte(alterDomain)[start]);
  return withoutName(text);
}

/** A CREATE DOMAIN without its CHECKs and its NOT NULL, as written for the rest. */
export function plainDomain(createDomain: string): string {
  const statement = parseSql(createDomain)[0]?.stmt;
  const nodes: readonly Node[] =
    statement && 'CreateDomainStmt' in statement ? (statement.CreateDomainStmt.constraints ?? []) : [];
  const constraints = nodes.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const offsets = utf16OffsetsByByte(createDomain);
  const startOf = (constraint: Constraint | undefined) =>
    constraint ? (offsets[constraint.location ?? 0] ?? 0) : createDomain.length;
  const kept = constraints.flatMap((constraint, index) =>
    constraint.contype === 'CONSTR_DEFAULT'
      ? [createDomain.slice(startOf(constraint), startOf(constraints[index + 1])).trim()]
      : [],
  );
  return [createDomain.slice(0, startOf(constraints[0])).trim(), ...kept].join(' ');
}
