import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import type { PlanDocument } from '../../src/plan/plan.ts';
import { printWords, toWords } from '../../src/plan/print-words.ts';
import { parseWords, readWords, type WordsContext } from '../../src/plan/words.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

const table = (
  name: string,
  columns: string[],
  foreignKeys: WordsContext['tables'][number]['foreignKeys'] = [],
) => ({ schema: 'public', name, columns, foreignKeys });
const context: WordsContext = {
  tables: [
    table('products', ['id', 'name', 'price', 'old_field', 'status', 'created_at']),
    table('brands', ['id', 'name']),
    table('threads', ['id', 'created_at', 'title']),
    table('agents', ['id', 'name']),
    table('users', ['id', 'email', 'full_name']),
    table('user_shares', ['id', 'scope', 'user_id']),
    table(
      'shares',
      ['id', 'scope_id'],
      [{ name: 'shares_scope_id_scopes_id_fk', columns: ['scope_id'], refTable: 'scopes' }],
    ),
    table('scopes', ['id']),
    { ...table('logs', ['id', 'at']), schema: 'audit' },
  ],
};
/** Words as a shell splits them, where nothing is quoted. */
const read = (line: string) => readWords(line.split(' '), context);
const document = (line: string): PlanDocument => read(line).plan.documents[0] as PlanDocument;
const changes = (line: string) => {
  const { migration_type, ...rest } = document(line) as Extract<PlanDocument, { changes: object }>;
  return {
    type: migration_type,
    ...('table_name' in rest ? { table: rest.table_name } : {}),
    name: rest.name,
    ...rest.changes,
  };
};

function refused(line: string) {
  try {
    read(line);
  } catch (error) {
    if (error instanceof TableplanError)
      return {
        code: error.code,
        message: error.message,
        hint: error.hint,
        column: error.at?.column,
        supply: error.missing[0]?.supply,
      };
    throw error;
  }
  throw new Error(`understood: ${line}`);
}

describe('a table and columns', () => {
  it('add the columns where there is such a table', () => {
    expect(document('products brand_id:uuid:ref(brands) price_cents:int!')).toEqual({
      migration_type: 'modify_existing',
      table_name: 'products',
      changes: {
        add_columns: [
          { name: 'brand_id', type: 'uuid', references: 'brands' },
          { name: 'price_cents', type: 'int', constraints: ['NOT NULL'] },
        ],
      },
    });
    expect(read('products a:int').notices).toMatchObject([{ rule: 'words-add-columns' }]);
    expect(document('product a:int')).toMatchObject({
      migration_type: 'modify_existing',
      table_name: 'products',
    });
    expect(document('audit.logs a:int')).toMatchObject({ schema: 'audit', table_name: 'logs' });
  });

  it('make the table where there is none', () => {
    expect(document('orders id:uuid=gen_random_uuid():pk total:numeric(10,2)!=0:index')).toEqual({
      migration_type: 'new_table',
      table_name: 'orders',
      fields: [
        { name: 'id', type: 'uuid', constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()'] },
        { name: 'total', type: 'numeric(10,2)', constraints: ['NOT NULL', 'DEFAULT 0'] },
      ],
      indexes: [{ fields: ['total'], type: 'index' }],
    });
    expect(read('orders a:int').notices).toMatchObject([{ rule: 'words-new-table' }]);
  });

  it.each([
    [['User', 'Chat', 'vote'], 'MessagePart', 'MessagePart'],
    [['User', 'Chat', 'vote'], 'message_part', 'MessagePart'],
    [['userRole', 'chatRoom', 'vote'], 'MessagePart', 'messagePart'],
    [['user_role', 'chatRoom', 'vote'], 'MessagePart', 'message_part'],
    [['vote', 'user'], 'MessagePart', 'message_part'],
  ])('a new table beside %j has their case: %s', (names, word, expected) => {
    const tables = names.map((name) => table(name, ['id']));
    const { plan } = readWords([word, 'a:int'], { ...context, tables });
    expect(plan.documents[0]).toMatchObject({ table_name: expected });
  });

  it('a slip is no new table', () => {
    expect(refused('prodcuts a:int')).toMatchObject({
      code: 'plan-invalid',
      hint: expect.stringMatching(/Did you mean products.*CreateProdcutsTable/),
    });
  });

  it('the line that a slip is answered with makes the table as it was typed, in a shell too', () => {
    const tables = ['task_relation', 'task', 'user'].map((name) => table(name, ['id']));
    const words = ['task_reaction', 'task:uuid:ref(task,cascade)', 'emoji:text!'];
    const line = "CreateTaskReactionTable 'task:uuid:ref(task,cascade)' 'emoji:text!'";
    expect(() => readWords(words, { ...context, tables })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`type ${line}.`) }),
    );
    const { plan } = readWords([line.split(' ')[0]!, ...words.slice(1)], { ...context, tables });
    expect(plan.documents[0]).toMatchObject({ migration_type: 'new_table', table_name: 'task_reaction' });
  });

  it('nothing to do is a question', () => {
    expect(refused('products')).toMatchObject({ code: 'answer-needed', supply: 'products column:type' });
    expect(refused('orders')).toMatchObject({ code: 'answer-needed' });
    expect(refused('products a b:int c!')).toMatchObject({ code: 'answer-needed' });
  });
});

