import type {
  AlterDomainStmt,
  CopyStmt,
  CreateStmt,
  DefElem,
  DoStmt,
  IndexStmt,
  Node,
  RangeVar,
  SelectStmt,
  TransactionStmt,
  VacuumStmt,
  VariableSetStmt,
  WithClause,
} from 'libpg-query';
import { LOCK_MODES } from '../postgres/lock-modes.ts';
import type { ColumnSpec, ConstraintSpec, Operation, OperationOf, TableRef } from './operation.ts';
import { readAlterTable } from './read-alter.ts';
import { type BlockContent, type BlockStatement, readBlock } from './read-do-block.ts';
import { readDrop, readDropOwned, readRename, readSetSchema } from './read-objects.ts';
import { readMerge } from './read-merge.ts';
import { outsideTransaction } from './outside-transaction.ts';
import { strings } from '../postgres/nodes.ts';
import { qualified, readColumn, readConstraint, readType, tableRef } from './read-parts.ts';

/** What a parsed statement does; see `Operation`. Never throws: what no rule needs is `other`. */
export function readOperations(node: Node): Operation[] {
  if ('CreateStmt' in node) return [readCreateTable(node.CreateStmt)];
  if ('CreateTableAsStmt' in node) {
    const { into, objtype, if_not_exists, query } = node.CreateTableAsStmt;
    if (objtype !== 'OBJECT_TABLE')
      return [{ kind: 'create-view', view: tableRef(into?.rel), replace: false, isMaterialized: true }];
    const changes = query && 'SelectStmt' in query ? readWith(query.SelectStmt.withClause) : [];
    const withNoData = into?.skipData === true;
    return [...changes, { ...filledTable(into?.rel), ifNotExists: if_not_exists === true, withNoData }];
  }
  if ('AlterTableStmt' in node) return readAlterTable(node.AlterTableStmt);
  if ('AlterTableMoveAllStmt' in node) return [{ kind: 'other', tag: 'AlterTableMoveAllStmt' }];
  if ('RenameStmt' in node) return [readRename(node.RenameStmt)];
  if ('AlterObjectSchemaStmt' in node) return [readSetSchema(node.AlterObjectSchemaStmt)];
  if ('IndexStmt' in node) return [readCreateIndex(node.IndexStmt)];
  if ('DropStmt' in node) return readDrop(node.DropStmt);
  if ('DropOwnedStmt' in node) return readDropOwned(node.DropOwnedStmt);
  const command = outsideTransaction(node);
  if (command !== undefined) return [{ kind: 'outside-transaction', command }];
  if ('AlterRoleSetStmt' in node) return readDefault(node.AlterRoleSetStmt.setstmt);
  if ('AlterDatabaseSetStmt' in node) return readDefault(node.AlterDatabaseSetStmt.setstmt);
  if ('AlterSystemStmt' in node) {
    return [
      { kind: 'outside-transaction', command: 'ALTER SYSTEM' },
      ...readDefault(node.AlterSystemStmt.setstmt),
    ];
  }
  if ('DropdbStmt' in node) return [{ kind: 'drop-database', name: node.DropdbStmt.dbname ?? '' }];
  if ('ReindexStmt' in node) {
    const { kind = 'REINDEX_OBJECT_INDEX', relation, name, params } = node.ReindexStmt;
    const what = kind.replace('REINDEX_OBJECT_', '').toLowerCase() as OperationOf<'reindex'>['what'];
    const concurrently = hasOption(params, 'concurrently');
    return [{ kind: 'reindex', what, relation: relation && tableRef(relation), name, concurrently }];
  }
  if ('CreateEnumStmt' in node) {
    const { typeName, vals } = node.CreateEnumStmt;
    return [{ kind: 'create-enum', type: qualified(strings(typeName)), values: strings(vals) }];
  }
  if ('AlterEnumStmt' in node) {
    const { typeName, oldVal, newVal = '', newValNeighbor, skipIfNewValExists } = node.AlterEnumStmt;
    const type = qualified(strings(typeName));
    if (oldVal !== undefined) return [{ kind: 'rename-enum-value', type, value: oldVal, to: newVal }];
    const ifNotExists = skipIfNewValExists === true;
    return [
      { kind: 'add-enum-value', type, value: newVal, ifNotExists, isPlaced: newValNeighbor !== undefined },
    ];
  }
  if ('CreateDomainStmt' in node) {
    const { domainname, typeName, constraints } = node.CreateDomainStmt;
    return [
      {
        kind: 'create-domain',
        domain: qualified(strings(domainname)),
        base: readType(typeName),
        constraints: readConstraints(constraints),
      },
    ];
  }
  if ('AlterDomainStmt' in node) return [readAlterDomain(node.AlterDomainStmt)];
  if ('TruncateStmt' in node) {
    const { relations, behavior } = node.TruncateStmt;
    return rangeVars(relations).map((table) => ({
      kind: 'truncate',
      table,
      cascade: behavior === 'DROP_CASCADE',
    }));
  }
  if ('VacuumStmt' in node) return readVacuum(node.VacuumStmt);
  if ('ClusterStmt' in node) {
    const { relation } = node.ClusterStmt;
    return [{ kind: 'cluster', table: relation && tableRef(relation) }];
  }
  if ('RefreshMatViewStmt' in node) {
    const { relation, concurrent, skipData } = node.RefreshMatViewStmt;
    return [
      {
        kind: 'refresh-matview',
        view: tableRef(relation),
        concurrently: concurrent === true,
        withNoData: skipData === true,
      },
    ];
  }
  if ('CreateTrigStmt' in node) {
    const { relation, trigname = '', isconstraint, timing } = node.CreateTrigStmt;
    return [
      {
        kind: 'create-trigger',
        table: tableRef(relation),
        name: trigname,
        isConstraint: isconstraint === true,
        isInsteadOf: timing === INSTEAD_OF,
      },
    ];
  }
  if ('CreatePolicyStmt' in node) {
    const { table, policy_name = '' } = node.CreatePolicyStmt;
    return [{ kind: 'create-policy', table: tableRef(table), name: policy_name }];
  }
  if ('AlterPolicyStmt' in node) {
    const { table, policy_name = '' } = node.AlterPolicyStmt;
    return [{ kind: 'alter-policy', table: tableRef(table), name: policy_name }];
  }
  if ('InsertStmt' in node || 'UpdateStmt' in node || 'DeleteStmt' in node || 'MergeStmt' in node) {
    return readChange(node);
  }
  if ('CopyStmt' in node) return readCopy(node.CopyStmt);
  if ('ExplainStmt' in node && hasOption(node.ExplainStmt.options, 'analyze')) {
    return node.ExplainStmt.query ? readOperations(node.ExplainStmt.query) : [];
  }
  if ('SelectStmt' in node) return [...readWith(node.SelectStmt.withClause), ...readSelect(node.SelectStmt)];
  if ('CallStmt' in node) {
    const procedure = qualified(strings(node.CallStmt.funccall?.funcname));
    return [{ kind: 'call', procedure, isKnown: false }];
  }
  if ('VariableSetStmt' in node) return [readSet(node.VariableSetStmt)];
  if ('TransactionStmt' in node) return readTransaction(node.TransactionStmt);
  if ('LockStmt' in node) {
    const { relations, mode = 8, nowait } = node.LockStmt;
    return rangeVars(relations).map((table) => ({
      kind: 'lock-table',
      table,
      mode: LOCK_MODES[mode - 1] ?? 'AccessExclusiveLock',
      nowait: nowait === true,
    }));
  }
  if ('ViewStmt' in node) {
    // The package's types leave this one out of `Node`.
    const { view, replace } = node.ViewStmt as { view?: RangeVar; replace?: boolean };
    return [{ kind: 'create-view', view: tableRef(view), replace: replace === true, isMaterialized: false }];
  }
  if ('DoStmt' in node) return readDo(node.DoStmt);
  if ('CreateSeqStmt' in node) {
    return [createObject('sequence', tableRef(node.CreateSeqStmt.sequence))];
  }
  if ('CompositeTypeStmt' in node) {
    return [createObject('type', tableRef(node.CompositeTypeStmt.typevar))];
  }
  if ('CreateRangeStmt' in node) {
    return [createObject('type', qualified(strings(node.CreateRangeStmt.typeName)))];
  }
  if ('CreateFunctionStmt' in node) {
    const { funcname, replace } = node.CreateFunctionStmt;
    return [createObject('function', qualified(strings(funcname)), replace)];
  }
  return [{ kind: 'other', tag: Object.keys(node)[0] ?? '' }];
}

