import type { Notice } from '../plan/change.ts';
import { displayName, findTable, isSameObject, type ObjectName } from '../plan/database-schema.ts';
import type { CodeInput } from './code.ts';
import type { CrudProject } from './crud-project.ts';
import type { CrudDomain } from './domain.ts';
import { listIndexNotices } from './list-indexes.ts';
import { marksDeletion } from './server-columns.ts';

interface Telling {
  readonly input: CodeInput;
  readonly project: CrudProject;
}

const info = (rule: string, message: string): Notice => ({ severity: 'info', rule, message });
const warning = (rule: string, message: string): Notice => ({ severity: 'warning', rule, message });

/** What is not in the code though it is in the table, what its test may trip over, and what it changes for others. */
export function domainNotices(domain: CrudDomain, telling: Telling): readonly Notice[] {
  return [
    ...ofFields(domain),
    ...ofServer(domain),
    ...ofParents(domain, telling),
    ...ofPolicies(domain, telling),
    ...listIndexNotices(domain, telling),
  ];
}

function ofFields({ table, fields, readable, creatable, checks }: CrudDomain): readonly Notice[] {
  const name = displayName(table);
  const without = fields.filter((field) => field.kind === 'opaque').map(({ column }) => column);
  const secret = creatable.filter((field) => !readable.includes(field)).map(({ column }) => column);
  const opaque = checks.filter(
    ({ isOpaque, fields: about }) => isOpaque && about.some(({ isGenerated }) => !isGenerated),
  );
  return [
    ...(without.length === 0
      ? []
      : [
          info(
            'no-json',
            `${name}: ${without.join(', ')} cannot be written in JSON and are left out of the code`,
          ),
        ]),
    ...(secret.length === 0
      ? []
      : [info('secret-columns', `${name}: ${secret.join(', ')} can be written, and are never returned`)]),
    ...opaque.map((check) =>
      info(
        'check-not-read',
        `${name}: CHECK ${check.name} is too complex to generate test rows for; check that the rows of the generated test satisfy it`,
      ),
    ),
  ];
}

/** Columns that no client gives, and what becomes of deleted rows. */
function ofServer({ table, fields, deletion }: CrudDomain): readonly Notice[] {
  const name = displayName(table);
  const kept = fields.filter(
    ({ role, isGenerated }) => role !== undefined && role !== 'time' && !isGenerated,
  );
  return [
    ...(deletion === undefined
      ? []
      : [
          info(
            'soft-delete',
            `${name}: deleted rows stay, marked in ${deletion.field.column}; they are neither found nor changed`,
          ),
        ]),
    ...(kept.length === 0
      ? []
      : [
          info(
            'server-columns',
            `${name}: ${kept.map(({ column }) => column).join(', ')} ${kept.length === 1 ? 'is' : 'are'} never taken from a client`,
          ),
        ]),
  ];
}

function isNew(table: ObjectName, { plan }: CodeInput): boolean {
  return plan.plan.documents.some(
    (document) =>
      'fields' in document &&
      document.table_name === table.name &&
      (document.schema ?? 'public') === table.schema,
  );
}

/** Rows of parents can no longer be deleted once rows of a new table refer to them. */
function ofParents({ table }: CrudDomain, { input }: Telling): readonly Notice[] {
  const def = findTable(input.schema, table);
  if (!isNew(table, input) || def === undefined) return [];
  const restricting = def.foreignKeys.filter(
    ({ onDelete, references }) =>
      (onDelete === 'no action' || onDelete === 'restrict') &&
      !isSameObject(references, table) &&
      // Rows that are only marked as deleted go nowhere.
      !(findTable(input.schema, references)?.columns.some(marksDeletion) ?? false),
  );
  return restricting.map(({ name, references, onDelete }) =>
    warning(
      'parent-restricted',
      `${displayName(references)}: a row that ${displayName(table)} refer to can no longer be deleted (${name}, ON DELETE ${onDelete.toUpperCase()}); deletes that succeed today fail then. on_delete: CASCADE or SET NULL in the plan keeps them`,
    ),
  );
}

/** Policies let each request see some rows, by what is set before its queries: generated queries set nothing. */
function ofPolicies({ table }: CrudDomain, { input, project }: Telling): readonly Notice[] {
  if (input.orm !== 'drizzle') return [];
  const name = displayName(table);
  const others = input.schema.tables.filter((each) => !isSameObject(each, table));
  const guarded = others.filter((other) => hasPolicies(other, { input, project }));
  if (hasPolicies(table, { input, project }))
    return [
      warning(
        'row-policies',
        `${name} has row-level policies: the generated queries run without what these look at (set_config, SET ROLE), and as the owner of the table they see every row`,
      ),
    ];
  // Of a table that is new the migration itself says so.
  if (isNew(table, input) || guarded.length === 0 || guarded.length * 2 < others.length) return [];
  return [
    warning(
      'row-policies',
      `${name} has no row-level policy, though ${guarded.map(displayName).join(', ')} have: whoever may use its routes sees all rows`,
    ),
  ];
}

function hasPolicies(table: ObjectName, { input, project }: Telling): boolean {
  const source = input.describe(table);
  const text = source && project.sources.get(source.path);
  if (source === undefined || text === undefined) return false;
  const start = text.search(new RegExp(`\\b${source.variable}\\s*=`));
  const next = text.slice(start).search(/\n(export\s+)?(const|function|class)\s/);
  const own = text.slice(start, next === -1 ? undefined : start + next);
  return /\b\w*[pP]olic(y|ies)\w*\s*\(|\.enableRLS\(|\.withRLS\(/.test(own);
}