describe('a column word', () => {
  const field = (word: string) => {
    const [only] = (
      readWords(['orders', word], context).plan.documents[0] as Extract<PlanDocument, { fields: object }>
    ).fields;
    return only;
  };

  it.each([
    ['a:int!=0', ['NOT NULL', 'DEFAULT 0']],
    ['a:int=0!', ['NOT NULL', 'DEFAULT 0']],
    ['a:text=active', ["DEFAULT 'active'"]],
    ['a:order_status=pending!', ['NOT NULL', "DEFAULT 'pending'"]],
    ['a:varchar(20)=in-progress', ["DEFAULT 'in-progress'"]],
    ["a:text='it''s: so'", ["DEFAULT 'it''s: so'"]],
    ['a:text=CURRENT_USER', ['DEFAULT CURRENT_USER']],
    ['a:boolean=true', ['DEFAULT true']],
    ['a:text=null', ['DEFAULT null']],
    ['a:timestamptz!=now()', ['NOT NULL', 'DEFAULT now()']],
    ["a:jsonb='{}'::jsonb", ["DEFAULT '{}'::jsonb"]],
    ["a:text='x:unique'", ["DEFAULT 'x:unique'"]],
    ['a:text!:unique', ['NOT NULL', 'UNIQUE']],
    ['a:uuid:pk', ['PRIMARY KEY']],
    ['a:int', undefined],
  ])('%s', (word, constraints) => {
    expect(field(word)?.constraints).toEqual(constraints);
  });

  it.each([
    ['a:uuid:ref(brands)', { references: 'brands' }],
    ['a:uuid:ref(brands.id)', { references: 'brands(id)' }],
    ['a:uuid:ref(app.brands.id)', { references: 'app.brands(id)' }],
    [
      'a:uuid!:ref(brands,cascade):index',
      { references: 'brands', on_delete: 'cascade', constraints: ['NOT NULL'] },
    ],
    ['a:uuid:ref(brands.id,set_null)', { references: 'brands(id)', on_delete: 'set null' }],
    ['a:numeric(10,2)', { type: 'numeric(10,2)' }],
    ['a:double precision', { type: 'double precision' }],
    ['a:text[]', { type: 'text[]' }],
  ])('%s', (word, expected) => {
    expect(field(word)).toMatchObject(expected);
  });

  it.each([
    ['orders a:int=active', /no default for integer/, 14],
    ['orders a:varchr(', /syntax error at the end/, 17],
    ['orders ok:int a:int);drop', /syntax error at the end/, 26],
    ['orders :int', /no name/, 8],
    ['orders a:=1', /no type/, 9],
    ['orders a:int=', /no default/, 8],
    ['orders a:int:ref(a,b,c)', /no reference/, 14],
    ['orders a:int:ref(b,sometimes)', /sometimes/, 20],
    ['orders a:int a:text', /duplicate field/, 14],
    ['orders ../x:int', /path separator|sign/, 8],
    ['a:int', /the table or a name comes first/, 1],
    ['../etc a:int', /is not a name/, 1],
  ])('%s is refused where it is wrong', (line, message, column) => {
    const { code, ...error } = refused(line);
    expect(code).toBe('plan-invalid');
    expect(error.message).toMatch(message);
    expect(error.column).toBe(column);
  });
});

