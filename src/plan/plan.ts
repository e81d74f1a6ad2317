import { z } from 'zod';

/**
 * The plan as people write it (plan-format): the validated YAML, key for key. There is no second form of it;
 * names are resolved and fragments are read when it becomes changes (`resolve.ts`).
 * Objects are strict: an unknown key is an error that proposes the nearest known one.
 */

/** A name that goes into the database or the file system; checked as hostile in `names.ts`. */
const name = z.string().min(1);
/** A fragment of SQL, read by Postgres' own parser in `fragments.ts`. */
const sql = z.string().min(1);
const names = z.array(name).min(1);

const action = z
  .string()
  .regex(
    /^(no action|restrict|cascade|set null|set default)$/i,
    'expected NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT',
  );

export const FieldSchema = z.strictObject({
  name,
  type: sql,
  constraints: z
    .array(sql)
    .optional()
    .describe('Postgres column constraints: NOT NULL, UNIQUE, DEFAULT …, CHECK (…), REFERENCES …'),
  nullable: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional().describe('A SQL expression'),
  unique: z.boolean().optional(),
  references: z.string().min(1).optional().describe("'table(column)'"),
  on_delete: action.optional(),
  on_update: action.optional(),
  check: sql.optional(),
  description: z.string().optional(),
  raw: z.boolean().optional(),
});

export const IndexSchema = z.strictObject({
  fields: names.optional(),
  expression: sql.optional(),
  type: z.enum(['index', 'unique']).optional(),
  name: name.optional(),
  using: name.optional(),
  opclass: name
    .optional()
    .describe('Operator class of the fields or the expression: vector_cosine_ops, gin_trgm_ops …'),
  where: sql.optional(),
  include: names.optional(),
  order: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("'asc', 'desc', 'desc nulls last' – one for all fields, or one for each"),
  concurrently: z.boolean().optional(),
  raw: z.boolean().optional(),
});

export const ForeignKeySchema = z.strictObject({
  field: name.optional(),
  fields: names.optional(),
  references: z.string().min(1).describe("'table(column, …)', the table may be schema-qualified"),
  on_delete: action.optional(),
  on_update: action.optional(),
  name: name.optional(),
  deferrable: z.union([z.boolean(), z.enum(['initially deferred', 'initially immediate'])]).optional(),
  raw: z.boolean().optional(),
});

export const UniqueSchema = z.strictObject({
  fields: names,
  name: name.optional(),
  nulls_not_distinct: z.boolean().optional(),
});

export const CheckSchema = z.strictObject({ name: name.optional(), expression: sql });

export const ModifyColumnSchema = z.strictObject({
  name,
  old_type: sql.optional().describe('When given it must match, or the plan is stale'),
  new_type: sql.optional(),
  using: sql.optional(),
  nullable: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  drop_default: z.boolean().optional(),
  rename_to: name.optional(),
});

export const ModifyForeignKeySchema = z.strictObject({
  name: name.optional(),
  field: name.optional(),
  on_delete: action.optional(),
  on_update: action.optional(),
});

const rename = z.strictObject({ from: name, to: name });
/** With `keep_property` the code goes on calling it as before: only the name in the database is another. */
const columnRename = z.strictObject({ ...rename.shape, keep_property: z.boolean().optional() });

export const TableChangesSchema = z.strictObject({
  rename_table: name.optional(),
  rename_columns: z.array(columnRename).min(1).optional(),
  add_columns: z.array(FieldSchema).min(1).optional(),
  modify_columns: z.array(ModifyColumnSchema).min(1).optional(),
  drop_columns: names.optional(),
  add_indexes: z.array(IndexSchema).min(1).optional(),
  drop_indexes: names.optional(),
  add_foreign_keys: z.array(ForeignKeySchema).min(1).optional(),
  modify_foreign_keys: z.array(ModifyForeignKeySchema).min(1).optional(),
  drop_foreign_keys: names.optional(),
  add_unique: z.array(UniqueSchema).min(1).optional(),
  drop_unique: names.optional(),
  add_checks: z.array(CheckSchema).min(1).optional(),
  drop_checks: names.optional(),
  primary_key: names.optional(),
  comment: z.string().optional(),
});

export const EnumChangesSchema = z.strictObject({
  add_values: z
    .array(z.strictObject({ value: z.string(), before: z.string().optional(), after: z.string().optional() }))
    .min(1)
    .optional(),
  rename_values: z.array(rename).min(1).optional(),
  drop_values: z.array(z.string()).min(1).optional(),
});