function createObject(
  what: OperationOf<'create-object'>['what'],
  object: TableRef,
  replace = false,
): OperationOf<'create-object'> {
  return { kind: 'create-object', what, object, replace };
}

/** COPY … FROM writes rows in bulk, as INSERT … SELECT does; COPY … TO reads them. */
function readCopy({ relation, query, is_from }: CopyStmt): Operation[] {
  if (query) return readOperations(query);
  return is_from === true
    ? [{ kind: 'insert', table: tableRef(relation), hasValues: false }]
    : [{ kind: 'select', hasFrom: true }];
}

function readDefault(statement: VariableSetStmt | undefined): Operation[] {
  if (!statement) return [];
  const { name = '', value } = readSet(statement);
  return [{ kind: 'default-setting', name, value }];
}

type ChangeNode = Extract<
  Node,
  { InsertStmt: unknown } | { UpdateStmt: unknown } | { DeleteStmt: unknown } | { MergeStmt: unknown }
>;

/** INSERT, UPDATE, DELETE, MERGE, and those in WITH before them. */
function readChange(node: ChangeNode): Operation[] {
  if ('InsertStmt' in node) {
    const { relation, selectStmt, withClause } = node.InsertStmt;
    const select = selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined;
    const hasValues = select === undefined || (select.valuesLists ?? []).length > 0;
    return [
      ...readWith(withClause),
      ...readWith(select?.withClause),
      { kind: 'insert', table: tableRef(relation), hasValues },
    ];
  }
  const isBatch = hasLimit(node);
  if ('MergeStmt' in node)
    return [...readWith(node.MergeStmt.withClause), ...readMerge(node.MergeStmt, isBatch)];
  if ('UpdateStmt' in node) {
    const { relation, whereClause, withClause, fromClause, targetList = [] } = node.UpdateStmt;
    const columns = targetList.flatMap((target) =>
      'ResTarget' in target && target.ResTarget.name !== undefined ? [target.ResTarget.name] : [],
    );
    const table = tableRef(relation);
    const isOfAll = !whereClause && !fromClause;
    return [
      ...readWith(withClause),
      { kind: 'update', table, where: whereClause, columns, isOfAll, isBatch, isRepeated: false },
    ];
  }
  const { relation, whereClause, withClause, usingClause } = node.DeleteStmt;
  const table = tableRef(relation);
  const isOfAll = !whereClause && !usingClause;
  return [
    ...readWith(withClause),
    { kind: 'delete', table, where: whereClause, columns: [], isOfAll, isBatch, isRepeated: false },
  ];
}