describe('a name that says it', () => {
  it.each([
    [
      'CreateTeamSharesTable name:varchar(100)!:unique',
      { name: 'create_team_shares_table', table_name: 'team_shares' },
    ],
    ['CreateTeamShare name:text', { name: 'create_team_share', table_name: 'team_shares' }],
    ['create_team_shares name:text', { name: 'create_team_shares', table_name: 'team_shares' }],
    ['create-team-shares-table name:text', { name: 'create_team_shares_table', table_name: 'team_shares' }],
    ['createTeamSharesTable name:text', { name: 'create_team_shares_table', table_name: 'team_shares' }],
    ['DropProductsTable', { migration_type: 'drop_table', table_name: 'products' }],
    ['DropProducts', { migration_type: 'drop_table', table_name: 'products' }],
    [
      'RenameTableProductsToItems',
      {
        migration_type: 'rename_table',
        table_name: 'products',
        new_name: 'items',
        name: 'rename_table_products_to_items',
      },
    ],
    ['RenameProductsToItems', { migration_type: 'rename_table', table_name: 'products', new_name: 'items' }],
    [
      'CreateOrderStatusEnum pending paid',
      { migration_type: 'new_enum', enum_name: 'order_status', values: ['pending', 'paid'] },
    ],
    ['DropOrderStatusEnum', { migration_type: 'drop_enum', enum_name: 'order_status' }],
  ])('%s', (line, expected) => {
    expect(document(line)).toMatchObject(expected);
  });

  it.each([
    [
      'AddBrandIdToProducts brand_id:uuid',
      {
        table: 'products',
        name: 'add_brand_id_to_products',
        add_columns: [{ name: 'brand_id', type: 'uuid' }],
      },
    ],
    [
      'add_brand_id_and_sku_to_products brand_id:uuid sku:text',
      { add_columns: [{ name: 'brand_id' }, { name: 'sku' }] },
    ],
    ['RemoveOldFieldFromProducts old_field', { drop_columns: ['old_field'] }],
    ['RemoveOldFieldFromProducts', { drop_columns: ['old_field'] }],
    ['DropPriceAndStatusFromProducts', { drop_columns: ['price', 'status'] }],
    ['RemoveUserShareScope', { table: 'user_shares', drop_columns: ['scope'] }],
    ['RenamePriceToCostInProducts', { rename_columns: [{ from: 'price', to: 'cost' }] }],
    ['RenamePriceToCostOnProducts', { rename_columns: [{ from: 'price', to: 'cost' }] }],
    [
      'ChangePriceOnProducts price:numeric(10,2)!',
      { modify_columns: [{ name: 'price', new_type: 'numeric(10,2)', nullable: false }] },
    ],
    ['ModifyPriceInProducts price:bigint', { modify_columns: [{ name: 'price', new_type: 'bigint' }] }],
    ['MakePriceRequiredInProducts', { modify_columns: [{ name: 'price', nullable: false }] }],
    ['MakePriceNotNullInProducts', { modify_columns: [{ name: 'price', nullable: false }] }],
    [
      'AddIndexOnThreadsCreatedAt',
      { table: 'threads', add_indexes: [{ fields: ['created_at'], type: 'index' }] },
    ],
    [
      'AddIndexOnThreadCreatedAt',
      { table: 'threads', add_indexes: [{ fields: ['created_at'], type: 'index' }] },
    ],
    ['AddIndexToThreadsOnTitleAndCreatedAt', { add_indexes: [{ fields: ['title', 'created_at'] }] }],
    ['AddIndexOnThreadsTitleCreatedAt', { add_indexes: [{ fields: ['title', 'created_at'] }] }],
    ['AddIndexOnCreatedAtToThreads', { add_indexes: [{ fields: ['created_at'] }] }],
    ['AddTitleIndexToThreads', { add_indexes: [{ fields: ['title'] }] }],
    ['AddIndexToThreads title', { add_indexes: [{ fields: ['title'] }] }],
    ['AddUniqueIndexOnUsersEmail', { table: 'users', add_indexes: [{ fields: ['email'], type: 'unique' }] }],
    ['AddUniqueConstraintToUsersOnEmail', { add_unique: [{ fields: ['email'] }] }],
    ['AddUniqueOnUsersFullName', { add_unique: [{ fields: ['full_name'] }] }],
    ['RemoveIndexFromThreads threads_title_idx', { drop_indexes: ['threads_title_idx'] }],
    ['DropForeignKeyFromShares scope_id', { drop_foreign_keys: ['shares_scope_id_scopes_id_fk'] }],
    [
      'AddForeignKeyToProducts brand_id:ref(brands)',
      { add_foreign_keys: [{ field: 'brand_id', references: 'brands' }] },
    ],
    [
      'AddForeignKeyToProducts brand_id:uuid:ref(brands.id,cascade)',
      { add_columns: [{ name: 'brand_id', references: 'brands(id)', on_delete: 'cascade' }] },
    ],
    [
      'AddForeignKeyOnUserSharesUserId',
      { table: 'user_shares', add_foreign_keys: [{ field: 'user_id', references: 'users' }] },
    ],
    ['AddUserForeignKeyToUserShares', { add_foreign_keys: [{ field: 'user_id', references: 'users' }] }],
    [
      'CascadeDeleteSharesOnScopeDelete',
      { table: 'shares', modify_foreign_keys: [{ field: 'scope_id', on_delete: 'CASCADE' }] },
    ],
    ['SetNullSharesOnScopeDelete', { modify_foreign_keys: [{ field: 'scope_id', on_delete: 'SET NULL' }] }],
  ])('%s', (line, expected) => {
    expect(changes(line)).toMatchObject({ type: 'modify_existing', ...expected });
  });

  it.each([
    ['AddMarketplaceSlugToAgents', 'AddMarketplaceSlugToAgents marketplace_slug:text'],
    ['AddBrandIdAndPaidAtToProducts', 'AddBrandIdAndPaidAtToProducts brand_id:uuid paid_at:timestamptz'],
    ['AddBrandIdToProducts brand_id', 'AddBrandIdToProducts brand_id:uuid'],
    ['ChangePriceOnProducts', 'ChangePriceOnProducts price:integer'],
    ['CreateOrdersTable', "CreateOrdersTable 'id:uuid=gen_random_uuid():pk' 'name:text!'"],
    ['AddIndexToThreads', 'AddIndexToThreads id'],
    ['AddForeignKeyToProducts', 'AddForeignKeyToProducts other_id:ref(others)'],
    ['AddIndexOnThreads', 'AddIndexOnThreads id'],
  ])('%s wants an answer, and says what to type', (line, supply) => {
    const asked = refused(line);
    expect(asked.code).toBe('answer-needed');
    expect(asked.supply).toBe(supply);
  });

  it('that can be read in two ways is a question', () => {
    const tables = [table('user_shares', ['scope']), table('users', ['share_scope'])];
    const ask = () => readWords(['RemoveUserShareScope'], { tables });
    expect(ask).toThrow('Is it share_scope of users or scope of user_shares?');
    expect(ask).toThrow(
      expect.objectContaining({
        code: 'answer-needed',
        hint: expect.stringContaining('RemoveScopeFromUserShares'),
      }),
    );
  });

  it.each([
    ['AddBrandIdToProdcuts brand_id:uuid', /no table "prodcuts"/, /products/],
    ['RemoveOldFeildFromProducts', /no column "old_feild"/, /old_field/],
    ['AddIndexOnThreadsCretedAt', /no column "creted_at"/, /created_at/],
    ['FrobnicateProductsAndBrands x', /./, /./],
    ['AddEverything', /not understood/, /AddPriceTo_products/],
    ['CascadeDeleteSharesOnBrandDelete', /no foreign key to brands/, /$/],
    ['DropProductsTable now', /no column|not understood|not needed/, /./],
  ])('%s is not understood', (line, message, hint) => {
    const error = refused(line);
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint);
  });
});

