import type { AlterTableCmd, AlterTableStmt, Node } from 'libpg-query';
import type { Operation, TableRef } from './operation.ts';
import { readColumn, readConstraint, readType, tableRef } from './read-parts.ts';

const TRIGGERS: ReadonlyMap<string, boolean> = new Map([
  ['AT_EnableTrig', true],
  ['AT_EnableAlwaysTrig', true],
  ['AT_EnableReplicaTrig', true],
  ['AT_EnableTrigAll', true],
  ['AT_EnableTrigUser', true],
  ['AT_DisableTrig', false],
  ['AT_DisableTrigAll', false],
  ['AT_DisableTrigUser', false],
]);

const STORAGE: ReadonlyMap<string, 'logged' | 'unlogged' | 'access-method' | 'tablespace'> = new Map([
  ['AT_SetLogged', 'logged'],
  ['AT_SetUnLogged', 'unlogged'],
  ['AT_SetAccessMethod', 'access-method'],
  ['AT_SetTableSpace', 'tablespace'],
]);

/** The operations of an ALTER TABLE (or ALTER INDEX, VIEW, SEQUENCE …: their commands are `alter-table-other`). */
export function readAlterTable(statement: AlterTableStmt): Operation[] {
  const table = tableRef(statement.relation);
  const commands = (statement.cmds ?? []).flatMap((node) =>
    'AlterTableCmd' in node ? [node.AlterTableCmd] : [],
  );
  const { objtype = 'OBJECT_TABLE' } = statement;
  if (WITHOUT_ROWS.has(objtype)) {
    return commands.map(({ subtype = 'AT_AddColumn' }) => ({ kind: 'alter-table-other', table, subtype }));
  }
  return commands.map((command) => readCommand(command, table, objtype === 'OBJECT_INDEX'));
}

/** Their columns are not stored here: of a composite type, of a view, of a table on another server. */
const WITHOUT_ROWS = new Set(['OBJECT_TYPE', 'OBJECT_VIEW', 'OBJECT_FOREIGN_TABLE', 'OBJECT_SEQUENCE']);

function readCommand(command: AlterTableCmd, table: TableRef, isIndex: boolean): Operation {
  const { subtype = 'AT_AddColumn', def } = command;
  const column = command.name ?? '';
  const cascade = command.behavior === 'DROP_CASCADE';
  const ifExists = command.missing_ok === true;
  const other: Operation = { kind: 'alter-table-other', table, subtype };
  const enabled = TRIGGERS.get(subtype);
  if (enabled !== undefined) return { kind: 'set-trigger', table, name: column || 'ALL', enabled };
  const storage = STORAGE.get(subtype);
  if (storage !== undefined) return { kind: 'storage', table, action: storage };
  if (/RowSecurity/.test(subtype)) return { kind: 'row-security', table, action: subtype };
  switch (subtype) {
    case 'AT_AddColumn':
      if (!def || !('ColumnDef' in def)) return other;
      return { kind: 'add-column', table, column: readColumn(def.ColumnDef), ifNotExists: ifExists };
    case 'AT_DropColumn':
      return { kind: 'drop-column', table, column, cascade, ifExists };
    case 'AT_AlterColumnType':
      if (!def || !('ColumnDef' in def)) return other;
      return {
        kind: 'alter-type',
        table,
        column,
        type: readType(def.ColumnDef.typeName),
        using: def.ColumnDef.raw_default,
      };
    case 'AT_ColumnDefault':
      // DEFAULT NULL is none.
      return def && !isNull(def)
        ? { kind: 'set-default', table, column, default: def }
        : { kind: 'drop-default', table, column };
    case 'AT_SetExpression':
      return { kind: 'set-expression', table, column };
    case 'AT_SetNotNull':
      return { kind: 'set-not-null', table, column };
    case 'AT_DropNotNull':
      return { kind: 'drop-not-null', table, column };
    case 'AT_AddIdentity':
      return { kind: 'add-identity', table, column };
    case 'AT_AddConstraint': {
      const constraint = def && 'Constraint' in def ? readConstraint(def.Constraint) : undefined;
      return constraint ? { kind: 'add-constraint', table, constraint } : other;
    }
    case 'AT_ValidateConstraint':
      return { kind: 'validate-constraint', table, name: column };
    case 'AT_DropConstraint':
      return { kind: 'drop-constraint', table, name: column, cascade, ifExists };
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      if (!def || !('PartitionCmd' in def)) return other;
      return {
        kind: subtype === 'AT_AttachPartition' ? 'attach-partition' : 'detach-partition',
        table,
        partition: tableRef(def.PartitionCmd.name),
        concurrently: def.PartitionCmd.concurrent === true,
        isIndex,
      };
    }
    default:
      return other;
  }
}

function isNull(expression: Node): boolean {
  return 'A_Const' in expression && expression.A_Const.isnull === true;
}