/** What the data-modifying parts of a WITH do. */
function readWith(clause: WithClause | undefined): Operation[] {
  return (clause?.ctes ?? []).flatMap((node) => {
    const query = 'CommonTableExpr' in node ? node.CommonTableExpr.ctequery : undefined;
    return query &&
      ('InsertStmt' in query || 'UpdateStmt' in query || 'DeleteStmt' in query || 'MergeStmt' in query)
      ? readChange(query)
      : [];
  });
}

function hasLimit(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('limitCount' in tree && tree.limitCount !== undefined) return true;
  return Object.values(tree).some(hasLimit);
}

/** A DO block and, behind it, what its statements do. */
function readDo(statement: DoStmt): Operation[] {
  const option = (name: string) => {
    const value = definitions(statement.args).find(({ defname }) => defname === name)?.arg;
    return value && 'String' in value ? value.String.sval : undefined;
  };
  const body = option('as') ?? '';
  const language = option('language') ?? 'plpgsql';
  if (language.toLowerCase() !== 'plpgsql') {
    return [{ kind: 'do-block', body, opaque: `it is written in ${language}` }];
  }
  return bodyOperations(body, readBlock(body), 'block');
}

/** What a body does, behind the operation that stands for it. */
export function bodyOperations(
  body: string,
  { statements, opaque, commits }: Omit<BlockContent, 'expressions'>,
  of: 'block' | 'procedure' | 'function',
): Operation[] {
  return [
    { kind: 'do-block', body, opaque },
    ...(commits ? [{ kind: 'block-commit' as const, isFunction: of === 'function' }] : []),
    ...statements.flatMap(blockOperations),
  ];
}