export const SafetySchema = z.strictObject({
  allow: z
    .array(
      z.strictObject({
        rule: z.string().min(1),
        object: z.string().min(1).optional(),
        reason: z.string().min(1),
      }),
    )
    .min(1)
    .optional(),
  skip: z.string().min(1).optional().describe('A reason; switches the gate off for this plan'),
  rollback: z.enum(['manual']).optional(),
  reason: z.string().min(1).optional().describe('Why the rollback is written by hand'),
});

/** Keys that stand in the first document only. */
const head = {
  name: name.optional().describe('Migration name; derived when absent'),
  description: z.string().optional(),
  safety: SafetySchema.optional(),
};
const schema = name.optional().describe('Postgres schema, default public');

const newTable = {
  ...head,
  schema,
  domain_name: name.optional().describe('Folder of the schema file; default: table name'),
  table_name: name,
  fields: z.array(FieldSchema).min(1),
  primary_key: names.optional(),
  indexes: z.array(IndexSchema).optional(),
  foreign_keys: z.array(ForeignKeySchema).optional(),
  unique: z.array(UniqueSchema).optional(),
  checks: z.array(CheckSchema).optional(),
};

/** What `tableplan crud` asks of a value, beyond what the column's type says. */
export const ValidationSchema = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
  min_length: z.int().nonnegative().optional(),
  max_length: z.int().nonnegative().optional(),
  pattern: z.string().min(1).optional().describe('A JavaScript regular expression, without slashes'),
  format: z.enum(['email', 'url']).optional(),
});

const limit = z.int().positive();

/** What the code of a domain is to be like; carried out by `tableplan crud`. */
const domain = {
  entity_name: name.optional().describe('One row, in the singular; derived from the table name'),
  authentication: z.enum(['public', 'protected', 'admin']).optional(),
  pagination: z
    .strictObject({ default_limit: limit.optional(), max_limit: limit.optional() })
    .optional()
    .describe('Rows on a page: default 20, at most 100'),
  search_fields: z.array(name).optional().describe('Text fields that ?search= looks in'),
  filter_fields: z.array(name).optional().describe('Fields that a parameter of their name filters by'),
  sort_fields: z.array(name).optional().describe('Fields that ?sortBy= may name'),
};

export const DocumentSchema = z.discriminatedUnion('migration_type', [
  z.strictObject({
    migration_type: z.literal('new_domain'),
    ...newTable,
    fields: z.array(FieldSchema.extend({ validation: ValidationSchema.optional() })).min(1),
    ...domain,
  }),
  z.strictObject({ migration_type: z.literal('new_table'), ...newTable }),
  z.strictObject({
    migration_type: z.literal('modify_existing'),
    ...head,
    schema,
    table_name: name,
    changes: TableChangesSchema,
  }),
  z.strictObject({ migration_type: z.literal('drop_table'), ...head, schema, table_name: name }),
  z.strictObject({
    migration_type: z.literal('rename_table'),
    ...head,
    schema,
    table_name: name,
    new_name: name,
  }),
  z.strictObject({
    migration_type: z.literal('new_enum'),
    ...head,
    schema,
    enum_name: name,
    values: z.array(z.string()).min(1),
  }),
  z.strictObject({
    migration_type: z.literal('modify_enum'),
    ...head,
    schema,
    enum_name: name,
    changes: EnumChangesSchema,
  }),
  z.strictObject({ migration_type: z.literal('drop_enum'), ...head, schema, enum_name: name }),
]);

export type PlanDocument = z.output<typeof DocumentSchema>;
export type PlanField = z.output<typeof FieldSchema>;
export type PlanIndex = z.output<typeof IndexSchema>;
export type PlanForeignKey = z.output<typeof ForeignKeySchema>;
export type PlanUnique = z.output<typeof UniqueSchema>;
export type PlanCheck = z.output<typeof CheckSchema>;
export type PlanModifyColumn = z.output<typeof ModifyColumnSchema>;
export type PlanSafety = z.output<typeof SafetySchema>;
export type PlanValidation = z.output<typeof ValidationSchema>;
export type NewDomainDocument = Extract<PlanDocument, { migration_type: 'new_domain' }>;
export type NewTableDocument = Extract<PlanDocument, { fields: unknown }>;
export type ModifyTableDocument = Extract<PlanDocument, { migration_type: 'modify_existing' }>;
export type ModifyEnumDocument = Extract<PlanDocument, { migration_type: 'modify_enum' }>;

/** A whole plan: its documents make one migration. */
export interface Plan {
  readonly documents: readonly PlanDocument[];
}

/** Path of a value in a plan: document index first, then keys and list indexes as in the YAML. */
export type PlanPath = readonly (string | number)[];
