import { constraintName } from './constraint-name.ts';
import { type Operation, type TableRef, tableKey } from './operation.ts';

/** What rules ask of earlier and later operations: a kind, and the object that it is about. */
export type Topic = string;

/** `topic('drop-constraint', users, 'users_age_check')` */
export function topic(kind: string, object: TableRef | string, part = ''): Topic {
  return `${kind}\0${typeof object === 'string' ? object : tableKey(object)}\0${part}`;
}

/** COMMIT and ROLLBACK. */
export const TRANSACTION_END = topic('transaction-end', '');

/** The topics of an operation: its kind with its object, and with the part of the object where it has one. */
export function topicsOf(operation: Operation): Topic[] {
  const { kind } = operation;
  const topics = 'table' in operation && operation.table ? [topic(kind, operation.table)] : [];
  switch (operation.kind) {
    case 'add-constraint': {
      const { table, constraint } = operation;
      topics.push(topic(kind, table, constraintName(table, constraint)));
      if (constraint.type === 'primary-key') topics.push(topic('add-primary-key', table));
      if (constraint.type === 'check' && !constraint.notValid) topics.push(topic('add-valid-check', table));
      return topics;
    }
    case 'validate-constraint':
    case 'drop-constraint':
    case 'rename-constraint':
      return [...topics, topic(kind, operation.table, operation.name)];
    case 'set-not-null':
    case 'set-default':
    case 'drop-default':
    case 'alter-type':
      return [...topics, topic(kind, operation.table, operation.column)];
    case 'rename-column': {
      const { table, column, to } = operation;
      return [...topics, topic('rename-column-from', table, column), topic('rename-column-to', table, to)];
    }
    case 'create-table':
      if (operation.partitionOf) topics.push(topic('partitioned', operation.partitionOf));
      if (operation.isPartitioned) topics.push(topic('partitioned', operation.table));
      return topics;
    case 'attach-partition':
    case 'detach-partition':
      return operation.isIndex ? topics : [...topics, topic('partitioned', operation.table)];
    case 'create-index':
      return operation.name === undefined ? topics : [...topics, topic('index', operation.name)];
    case 'drop-index':
      return [topic(kind, operation.index.name)];
    case 'create-view':
      return [topic(kind, operation.view), ...(operation.replace ? [] : [topic('new-view', operation.view)])];
    case 'drop-view':
      return [topic(kind, operation.view)];
    case 'create-enum':
      return [topic(kind, operation.type)];
    case 'create-domain':
      return [topic(kind, operation.domain)];
    case 'alter-domain':
      return operation.name === undefined
        ? []
        : [topic(`${operation.action}-of-domain`, operation.domain, operation.name)];
    case 'transaction':
      return ['commit', 'rollback'].includes(operation.action) ? [TRANSACTION_END] : [];
    case 'set-variable':
      return [topic(operation.local ? 'set-local' : 'set', operation.name)];
    default:
      return topics;
  }
}