function blockOperations({ node, isQuery, isRepeated }: BlockStatement): Operation[] {
  const all = readOperations(node);
  const operations = isQuery ? all.filter(({ kind }) => kind !== 'select') : all;
  return isRepeated ? operations.map(repeated) : operations;
}

function repeated(operation: Operation): Operation {
  switch (operation.kind) {
    case 'update':
    case 'delete':
      return { ...operation, isRepeated: true };
    case 'insert':
      return { ...operation, hasValues: false };
    default:
      return operation;
  }
}

function readCreateTable(statement: CreateStmt): Operation {
  const elements = statement.tableElts ?? [];
  const columns = elements.flatMap((node): ColumnSpec[] =>
    'ColumnDef' in node ? [readColumn(node.ColumnDef)] : [],
  );
  const inherits = rangeVars(statement.inhRelations);
  const like = elements.flatMap((node) =>
    'TableLikeClause' in node ? [node.TableLikeClause.relation] : [],
  )[0];
  return {
    kind: 'create-table',
    table: tableRef(statement.relation),
    columns,
    constraints: [...readConstraints(elements), ...readConstraints(statement.constraints)],
    partitionOf: statement.partbound ? inherits[0] : undefined,
    isPartitioned: statement.partspec !== undefined,
    inherits: statement.partbound ? [] : inherits,
    like: like && tableRef(like),
    isTemporary: statement.relation?.relpersistence === 't',
    ifNotExists: statement.if_not_exists === true,
    asQuery: false,
    withNoData: false,
  };
}

function filledTable(relation: RangeVar | undefined): OperationOf<'create-table'> {
  return {
    kind: 'create-table',
    table: tableRef(relation),
    columns: [],
    constraints: [],
    partitionOf: undefined,
    isPartitioned: false,
    inherits: [],
    like: undefined,
    isTemporary: relation?.relpersistence === 't',
    ifNotExists: false,
    asQuery: true,
    withNoData: false,
  };
}

function readConstraints(nodes: readonly Node[] | undefined): ConstraintSpec[] {
  return (nodes ?? []).flatMap((node) => {
    const spec = 'Constraint' in node ? readConstraint(node.Constraint) : undefined;
    return spec ? [spec] : [];
  });
}

function readCreateIndex(statement: IndexStmt): Operation {
  return {
    kind: 'create-index',
    table: tableRef(statement.relation),
    name: statement.idxname,
    columns: (statement.indexParams ?? []).flatMap((node) =>
      'IndexElem' in node ? [node.IndexElem.name] : [],
    ),
    unique: statement.unique === true,
    concurrently: statement.concurrent === true,
    method: statement.accessMethod ?? 'btree',
    isPartial: statement.whereClause !== undefined,
    where: statement.whereClause,
    only: statement.relation?.inh !== true,
    ifNotExists: statement.if_not_exists === true,
  };
}

const DOMAIN_ACTIONS: Readonly<Record<string, OperationOf<'alter-domain'>['action']>> = {
  C: 'add-constraint',
  O: 'set-not-null',
  N: 'drop-not-null',
  V: 'validate',
  X: 'drop-constraint',
  T: 'default',
};

function readAlterDomain(statement: AlterDomainStmt): Operation {
  const { subtype = 'T', typeName, def } = statement;
  const constraint = def && 'Constraint' in def ? readConstraint(def.Constraint) : undefined;
  return {
    kind: 'alter-domain',
    domain: qualified(strings(typeName)),
    action: DOMAIN_ACTIONS[subtype] ?? 'default',
    notValid: constraint?.notValid ?? false,
    name: statement.name ?? constraint?.name,
    constraint,
  };
}

