import type { DefElem, Node } from 'libpg-query';
import type { Operation } from './operation.ts';

/**
 * The command that Postgres refuses inside a transaction (25001), by its name; undefined for what it takes there.
 * Measured on Postgres 18, and read from the calls of PreventInTransactionBlock.
 */
export function refusedInTransaction(operation: Operation): string | undefined {
  switch (operation.kind) {
    case 'create-index':
    case 'drop-index':
    case 'detach-partition':
      return operation.concurrently ? 'CONCURRENTLY' : undefined;
    case 'reindex':
      if (operation.concurrently) return 'CONCURRENTLY';
      return ['index', 'table'].includes(operation.what)
        ? undefined
        : `REINDEX ${operation.what.toUpperCase()}`;
    case 'vacuum':
      return 'VACUUM';
    case 'cluster':
      return operation.table ? undefined : 'CLUSTER';
    case 'drop-database':
      return 'DROP DATABASE';
    case 'outside-transaction':
      return operation.command;
    default:
      return undefined;
  }
}

/** The name of a command of which no more is to be known than that it runs outside transactions. */
export function outsideTransaction(node: Node): string | undefined {
  if ('CreatedbStmt' in node) return 'CREATE DATABASE';
  if ('CreateTableSpaceStmt' in node) return 'CREATE TABLESPACE';
  if ('DropTableSpaceStmt' in node) return 'DROP TABLESPACE';
  if ('AlterDatabaseStmt' in node) {
    return named(node.AlterDatabaseStmt.options, 'tablespace')
      ? 'ALTER DATABASE … SET TABLESPACE'
      : undefined;
  }
  if ('DiscardStmt' in node) {
    return node.DiscardStmt.target === 'DISCARD_ALL' ? 'DISCARD ALL' : undefined;
  }
  if ('CreateSubscriptionStmt' in node) {
    const { options } = node.CreateSubscriptionStmt;
    const makesNoSlot = isOff(named(options, 'create_slot')) || isOff(named(options, 'connect'));
    return makesNoSlot ? undefined : 'CREATE SUBSCRIPTION with a slot';
  }
  if ('DropSubscriptionStmt' in node) return 'DROP SUBSCRIPTION';
  if ('TransactionStmt' in node) {
    const { kind } = node.TransactionStmt;
    if (kind === 'TRANS_STMT_COMMIT_PREPARED') return 'COMMIT PREPARED';
    return kind === 'TRANS_STMT_ROLLBACK_PREPARED' ? 'ROLLBACK PREPARED' : undefined;
  }
  return undefined;
}

function named(options: readonly Node[] | undefined, name: string): DefElem | undefined {
  const option = (options ?? []).find((node) => 'DefElem' in node && node.DefElem.defname === name);
  return option && 'DefElem' in option ? option.DefElem : undefined;
}

function isOff(option: DefElem | undefined): boolean {
  const { arg } = option ?? {};
  if (!arg) return false;
  if ('String' in arg) return ['false', 'off', '0'].includes(arg.String.sval?.toLowerCase() ?? '');
  return 'Integer' in arg ? (arg.Integer.ival ?? 0) === 0 : false;
}
