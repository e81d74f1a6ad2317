import type { Rule } from '../rule.ts';
import { attachPartition } from './attach-partition.ts';
import { batchTransaction } from './batch-transaction.ts';
import { checkInlineOnAddColumn } from './check-inline-on-add-column.ts';
import { checkValidating } from './check-validating.ts';
import { cicOnPartitioned } from './cic-on-partitioned.ts';
import { combineAlters } from './combine-alters.ts';
import { concurrentlyInTransaction } from './concurrently-in-transaction.ts';
import { createIndexBlocking } from './create-index-blocking.ts';
import { createPartitionOf } from './create-partition-of.ts';
import { createTableWithFk } from './create-table-with-fk.ts';
import { ddlPlusBackfillSameTx } from './ddl-plus-backfill-same-tx.ts';
import { detachPartition } from './detach-partition.ts';
import { dropIndexBlocking } from './drop-index-blocking.ts';
import { dropSchemaOrDatabase } from './drop-schema-or-database.ts';
import { dropTable } from './drop-table.ts';
import { fkInlineOnAddColumn } from './fk-inline-on-add-column.ts';
import { fkValidating } from './fk-validating.ts';
import { fullRecreation } from './full-recreation.ts';
import { hashIndex } from './hash-index.ts';
import { indexCorruption14 } from './index-corruption-14.ts';
import { invalidIndexRetry } from './invalid-index-retry.ts';
import { irreversible } from './irreversible.ts';
import { missingLockTimeout } from './missing-lock-timeout.ts';
import { namesAndScope } from './names-and-scope.ts';
import { notRerunnable } from './not-rerunnable.ts';
import { refreshMatview } from './refresh-matview.ts';
import { reindexBlocking } from './reindex-blocking.ts';
import { renameTable } from './rename-table.ts';
import { replaceIndexDropFirst } from './replace-index-drop-first.ts';
import { rlsPolicyIdentityStorage } from './rls-policy-identity-storage.ts';
import { statementAfterAccessExclusive } from './statement-after-access-exclusive.ts';
import { storageChange } from './storage-change.ts';
import { tableWithoutPk } from './table-without-pk.ts';
import { timeoutQuality } from './timeout-quality.ts';
import { transactionShape } from './transaction-shape.ts';
import { triggerLocks } from './trigger.ts';
import { truncateTable } from './truncate.ts';
import { unanalysable } from './unanalysable.ts';
import { unbatchedDml } from './unbatched-dml.ts';
import { vacuumFullOrCluster } from './vacuum-full-or-cluster.ts';
import { wideOrDuplicateIndex } from './wide-or-duplicate-index.ts';

/** Every rule of the safety catalogue that can be judged from SQL and what a rehearsal saw, in its order. */
export const rules: readonly Rule[] = [
  createIndexBlocking,
  dropIndexBlocking,
  reindexBlocking,
  concurrentlyInTransaction,
  invalidIndexRetry,
  indexCorruption14,
  replaceIndexDropFirst,
  wideOrDuplicateIndex,
  cicOnPartitioned,
  hashIndex,
  fkValidating,
  fkInlineOnAddColumn,
  checkValidating,
  checkInlineOnAddColumn,
  dropTable,
  renameTable,
  truncateTable,
  fullRecreation,
  dropSchemaOrDatabase,
  storageChange,
  vacuumFullOrCluster,
  attachPartition,
  detachPartition,
  createPartitionOf,
  createTableWithFk,
  refreshMatview,
  triggerLocks,
  rlsPolicyIdentityStorage,
  tableWithoutPk,
  missingLockTimeout,
  timeoutQuality,
  statementAfterAccessExclusive,
  combineAlters,
  ddlPlusBackfillSameTx,
  unbatchedDml,
  transactionShape,
  notRerunnable,
  unanalysable,
  namesAndScope,
  batchTransaction,
  irreversible,
];
