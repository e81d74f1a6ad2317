import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProjectFacts } from '../../src/docs/facts.ts';
import { renderGuide } from '../../src/docs/guide.ts';
import { schemaOf, table } from './schema-tables.ts';

const templates = ['guide', 'skill'].map((name) => readFileSync(`templates/docs/${name}.md.hbs`, 'utf8'));
const facts = (more: Partial<ProjectFacts> = {}): ProjectFacts => ({
  orm: 'drizzle',
  folder: '',
  packageManager: 'npm',
  config: 'drizzle.config.ts',
  namesConfig: false,
  entries: ['src/schema.ts'],
  schemaFiles: ['src/schema.ts'],
  migrationsFolder: 'drizzle',
  rollbackFolder: 'drizzle/rollback',
  rollbackExists: true,
  newest: '0001_x.sql',
  bookkeeping: 'drizzle.__drizzle_migrations',
  scripts: {},
  plopfile: undefined,
  tsconfig: true,
  lockTimeout: undefined,
  enforce: false,
  postgresVersion: undefined,
  migrate: 'npm run db:migrate',
  ...more,
});
const both = (more?: Partial<ProjectFacts>, schema = schemaOf([table('users')])): string =>
  templates.map((template) => renderGuide(facts(more), schema, template)).join('\n');

describe('guide and skill', () => {
  it.each([
    ['npm', 'npx tableplan docs'],
    ['pnpm', 'pnpm exec tableplan docs'],
    ['yarn', 'yarn tableplan docs'],
    ['bun', 'bunx tableplan docs'],
  ] as const)('speak the language of %s', (packageManager, command) => {
    const text = both({ packageManager });
    expect(text).toContain(`\`${command}\``);
    if (packageManager !== 'npm') expect(text).not.toMatch(/\bnpx /);
  });

  it('name plop only where a plopfile loads tableplan', () => {
    expect(both()).not.toContain('plop');
    expect(both({ plopfile: 'plopfile.mjs' })).toContain('`npx plop migration`');
  });

  it('warn of the scripts that go past the migrations, and only of those that there are', () => {
    expect(both()).not.toContain('past its migrations. Never');
    const text = both({ scripts: { 'db:push': 'drizzle-kit push', studio: 'drizzle-kit studio' } });
    expect(text).toContain('`npm run db:push` changes a database past its migrations. Never');
    expect(text).toContain('- Run `npm run db:push`');
    expect(text).toContain('| `npm run studio` | shows a database in the browser |');
  });

  it.each([
    [{ back: 'typeorm migration:revert -d x.ts' }, 'npm run back'],
    [
      { run: 'typeorm-ts-node-esm migration:run -d src/ds.ts' },
      'npx typeorm-ts-node-esm migration:revert -d src/ds.ts',
    ],
    [
      { run: 'A=1 typeorm migration:run -d x.ts && echo' },
      'npx typeorm migration:revert -d src/data-source.ts',
    ],
  ])('of a TypeORM project with the scripts %j revert with %s', (scripts, command) => {
    const text = both({ orm: 'typeorm', config: 'src/data-source.ts', rollbackFolder: undefined, scripts });
    expect(text).toContain(`\`${command}\` runs \`down\``);
    expect(text).not.toMatch(/drizzle-kit|_journal/);
  });

  it('names of scripts and files are code, whatever they hold', () => {
    const text = both({
      scripts: { 'db|`<script>alert(1)</script>`\x1B[2J': 'drizzle-kit push' },
      config: 'a`<b>`|.ts',
      namesConfig: true,
    });
    expect(text).toContain("`npm run db\\|'<script>alert(1)</script>'\\x1b[2J`");
    expect(text).toContain("`a'<b>'\\|.ts`");
    expect(text).not.toContain('`<');
  });

  it('say where to run, and which config to name', () => {
    const text = both({ folder: 'packages/db', namesConfig: true });
    expect(text).toContain('All commands run in `packages/db`');
    expect(text.match(/wants `--config drizzle\.config\.ts`/g)).toHaveLength(2);
  });

  it('leave nothing of the template, whatever is missing', () => {
    const bare = both({ config: undefined, newest: undefined, scripts: {}, tsconfig: false }, schemaOf([]));
    expect(bare).not.toMatch(/\{\{|undefined|\bnull\b|\[object/);
    expect(bare).toContain('There is no table yet');
    expect(bare).toContain('table_name: products');
  });

  it('tell the habits of the schema with their counts, and the keys that have no index', () => {
    const text = both({}, schemaOf([table('users'), table('order', ['users']), table('tags')]));
    expect(text).toContain('- Tables named in plural snake_case: 2 of 3.');
    expect(text).toContain('- Foreign keys with an index: 0 of 1. Without: `order(users_id)`.');
  });

  it('take no table for an example whose name wants quotes', () => {
    expect(both({}, schemaOf([table('order items', ['users']), table('users')]))).toContain(
      'table_name: users\n',
    );
  });
});

describe('the example of a new table', () => {
  const keyed = (name: string, column: object) => ({
    ...table(name),
    columns: [{ name: 'id', notNull: true, ...column } as never],
  });
  it.each([
    [{ type: 'text' }, '    type: text\n    constraints: [PRIMARY KEY]\n', "'id:text:pk'"],
    [
      { type: 'text', default: 'cuid()' },
      '    type: text\n    constraints: [PRIMARY KEY]\n    default: cuid()',
      "'id:text=cuid():pk'",
    ],
    [{ type: 'serial' }, '    type: serial\n', "'id:serial:pk'"],
    [
      { type: 'bigint', identity: { always: true } },
      '    constraints: [PRIMARY KEY, GENERATED ALWAYS AS IDENTITY]',
      "'id:bigserial:pk'",
    ],
    [{ type: 'uuid', default: 'uuidv7()' }, '    default: uuidv7()', "'id:uuid=uuidv7():pk'"],
  ])('has a key as most tables have theirs: %j', (column, yaml, word) => {
    const text = both({}, schemaOf([keyed('users', column), keyed('posts', column), table('odd')]));
    expect(text).toContain(yaml);
    expect(text).toContain(word);
    if (column.type !== 'uuid') expect(text).not.toContain('type: uuid\n    constraints: [PRIMARY KEY]');
  });
});
