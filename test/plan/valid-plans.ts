import fc from 'fast-check';
import type { PlanDocument } from '../../src/plan/plan.ts';

/** Names as plans have them; distinct within one list because of their number. */
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const name = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 1, arbitrary: fc.constantFrom('größe', 'constructor', 'no', 'null', 'true', 'имя', '__proto__') },
);
const text = fc.oneof(
  fc.constantFrom(
    '',
    'yes',
    '2024',
    '# no comment',
    "it's: {a}",
    'two\nlines\n',
    '  blanks  ',
    '- 1',
    '😀',
    '*x',
    '&x',
    '\ttab',
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .map((s) => s.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '')),
);
const type = fc.constantFrom(
  'UUID',
  'VARCHAR(100)',
  'numeric(10, 2)',
  'text[]',
  'timestamptz',
  'double precision',
  '"Kind"',
  'app.kind',
);
const expression = fc.constantFrom("'active'", 'now()', '0', "'it''s'", "'a: b # c'", '(1 + 2)', "E'\\\\n'");
const constraint = fc.constantFrom('UNIQUE', "CHECK (length('a: b') > 0)", 'CONSTRAINT c CHECK (1 > 0)');
const action = fc.constantFrom('CASCADE', 'set null', 'NO ACTION', 'Restrict', 'set default');
const reference = fc.constantFrom('users(id)', 'auth.users', 'users');
const literal = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom(1.5, -0.25), expression);

/** Every key may be missing. */
function optional<T>(keys: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(keys, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

/** Both records in one object. */
function and<A extends object, B extends object>(
  a: fc.Arbitrary<A>,
  b: fc.Arbitrary<B>,
): fc.Arbitrary<A & B> {
  return fc.tuple(a, b).map(([left, right]) => ({ ...left, ...right }));
}

const keysOfField = optional({
  constraints: fc.uniqueArray(constraint, { maxLength: 2 }),
  nullable: fc.boolean(),
  default: literal,
  description: text,
  raw: fc.boolean(),
});
const keysOfReference = fc.oneof(
  fc.constant({}),
  and(fc.record({ references: reference }), optional({ on_delete: action, on_update: action })),
);
const field = (named: string) =>
  and(and(fc.record({ name: fc.constant(named), type }), keysOfField), keysOfReference);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });

const index = (columns: readonly string[]) =>
  and(
    fc.oneof(
      fc.record({ fields: fc.subarray([...columns], { minLength: 1 }) }),
      fc.constant({ expression: "lower('a')" }),
    ),
    optional({
      type: fc.constantFrom('index', 'unique'),
      where: fc.constant('1 > 0'),
      order: fc.constantFrom('desc', 'asc nulls first'),
      concurrently: fc.boolean(),
    }),
  );

const foreignKey = (columns: readonly string[]) =>
  and(
    fc.record({ field: fc.constantFrom(...columns), references: reference }),
    optional({ on_delete: action, deferrable: fc.constantFrom(true, false, 'initially deferred') }),
  );

const safety = fc.oneof(
  fc.record({
    allow: fc.array(fc.record({ rule: word, reason: fc.constant('because: it is') }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record({ skip: fc.constant('2024') }),
  fc.constant({ rollback: 'manual', reason: 'by hand' }),
);
const head = optional({ name: fc.constantFrom('first', 'AddIt'), description: text, safety });
const place = optional({ schema: fc.constantFrom('public', 'app') });

const newTable = names.chain((columns) =>
  and(
    fc.record({
      migration_type: fc.constantFrom('new_table', 'new_domain'),
      table_name: name,
      fields: fc.tuple(...columns.map(field)),
    }),
    and(
      place,
      optional({
        domain_name: word,
        primary_key: fc.subarray(columns, { minLength: 1 }),
        indexes: fc.array(index(columns), { maxLength: 2 }),
        foreign_keys: fc.array(foreignKey(columns.slice(0, 1)), { maxLength: 0 }),
        unique: fc.array(fc.record({ fields: fc.subarray(columns, { minLength: 1 }) }), { maxLength: 1 }),
        checks: fc.array(fc.constant({ expression: '1 > 0' }), { maxLength: 1 }),
      }),
    ),
  ),
);

const modifyColumn = (named: string) =>
  and(
    fc.record({ name: fc.constant(named), new_type: type }),
    optional({ old_type: type, using: expression, nullable: fc.boolean(), default: literal }),
  );

const modifyTable = fc
  .uniqueArray(name, { minLength: 8, maxLength: 8 })
  .chain(([a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '']) =>
    and(
      fc.record({
        migration_type: fc.constant('modify_existing'),
        table_name: fc.constant(h),
        changes: and(
          fc.record({ add_columns: fc.tuple(field(a)) }),
          optional({
            rename_columns: fc.constant([{ from: b, to: c }]),
            modify_columns: fc.tuple(modifyColumn(d)),
            drop_columns: fc.constant([e]),
            add_indexes: fc.array(index([a, d]), { minLength: 1, maxLength: 2 }),
            drop_indexes: fc.constant([f, g]),
            add_foreign_keys: fc.array(foreignKey([a, d]), { minLength: 1, maxLength: 1 }),
            modify_foreign_keys: fc.constant([{ name: f, on_delete: 'CASCADE' }]),
            add_unique: fc.constant([{ fields: [a, d], nulls_not_distinct: true }]),
            add_checks: fc.constant([{ name: g, expression: "a <> 'x: y'" }]),
            primary_key: fc.constant([a]),
            rename_table: fc.constant(g),
            comment: text,
          }),
        ),
      }),
      place,
    ),
  );

const labels = fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 10 }), {
  minLength: 3,
  maxLength: 6,
});
const newEnum = and(
  fc.record({ migration_type: fc.constant('new_enum'), enum_name: name, values: labels }),
  place,
);
const modifyEnum = and(
  fc.record({
    migration_type: fc.constant('modify_enum'),
    enum_name: name,
    changes: labels.map(([a = '', b = '', c = '']) => ({
      add_values: [{ value: a, after: b }],
      rename_values: [{ from: b, to: c }],
    })),
  }),
  place,
);
const plain = fc.oneof(
  and(fc.record({ migration_type: fc.constant('drop_table'), table_name: name }), place),
  and(fc.record({ migration_type: fc.constant('drop_enum'), enum_name: name }), place),
  and(
    fc.record({
      migration_type: fc.constant('rename_table'),
      table_name: fc.constant('a'),
      new_name: fc.constant('b'),
    }),
    place,
  ),
);

const body = fc.oneof(newTable, modifyTable, newEnum, modifyEnum, plain) as fc.Arbitrary<PlanDocument>;

/** Plans that `parsePlan` accepts, of every kind and with every key. */
export const validPlan = fc
  .tuple(
    head,
    fc.uniqueArray(body, {
      minLength: 1,
      maxLength: 3,
      selector: ({ migration_type: kind, ...rest }) =>
        `${kind.slice(0, 4)} ${'table_name' in rest ? rest.table_name : rest.enum_name}`,
    }),
  )
  .map(([first, documents]) => ({
    documents: documents.map((document, at) =>
      at === 0 ? { ...document, ...first } : document,
    ) as PlanDocument[],
  }));
