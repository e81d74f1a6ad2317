import { strings } from '../postgres/nodes.ts';
import type { ColumnDef, Constraint, Node, RangeVar, TypeName } from 'libpg-query';
import type { ColumnSpec, ConstraintSpec, TableRef, TypeSpec } from './operation.ts';

/** A relation that a statement names; one without a name is the empty one. */
export function tableRef(relation: RangeVar | undefined): TableRef {
  return { schema: relation?.schemaname, name: relation?.relname ?? '' };
}

/** A qualified name as a list of strings: `["app", "users"]`. */
export function qualified(names: readonly string[]): TableRef {
  return { schema: names.at(-2), name: names.at(-1) ?? '' };
}

export function readType(type: TypeName | undefined): TypeSpec {
  const names = strings(type?.names);
  const schema = names.at(-2);
  return {
    name: names.at(-1) ?? '',
    schema: schema === 'pg_catalog' ? undefined : schema,
    modifiers: (type?.typmods ?? []).flatMap((node) =>
      'A_Const' in node && node.A_Const.ival ? [node.A_Const.ival.ival ?? 0] : [],
    ),
    isArray: (type?.arrayBounds ?? []).length > 0,
  };
}

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

/** A table or column constraint; undefined for what Postgres' grammar calls one and nobody else (DEFAULT, DEFERRABLE). */
export function readConstraint(constraint: Constraint, column?: string): ConstraintSpec | undefined {
  const keys = strings(constraint.keys);
  const common = {
    name: constraint.conname,
    columns: column === undefined ? keys : [column],
    notValid: constraint.skip_validation === true,
  };
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
      return {
        ...common,
        type: 'foreign-key',
        columns: column === undefined ? strings(constraint.fk_attrs) : [column],
        references: tableRef(constraint.pktable),
        refColumns: strings(constraint.pk_attrs),
        onDelete: ACTIONS[constraint.fk_del_action ?? 'a'] ?? 'NO ACTION',
        onUpdate: ACTIONS[constraint.fk_upd_action ?? 'a'] ?? 'NO ACTION',
        notEnforced: constraint.is_enforced !== true,
        deferrable: deferral(constraint),
      };
    case 'CONSTR_CHECK':
      return {
        ...common,
        type: 'check',
        expression: constraint.raw_expr,
        notEnforced: constraint.is_enforced !== true,
      };
    case 'CONSTR_UNIQUE':
      return { ...common, ...keyParts(constraint), type: 'unique' };
    case 'CONSTR_PRIMARY':
      return { ...common, ...keyParts(constraint), type: 'primary-key' };
    case 'CONSTR_EXCLUSION':
      return { ...common, type: 'exclude' };
    case 'CONSTR_NOTNULL':
      return { ...common, type: 'not-null' };
    default:
      return undefined;
  }
}

function deferral(constraint: Constraint): '' | 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED' {
  if (constraint.deferrable !== true) return '';
  return constraint.initdeferred === true ? 'DEFERRABLE INITIALLY DEFERRED' : 'DEFERRABLE';
}

/** What UNIQUE and PRIMARY KEY have in common. */
function keyParts(constraint: Constraint) {
  return {
    usingIndex: constraint.indexname,
    including: strings(constraint.including),
    nullsNotDistinct: constraint.nulls_not_distinct === true,
    withoutOverlaps: constraint.without_overlaps === true,
    deferrable: deferral(constraint),
  } as const;
}

/**
 * The inline constraints of a column. The grammar puts NOT ENFORCED behind one as a node of its own, which concerns the
 * one before it.
 */
function inlineConstraints(constraints: readonly Constraint[], column: string): ConstraintSpec[] {
  return constraints.flatMap((constraint, index): ConstraintSpec[] => {
    const spec = readConstraint(constraint, column);
    if (!spec || spec.type === 'not-null') return [];
    if (spec.type !== 'check' && spec.type !== 'foreign-key') return [spec];
    const rest = constraints.slice(index + 1);
    const end = rest.findIndex(({ contype = '' }) => !contype.startsWith('CONSTR_ATTR'));
    const attributes = end === -1 ? rest : rest.slice(0, end);
    return attributes.some(({ contype }) => contype === 'CONSTR_ATTR_NOT_ENFORCED')
      ? [{ ...spec, notEnforced: true }]
      : [spec];
  });
}

export function readColumn(column: ColumnDef): ColumnSpec {
  const name = column.colname ?? '';
  const constraints = (column.constraints ?? []).flatMap((node) =>
    'Constraint' in node ? [node.Constraint] : [],
  );
  const has = (type: Constraint['contype']) => constraints.find(({ contype }) => contype === type);
  const generated = has('CONSTR_GENERATED');
  return {
    name,
    type: readType(column.typeName),
    notNull: column.is_not_null === true || has('CONSTR_NOTNULL') !== undefined,
    default: meaningful(has('CONSTR_DEFAULT')?.raw_expr),
    identity: has('CONSTR_IDENTITY') !== undefined,
    generated: generated && (generated.generated_kind === 'v' ? 'virtual' : 'stored'),
    constraints: inlineConstraints(constraints, name),
  };
}

/** DEFAULT NULL, cast or not, is what no default means. */
function meaningful(expression: Node | undefined): Node | undefined {
  if (expression === undefined) return undefined;
  if ('TypeCast' in expression) {
    return meaningful(expression.TypeCast.arg) === undefined ? undefined : expression;
  }
  return 'A_Const' in expression && expression.A_Const.isnull ? undefined : expression;
}
