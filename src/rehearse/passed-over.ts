import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { VECTOR_PACKAGE } from '../postgres/engines/pglite.ts';
import type { SqlStatement } from '../postgres/parse-script.ts';

/** Extensions and roles are the server's matter, not the migration's: what the engine does not have is said and passed over. */
const PASSED_OVER = new Set([
  'CreateExtensionStmt',
  'CreateRoleStmt',
  'GrantStmt',
  'GrantRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'DropRoleStmt',
  'DropOwnedStmt',
  'ReassignOwnedStmt',
  'AlterSystemStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
]);

/** What Postgres lets none but a superuser do, in one form or another; an embedded server has no superuser to give. */
const OF_SUPERUSERS = new Set([
  ...PASSED_OVER,
  'AlterEventTrigStmt',
  'AlterExtensionContentsStmt',
  'AlterExtensionStmt',
  'AlterFdwStmt',
  'AlterOwnerStmt',
  'AlterPublicationStmt',
  'AlterSubscriptionStmt',
  'CommentStmt',
  'CopyStmt',
  'CreateEventTrigStmt',
  'CreateFdwStmt',
  'CreateForeignServerStmt',
  'CreateFunctionStmt',
  'CreateOpClassStmt',
  'CreateOpFamilyStmt',
  'CreatePLangStmt',
  'CreatePublicationStmt',
  'CreateSubscriptionStmt',
  'CreateTableSpaceStmt',
  'CreateUserMappingStmt',
  'DefineStmt',
  'LoadStmt',
  'SecLabelStmt',
  'VariableSetStmt',
]);

/** "permission denied …" */
const NOT_ALLOWED = '42501';

/** Whether a migration may go on without this statement, where the engine cannot run it. */
export function isPassedOver(node: object | undefined): boolean {
  return PASSED_OVER.has(tagOf(node));
}

/** Whether there is any engine that a migration goes on without this statement on. */
export function mayBePassedOver(node: SqlStatement['node']): boolean {
  return node !== undefined && (OF_SUPERUSERS.has(tagOf(node)) || changesOwner(node));
}

/** Whether a statement is refused only because what is rehearsed there is no superuser: elsewhere it may well run. */
export function needsSuperuser(
  kind: Engine['kind'],
  node: SqlStatement['node'],
  failure: Pick<SqlFailure, 'sqlstate'>,
): boolean {
  return kind !== 'pglite' && failure.sqlstate === NOT_ALLOWED && mayBePassedOver(node);
}

function tagOf(node: object | undefined): string {
  return node === undefined ? '' : (Object.keys(node)[0] ?? '');
}

/** ALTER TABLE … OWNER TO a role that may create nothing there. */
function changesOwner(node: NonNullable<SqlStatement['node']>): boolean {
  const commands = 'AlterTableStmt' in node ? (node.AlterTableStmt.cmds ?? []) : [];
  return commands.some(
    (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_ChangeOwner',
  );
}

/** How what an engine has passed over can be rehearsed all the same. */
export function wayOut({ kind }: Engine, node: SqlStatement['node'], { sqlstate }: SqlFailure): string {
  if (sqlstate === NOT_ALLOWED)
    return kind === 'embedded' ? ' What is rehearsed there is no superuser; PGlite runs more.' : '';
  if (!node || !('CreateExtensionStmt' in node)) return '';
  return wayToExtension(kind, node.CreateExtensionStmt.extname ?? '');
}

/** How a rehearsal gets an extension that its engine does not have. */
export function wayToExtension(kind: Engine['kind'], extension: string): string {
  if (kind === 'pglite' && extension === 'vector') {
    return ` It is rehearsed after npm install --save-dev ${VECTOR_PACKAGE}.`;
  }
  return kind === 'server' ? '' : ' It is rehearsed with --engine and the URL of a server that has it.';
}
