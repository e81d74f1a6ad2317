import type { Rule } from '../rule.ts';
import { addColumnPlusNotNull } from './add-column-plus-not-null.ts';
import { addGeneratedStored } from './add-generated-stored.ts';
import { addIdentity } from './add-identity.ts';
import { addNotNullNoDefault } from './add-not-null-no-default.ts';
import { addSerial } from './add-serial.ts';
import { attachPartition } from './attach-partition.ts';
import { batchTransaction } from './batch-transaction.ts';
import { checkInlineOnAddColumn } from './check-inline-on-add-column.ts';
import { checkValidating } from './check-validating.ts';
import { cicOnPartitioned } from './cic-on-partitioned.ts';
import { combineAlters } from './combine-alters.ts';
import { concurrentlyInTransaction } from './concurrently-in-transaction.ts';
import { constantDefaultOldPg } from './constant-default-old-pg.ts';
import { createIndexBlocking } from './create-index-blocking.ts';
import { createPartitionOf } from './create-partition-of.ts';
import { createTableWithFk } from './create-table-with-fk.ts';
import { ddlPlusBackfillSameTx } from './ddl-plus-backfill-same-tx.ts';
import { detachPartition } from './detach-partition.ts';
import { domainConstraint } from './domain-constraint.ts';
import { dropAndReaddSameColumn } from './drop-and-readd-same-column.ts';
import { dropCascade } from './drop-cascade.ts';
import { dropColumn } from './drop-column.ts';
import { dropColumnWithIndex } from './drop-column-with-index.ts';
import { dropConstraint } from './drop-constraint.ts';
import { dropIndexBlocking } from './drop-index-blocking.ts';
import { dropNotNull } from './drop-not-null.ts';
import { dropSchemaOrDatabase } from './drop-schema-or-database.ts';
import { dropTable } from './drop-table.ts';
import { enumOrdering } from './enum-ordering.ts';
import { enumRecreate } from './enum-recreate.ts';
import { enumRenameValue } from './enum-rename-value.ts';
import { enumValueUsedInTx } from './enum-value-used-in-tx.ts';
import { exclusionConstraint } from './exclusion-constraint.ts';
import { fkInlineOnAddColumn } from './fk-inline-on-add-column.ts';
import { fkNoCoveringIndex } from './fk-no-covering-index.ts';
import { fkPolicy } from './fk-policy.ts';
import { fkTypeMismatch } from './fk-type-mismatch.ts';
import { fkValidating } from './fk-validating.ts';
import { fullRecreation } from './full-recreation.ts';
import { hashIndex } from './hash-index.ts';
import { idempotentDdl } from './idempotent-ddl.ts';
import { indexCorruption14 } from './index-corruption-14.ts';
import { invalidIndexRetry } from './invalid-index-retry.ts';
import { irreversible } from './irreversible.ts';
import { jsonColumn } from './json-column.ts';
import { manyHotTablesInOneTransaction } from './many-hot-tables-in-one-transaction.ts';
import { missingLockTimeout } from './missing-lock-timeout.ts';
import { namesAndScope } from './names-and-scope.ts';
import { notRerunnable } from './not-rerunnable.ts';
import { notValidLeftBehind } from './not-valid-left-behind.ts';
import { pkInline } from './pk-inline.ts';
import { pkUsingIndexNullable } from './pk-using-index-nullable.ts';
import { refreshMatview } from './refresh-matview.ts';
import { reindexBlocking } from './reindex-blocking.ts';
import { renameColumn } from './rename-column.ts';
import { renameTable } from './rename-table.ts';
import { replaceIndexDropFirst } from './replace-index-drop-first.ts';
import { rlsPolicyIdentityStorage } from './rls-policy-identity-storage.ts';
import { setDefaultPartialWrites } from './set-default-partial-writes.ts';
import { setNotNull } from './set-not-null.ts';
import { statementAfterAccessExclusive } from './statement-after-access-exclusive.ts';
import { storageChange } from './storage-change.ts';
import { tableWithoutPk } from './table-without-pk.ts';
import { timeoutQuality } from './timeout-quality.ts';
import { transactionShape } from './transaction-shape.ts';
import { triggerLocks } from './trigger.ts';
import { truncateTable } from './truncate.ts';
import { typeChangeMetadataOnly } from './type-change-metadata-only.ts';
import { typeChangeRewrite } from './type-change-rewrite.ts';
import { typeChangeUsedByView } from './type-change-used-by-view.ts';
import { typeChangeWithCheck } from './type-change-with-check.ts';
import { typePreferences } from './type-preferences.ts';
import { unanalysable } from './unanalysable.ts';
import { unbatchedDml } from './unbatched-dml.ts';
import { uniqueInline } from './unique-inline.ts';
import { unsafeServerFunction } from './unsafe-server-function.ts';
import { vacuumFullOrCluster } from './vacuum-full-or-cluster.ts';
import { validateInSameTx } from './validate-in-same-tx.ts';
import { volatileDefault } from './volatile-default.ts';
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
  uniqueInline,
  unsafeServerFunction,
  pkInline,
  pkUsingIndexNullable,
  exclusionConstraint,
  setNotNull,
  dropNotNull,
  validateInSameTx,
  fkNoCoveringIndex,
  manyHotTablesInOneTransaction,
  fkTypeMismatch,
  dropConstraint,
  domainConstraint,
  fkPolicy,
  notValidLeftBehind,
  addNotNullNoDefault,
  volatileDefault,
  constantDefaultOldPg,
  addSerial,
  addIdentity,
  addGeneratedStored,
  jsonColumn,
  typeChangeRewrite,
  typeChangeMetadataOnly,
  typeChangeWithCheck,
  typeChangeUsedByView,
  dropColumn,
  dropColumnWithIndex,
  dropAndReaddSameColumn,
  renameColumn,
  setDefaultPartialWrites,
  addColumnPlusNotNull,
  typePreferences,
  enumValueUsedInTx,
  enumOrdering,
  enumRenameValue,
  enumRecreate,
  dropTable,
  renameTable,
  truncateTable,
  fullRecreation,
  dropSchemaOrDatabase,
  dropCascade,
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
  idempotentDdl,
];