function readVacuum(statement: VacuumStmt): Operation[] {
  const full = hasOption(statement.options, 'full');
  const tables = (statement.rels ?? []).flatMap((node) =>
    'VacuumRelation' in node ? [tableRef(node.VacuumRelation.relation)] : [],
  );
  // ANALYZE is the same node.
  if (statement.is_vacuumcmd !== true) return tables.map((table) => ({ kind: 'analyze', table }));
  if (tables.length === 0) return [{ kind: 'vacuum', table: undefined, full }];
  return tables.map((table) => ({ kind: 'vacuum', table, full }));
}

function readSelect(statement: SelectStmt): Operation[] {
  if (statement.intoClause) return [filledTable(statement.intoClause.rel)];
  const settings = (statement.targetList ?? []).flatMap((node) => {
    const call = 'ResTarget' in node ? node.ResTarget.val : undefined;
    if (!call || !('FuncCall' in call) || strings(call.FuncCall.funcname).at(-1) !== 'set_config') return [];
    const [name, value, local] = call.FuncCall.args ?? [];
    return [
      {
        kind: 'set-variable' as const,
        name: constantText(name)?.toLowerCase() ?? '',
        value: constantText(value),
        local: local !== undefined && 'A_Const' in local && local.A_Const.boolval?.boolval === true,
      },
    ];
  });
  if (settings.length > 0) return settings;
  return [{ kind: 'select', hasFrom: statement.op !== 'SETOP_NONE' || statement.fromClause !== undefined }];
}

function readSet(statement: VariableSetStmt): OperationOf<'set-variable'> {
  const values = (statement.args ?? []).map((node) => constantText(node) ?? '');
  return {
    kind: 'set-variable',
    name: (statement.name ?? '').toLowerCase(),
    value: statement.kind === 'VAR_SET_VALUE' ? values.join(', ') : undefined,
    local: statement.is_local === true,
  };
}

function readTransaction(statement: TransactionStmt): Operation[] {
  const chained: Operation[] = statement.chain === true ? [{ kind: 'transaction', action: 'begin' }] : [];
  const savepoint = statement.savepoint_name;
  switch (statement.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return [{ kind: 'transaction', action: 'begin' }];
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_PREPARE':
      return [{ kind: 'transaction', action: 'commit' }, ...chained];
    case 'TRANS_STMT_ROLLBACK':
      return [{ kind: 'transaction', action: 'rollback' }, ...chained];
    case 'TRANS_STMT_SAVEPOINT':
      return [{ kind: 'transaction', action: 'savepoint', savepoint }];
    case 'TRANS_STMT_RELEASE':
      return [{ kind: 'transaction', action: 'release', savepoint }];
    case 'TRANS_STMT_ROLLBACK_TO':
      return [{ kind: 'transaction', action: 'rollback-to', savepoint }];
    default:
      return [{ kind: 'other', tag: 'TransactionStmt' }];
  }
}

/** The text of a constant: `'2s'` → `2s`, `0` → `0`, `on` → `on`. */
function constantText(node: Node | undefined): string | undefined {
  if (!node || !('A_Const' in node)) return undefined;
  const { sval, ival, fval, boolval, isnull } = node.A_Const;
  if (isnull) return undefined;
  if (sval) return sval.sval ?? '';
  if (fval) return fval.fval ?? '0';
  if (boolval) return String(boolval.boolval ?? false);
  // The parser leaves out a zero.
  return ival ? String(ival.ival ?? 0) : '0';
}

/** Postgres' number for the timing of INSTEAD OF. */
const INSTEAD_OF = 64;

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return definitions(options).some(({ defname, arg }) => {
    if (defname !== name) return false;
    if (arg && 'Integer' in arg) return arg.Integer.ival === 1;
    const value = arg && 'String' in arg ? arg.String.sval?.toLowerCase() : undefined;
    return value !== 'false' && value !== 'off';
  });
}

function definitions(nodes: readonly Node[] | undefined): DefElem[] {
  return (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));
}

function rangeVars(nodes: readonly Node[] | undefined): TableRef[] {
  return (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [tableRef(node.RangeVar)] : []));
}
