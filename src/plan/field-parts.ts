import type { CheckDef, ColumnDef, IdentityDef, ObjectName, ReferentialAction } from './database-schema.ts';
import type { PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import type { PgType, SqlConstraint } from '../postgres/sql.ts';

/** A field, read: the column, and the constraints of the table that were written on it. */
export interface FieldParts {
  readonly column: ColumnDef;
  readonly primaryKey?: { readonly name?: string };
  readonly unique?: { readonly name?: string; readonly nullsNotDistinct: boolean };
  readonly references?: FieldReference;
  readonly checks: readonly (Partial<Pick<CheckDef, 'name'>> & Pick<CheckDef, 'expression'>)[];
  readonly collate?: string;
}

export interface FieldReference {
  readonly table: ObjectName;
  /** Empty: the primary key of the table. */
  readonly columns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly name?: string;
  readonly deferrable?: 'initially immediate' | 'initially deferred';
}

/** A constraint and the entry or key of the plan that it was written in. */
export interface WrittenConstraint {
  readonly constraint: SqlConstraint;
  readonly path: PlanPath;
}

export interface FieldToMerge {
  readonly name: string;
  readonly type: PgType;
  readonly written: readonly WrittenConstraint[];
  readonly path: PlanPath;
  readonly schema: string;
  readonly description: string | undefined;
}

type Kind = SqlConstraint['kind'];
type Found = {
  readonly [K in Kind]?: WrittenConstraint & { readonly constraint: Extract<SqlConstraint, { kind: K }> };
};

/** How an error names a constraint. */
const WORDS: Readonly<Record<Kind, string>> = {
  null: 'NULL',
  'not-null': 'NOT NULL',
  default: 'DEFAULT',
  check: 'CHECK',
  generated: 'GENERATED ALWAYS AS (…)',
  identity: 'an identity',
  'primary-key': 'PRIMARY KEY',
  unique: 'UNIQUE',
  references: 'REFERENCES',
  collate: 'COLLATE',
};

/** Pairs that Postgres refuses together on one column (parse_utilcmd.c). */
const CONTRADICTIONS: readonly (readonly [Kind, Kind])[] = [
  ['null', 'not-null'],
  ['null', 'primary-key'],
  ['null', 'identity'],
  ['default', 'identity'],
  ['default', 'generated'],
  ['identity', 'generated'],
];

const SERIAL = /^(small|big)?serial$/;

/**
 * Merges what was written about a field. A constraint written twice (NOT NULL, say) is fine where twice means the
 * same; two defaults, two references and the like are contradictions. Throws PlanProblem at the later entry.
 */
export function mergeConstraints(field: FieldToMerge): FieldParts {
  const found = firstOfEach(field.written);
  refuseContradictions(field, found);
  const references = found.references?.constraint;
  const collate = found.collate?.constraint.collation;
  const { unique } = found;
  return {
    column: columnOf(field, found),
    ...(found['primary-key'] ? { primaryKey: nameOf(found['primary-key'].constraint) } : {}),
    ...(unique
      ? { unique: { ...nameOf(unique.constraint), nullsNotDistinct: unique.constraint.nullsNotDistinct } }
      : {}),
    ...(references ? { references: referenceOf(references, field.schema) } : {}),
    checks: checksOf(field.written),
    ...(collate === undefined ? {} : { collate }),
  };
}

function firstOfEach(written: readonly WrittenConstraint[]): Found {
  const found = new Map<Kind, WrittenConstraint>();
  for (const entry of written) {
    const { kind } = entry.constraint;
    if (!found.has(kind)) found.set(kind, entry);
    else if (kind !== 'check' && !meansTheSame(found.get(kind), entry)) throw twice(entry);
  }
  return Object.fromEntries(found) as Found;
}

/** Only what carries nothing of its own may be said twice. */
function meansTheSame(a: WrittenConstraint | undefined, b: WrittenConstraint): boolean {
  const kind = b.constraint.kind;
  const plain = kind === 'null' || kind === 'not-null' || kind === 'primary-key' || kind === 'unique';
  return (
    plain &&
    b.constraint.name === undefined &&
    JSON.stringify({ ...a?.constraint, offset: 0 }) === JSON.stringify({ ...b.constraint, offset: 0 })
  );
}

function twice(entry: WrittenConstraint): PlanProblem {
  return problemAt(entry, `a second ${WORDS[entry.constraint.kind]} for the same field`);
}

function refuseContradictions(field: FieldToMerge, found: Found): void {
  for (const [a, b] of CONTRADICTIONS) {
    const [first, second] = [found[a], found[b]];
    if (first && second)
      throw problemAt(later(field, first, second), `${WORDS[a]} and ${WORDS[b]} contradict each other`);
  }
  if (SERIAL.test(field.type.name) && field.type.schema === undefined) refuseWithSerial(field, found);
}

function refuseWithSerial(field: FieldToMerge, found: Found): void {
  if (field.type.arrayDims > 0)
    throw new PlanProblem([...field.path, 'type'], `${field.type.name} makes no array`);
  for (const kind of ['null', 'default', 'identity', 'generated'] as const) {
    const entry = found[kind];
    if (entry)
      throw problemAt(
        entry,
        `${WORDS[kind]} contradicts the type ${field.type.name}, which has a sequence and is NOT NULL`,
      );
  }
}

function later(field: FieldToMerge, a: WrittenConstraint, b: WrittenConstraint): WrittenConstraint {
  return field.written.indexOf(a) > field.written.indexOf(b) ? a : b;
}

function problemAt(entry: WrittenConstraint, message: string): PlanProblem {
  return new PlanProblem(entry.path, message, { offset: entry.constraint.offset });
}

function columnOf(field: FieldToMerge, found: Found): ColumnDef {
  const identity = found.identity?.constraint.sequence;
  const notNull =
    [found['not-null'], found['primary-key'], identity].some(Boolean) || SERIAL.test(field.type.name);
  return {
    name: field.name,
    type: field.type.text,
    notNull,
    ...(found.default ? { default: found.default.constraint.expression } : {}),
    ...(identity ? { identity: identity satisfies IdentityDef } : {}),
    ...(found.generated ? { generated: found.generated.constraint.expression } : {}),
    ...(field.description === undefined ? {} : { description: field.description }),
  };
}

function referenceOf(
  constraint: Extract<SqlConstraint, { kind: 'references' }>,
  schema: string,
): FieldReference {
  const { reference, onDelete, onUpdate, deferrable } = constraint;
  return {
    table: { schema: reference.schema ?? schema, name: reference.table },
    columns: reference.columns,
    onDelete,
    onUpdate,
    ...nameOf(constraint),
    ...(deferrable === undefined ? {} : { deferrable }),
  };
}

function checksOf(written: readonly WrittenConstraint[]): FieldParts['checks'] {
  return written.flatMap(({ constraint }) =>
    constraint.kind === 'check' ? [{ ...nameOf(constraint), expression: constraint.expression }] : [],
  );
}

function nameOf(constraint: SqlConstraint): { readonly name?: string } {
  return constraint.name === undefined ? {} : { name: constraint.name };
}