describe('a plan as words', () => {
  it.each([
    'products brand_id:uuid:ref(brands) price_cents:int!',
    'CreateOrdersTable id:uuid=gen_random_uuid():pk total:numeric(10,2)!=0:index note:text=active',
    'RemoveOldFieldFromProducts old_field',
    'RenamePriceToCostInProducts',
    'DropProductsTable',
    'AddIndexOnThreadsCreatedAt created_at',
    'AlterPriceInProducts price:bigint',
    'CreateOrderStatusEnum pending paid',
    'AddForeignKeyOnBrandIdToProducts brand_id:ref(brands.id,set_null)',
  ])('%s can be said again', async (line) => {
    const { plan } = read(line);
    const words = toWords(plan);
    expect(words).toBeDefined();
    const [again] = (await parseWords(words ?? [], context)).plan.documents;
    expect({ ...again, name: undefined }).toEqual({ ...plan.documents[0], name: undefined });
  });

  it('is quoted for a shell where it must be', () => {
    const { plan } = readWords(['products', 'a:int!', "b:text='it''s'", 'c:uuid'], context);
    const line = printWords(plan) ?? '';
    expect(line).toBe(`products 'a:int!' 'b:text='\\''it'\\'''\\''s'\\''' c:uuid`);
    const split = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(split).toEqual(['products', 'a:int!', "b:text='it''s'", 'c:uuid']);
  });

  it('is not told where words cannot say all of it', () => {
    const documents: PlanDocument[][] = [
      [
        {
          migration_type: 'modify_existing',
          table_name: 'a',
          changes: { add_columns: [{ name: 'b', type: 'int', check: 'b > 0' }] },
        },
      ],
      [
        {
          migration_type: 'modify_existing',
          table_name: 'a',
          changes: { drop_columns: ['b'], comment: 'x' },
        },
      ],
      [{ migration_type: 'drop_table', table_name: 'a', safety: { skip: 'why' } }],
      [{ migration_type: 'drop_table', table_name: 'a', description: 'why' }],
      [
        { migration_type: 'drop_table', table_name: 'a' },
        { migration_type: 'drop_table', table_name: 'b' },
      ],
      [
        {
          migration_type: 'new_table',
          table_name: 'a',
          fields: [{ name: 'b', type: 'int' }],
          primary_key: ['b'],
        },
      ],
      [
        {
          migration_type: 'modify_existing',
          table_name: 'a',
          changes: { add_indexes: [{ fields: ['b'], where: 'b > 0' }] },
        },
      ],
    ];
    for (const plan of documents) expect(toWords({ documents: plan })).toBeUndefined();
  });

  it('whatever the columns are, the words mean the same', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const word = fc
      .record({
        type: fc.constantFrom(
          'int',
          'varchar(20)',
          'numeric(10,2)',
          'timestamptz',
          'text[]',
          'order_status',
          'double precision',
        ),
        notNull: fc.constantFrom('', '!'),
        value: fc.constantFrom('', '=NULL', "='a:b'", "='it''s !'", '=(1 + 2)', "='{}'::jsonb"),
        more: fc.constantFrom(
          '',
          ':unique',
          ':index',
          ':ref(brands)',
          ':ref(brands.id,cascade):index',
          ':unique:ref(a.b.c)',
        ),
      })
      .map(({ type, notNull, value, more }) => `:${type}${notNull}${value}${more}`);
    const columns = fc.uniqueArray(fc.tuple(name, word), {
      minLength: 1,
      maxLength: 4,
      selector: ([column]) => column,
    });
    fc.assert(
      fc.property(columns, fc.constantFrom('products', 'orders', 'CreateOrdersTable'), (pairs, first) => {
        const { plan } = readWords([first, ...pairs.map((pair) => pair.join(''))], context);
        const words = toWords(plan) ?? [];
        const again = readWords(words, context).plan;
        expect(toWords(again)).toEqual(words);
        expect(readWords(toWords(again) ?? [], context).plan).toEqual(again);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what an earlier state of the schema had', () => {
  const earlier = async function* () {
    yield { tables: [...context.tables.filter(({ name }) => name !== 'products'), table('product', ['id'])] };
    yield { tables: [table('products', ['id', 'gone']), table('notes', ['id', 'body'])] };
  };
  const parsed = async (line: string) =>
    (await parseWords(line.split(' '), context, earlier)).plan.documents[0] as PlanDocument;

  it.each([
    ['RemoveGoneFromProducts', { table_name: 'products', changes: { drop_columns: ['gone'] } }],
    ['RemoveProductGone', { table_name: 'products', changes: { drop_columns: ['gone'] } }],
    ['RenameGoneToPresentInProducts', { changes: { rename_columns: [{ from: 'gone', to: 'present' }] } }],
    ['DropNotesTable', { migration_type: 'drop_table', table_name: 'notes' }],
    ['DropNotes', { migration_type: 'drop_table', table_name: 'notes' }],
    ['RenameNotesToRemarks', { migration_type: 'rename_table', table_name: 'notes', new_name: 'remarks' }],
  ])('is what a drop or a rename means: %s', async (line, expected) => {
    expect(await parsed(line)).toMatchObject(expected);
  });

  it('is nothing to add to', async () => {
    await expect(parsed('AddLevelToNotes level:int')).rejects.toMatchObject({
      message: 'there is no table "notes"',
    });
  });

  it('goes before a table that only sounds like it', async () => {
    expect(await parsed('DropProduct')).toMatchObject({ table_name: 'product' });
    expect(await parsed('DropProducts')).toMatchObject({ table_name: 'products' });
    expect(await parsed('DropBrand')).toMatchObject({ table_name: 'brands' });
  });

  it('does not hide a slip', async () => {
    await expect(parsed('RemoveOldFeildFromProducts')).rejects.toMatchObject({
      hint: 'Did you mean old_field?',
    });
  });
});

describe('the values of an enum', () => {
  const role = { schema: 'public', name: 'role', values: ['admin', 'member'] };
  const level = { schema: 'app', name: 'user_level', values: ['LOW', 'TOP_LEVEL'] };
  const within = { ...context, enums: [role, level] };
  const said = (line: string) => readWords(line.split(' '), within).plan.documents[0];
  const inRole = (changes: object) => ({ migration_type: 'modify_enum', enum_name: 'role', changes });

  it.each([
    ['AddGuestToRole', inRole({ add_values: [{ value: 'guest' }] })],
    ['AddSuperUserToRoleEnum', inRole({ add_values: [{ value: 'super_user' }] })],
    ['AddValuesToRole guest co-owner', inRole({ add_values: [{ value: 'guest' }, { value: 'co-owner' }] })],
    ['AddGuestToRole GUEST', inRole({ add_values: [{ value: 'GUEST' }] })],
    ['RemoveAdminFromRole', inRole({ drop_values: ['admin'] })],
    ['RenameMemberToVisitorInRole', inRole({ rename_values: [{ from: 'member', to: 'visitor' }] })],
    [
      'RemoveTopLevelFromUserLevelEnum',
      { schema: 'app', enum_name: 'user_level', changes: { drop_values: ['TOP_LEVEL'] } },
    ],
  ])('%s', (line, expected) => expect(said(line)).toMatchObject(expected));

  it.each([
    ['AddMiddleToUserLevel', { code: 'answer-needed', hint: 'Type: AddMiddleToUserLevel middle' }],
    ['AddValueToRole', { code: 'answer-needed', hint: 'Type: AddValueToRole value' }],
    ['AddGuestToRollEnum', { message: 'there is no enum "roll"', hint: 'Did you mean role?' }],
    ['RemoveAdmimFromRole', { message: 'enum role has no value "admim"', hint: 'Did you mean admin?' }],
    ['RenameLowToHighInUserLevel', { hint: expect.stringContaining('rename_values: [{from: "LOW"') }],
    ['AddGuestToRole guest:text', { message: 'role is an enum: its values have no type' }],
  ])('%s is refused', (line, expected) => {
    expect(() => said(line)).toThrow(expect.objectContaining(expected));
  });

  it('leave an enum alone whose own name has a preposition', () => {
    const enums = [{ ...role, name: 'taken_from_list' }];
    expect(readWords(['DropTakenFromListEnum'], { ...within, enums }).plan.documents[0]).toMatchObject({
      migration_type: 'drop_enum',
      enum_name: 'taken_from_list',
    });
  });

  it('go behind a table of that name', () => {
    const both = { ...within, tables: [...context.tables, table('role', ['id'])] };
    expect(readWords(['AddGuestToRole', 'guest:text'], both).plan.documents[0]).toMatchObject({
      migration_type: 'modify_existing',
    });
    expect(readWords(['AddGuestToRoleEnum'], both).plan.documents[0]).toMatchObject(
      inRole({ add_values: [{ value: 'guest' }] }),
    );
  });

  it('mean the same when they are gone', async () => {
    const earlier = async function* () {
      yield { ...context, enums: [{ ...level, values: ['LOW', 'HIGH'] }] };
    };
    const { plan } = await parseWords(['RemoveHighFromUserLevel'], within, earlier);
    expect(plan.documents[0]).toMatchObject({ changes: { drop_values: ['HIGH'] } });
  });
});

describe('a column renamed without a preposition', () => {
  it('is found behind its table', () => {
    expect(changes('RenameUserShareScopeToLevel')).toMatchObject({
      table: 'user_shares',
      rename_columns: [{ from: 'scope', to: 'level' }],
    });
    expect(changes('RenameProductOldFieldToNewToOld')).toMatchObject({
      rename_columns: [{ from: 'old_field', to: 'new_to_old' }],
    });
  });

  it('is a question where two tables fit', () => {
    const tables = [table('user', ['share_scope']), table('user_shares', ['scope'])];
    expect(() => readWords(['RenameUserShareScopeToLevel'], { tables })).toThrow(
      expect.objectContaining({
        code: 'answer-needed',
        hint: 'Type: RenameShareScopeToLevelInUser\n  or: RenameScopeToLevelInUserShares',
      }),
    );
  });

  it('is no renamed table', () => {
    expect(document('RenameUserSharesToShares')).toMatchObject({ migration_type: 'rename_table' });
  });
});

describe('a table by the end of its name', () => {
  const toThreads = [{ name: 'k', columns: ['thread_id'], refTable: 'threads' }];
  const tables = [table('threads', ['id']), table('user_shares', ['thread_id'], toThreads)];

  it('is the one that refers to the other', () => {
    const more = { tables: [...tables, table('team_shares', ['id'])] };
    expect(readWords(['CascadeDeleteSharesOnThreadDelete'], more).plan.documents[0]).toMatchObject({
      table_name: 'user_shares',
      changes: { modify_foreign_keys: [{ field: 'thread_id', on_delete: 'CASCADE' }] },
    });
  });

  it('is a question where two do', () => {
    const more = { tables: [...tables, table('team_shares', ['thread_id'], toThreads)] };
    expect(() => readWords(['CascadeDeleteSharesOnThreadDelete'], more)).toThrow(
      expect.objectContaining({
        code: 'answer-needed',
        hint: 'Type: CascadeDeleteUserSharesOnThreadDelete\n  or: CascadeDeleteTeamSharesOnThreadDelete',
      }),
    );
  });
});

it.each([
  ['products note:text?', 'unless its type ends with !'],
  ['products note:text:null', 'unless its type ends with !'],
  ['products note:text:not_null', 'unless its type ends with !'],
  ['products note:text index(note)', 'Write it behind the column: note:text:index'],
  ['products note:text unique(note,name)', 'of several columns goes into a YAML plan'],
  ['products note:text check(note<>1)', 'A check goes into a YAML plan'],
])('%s says how it is written', (line, hint) => {
  expect(refused(line)).toMatchObject({
    code: 'plan-invalid',
    hint: expect.stringContaining(hint) as string,
  });
});

it.each([
  [
    'AddAToUsers a:uuid!:ref(brands):cascade',
    32,
    'What becomes of a reference stands in it: :ref(table,cascade).',
  ],
  [
    'AddAToUsers a:uuid:set_null:ref(brands)',
    19,
    'What becomes of a reference stands in it: :ref(table,set_null).',
  ],
  ['AddAToUsers a:int!:uniqe', 19, 'Did you mean unique?'],
])('%s: the modifier is what is wrong', (line, column, hint) => {
  expect(refused(line)).toMatchObject({ code: 'plan-invalid', column, hint });
});

it('a table may be called without the prefix that all of them have', () => {
  const called = (name: string, bareName: string) => ({ ...table(name, ['id', 'title']), bareName });
  const within = { tables: [called('shop_posts', 'posts'), called('shop_post_tags', 'post_tags')] };
  const named = (line: string) => readWords(line.split(' '), within).plan.documents[0];
  expect(named('posts body:text')).toMatchObject({
    migration_type: 'modify_existing',
    table_name: 'shop_posts',
  });
  expect(named('AddBodyToPost body:text')).toMatchObject({ table_name: 'shop_posts' });
  expect(named('DropPostTags')).toMatchObject({ migration_type: 'drop_table', table_name: 'shop_post_tags' });
  expect(named('shop_posts body:text')).toMatchObject({ table_name: 'shop_posts' });
});
