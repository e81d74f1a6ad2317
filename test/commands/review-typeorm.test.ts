import { readFileSync, renameSync, rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ReviewCommandOptions,
  type ReviewOutcome,
  runReviewCommand,
} from '../../src/commands/review.ts';
import { renderReviewAs } from '../../src/report/review.ts';
import { type TestProject, type Version, VERSIONS } from '../orm/typeorm/project.ts';
import { commitAll } from './review-project.ts';
import { migration, shop, type ShopOptions, USER } from './typeorm-project.ts';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

async function project(more: ShopOptions = {}): Promise<TestProject> {
  const made = await shop(more);
  projects.push(made);
  return made;
}

const reviewed = ({ root }: TestProject, more: Partial<ReviewCommandOptions> = {}): Promise<ReviewOutcome> =>
  runReviewCommand({ cwd: root, files: [], all: false, failOn: 'warning', cache: true, ...more });

const ASIDE = ['missing-lock-timeout', 'type-preferences', 'statement-after-access-exclusive'];
/** Rules with the lines of the file that they are told at; what these tests are not about is left out. */
const told = ({ findings }: ReviewOutcome, { root }: TestProject): [string, string][] =>
  findings
    .filter(({ severity, rule }) => severity !== 'info' && !ASIDE.includes(rule))
    .map(({ rule, file, line }) => [
      rule,
      readFileSync(`${root}/${file}`, 'utf8').split('\n')[line - 1]!.trim(),
    ]);

const NEXT = 'src/migrations/1700000000001-Next.ts';
const NAME = 'Next1700000000001';
const INDEX = "    await queryRunner.query('CREATE INDEX users_email_idx ON users (email)');";
const BLOCKING = [
  'create-index-blocking',
  "await queryRunner.query('CREATE INDEX users_email_idx ON users (email)');",
];
/** A data source that cannot be loaded, whose text says all that is needed. */
const BROKEN = `import { DataSource } from 'typeorm';
import './nowhere';
export default new DataSource({ type: 'postgres', entities: [], migrations: [__dirname + '/migrations/*.ts'] });
`;

describe('migrations of plain queries need no database, and no data source that runs', () => {
  it('the newest is reviewed, at the lines of its strings', async () => {
    const shop = await project({
      files: {
        'src/data-source.ts': BROKEN,
        [NEXT]: migration(
          NAME,
          `${INDEX}
    await queryRunner.query(\`
      ALTER TABLE users ADD nick text;
      ALTER TABLE users
        DROP COLUMN email;
    \`);
    await queryRunner.query('UPDATE users SET nick = $1', ['x']);`,
        ),
      },
    });
    const outcome = await reviewed(shop);
    expect(outcome.files).toBe(1);
    expect(told(outcome, shop)).toEqual(
      expect.arrayContaining([
        BLOCKING,
        ['drop-column', 'ALTER TABLE users'],
        ['unbatched-dml', "await queryRunner.query('UPDATE users SET nick = $1', ['x']);"],
      ]),
    );
    const drop = outcome.findings.find(({ rule }) => rule === 'drop-column');
    expect([drop?.file, drop?.line, drop?.column]).toEqual([NEXT, 8, 7]);
  });

  it('comments above a call and in its SQL let a rule pass, and are shown', async () => {
    const shop = await project({
      files: {
        'src/data-source.ts': BROKEN,
        [NEXT]: migration(
          NAME,
          `    // tableplan:allow create-index-blocking ten rows only\n${INDEX}
    await queryRunner.query(\`
      -- tableplan:allow drop-column unused since May
      ALTER TABLE users DROP COLUMN email\`);
    // tableplan:allow drop-table
    await queryRunner.query('DROP TABLE users');`,
        ),
      },
    });
    const outcome = await reviewed(shop);
    expect(outcome.allowed.map(({ rule, allowed }) => [rule, allowed])).toEqual(
      expect.arrayContaining([
        ['create-index-blocking', 'ten rows only'],
        ['drop-column', 'unused since May'],
      ]),
    );
    expect(told(outcome, shop)).toContainEqual(['allow-without-reason', '// tableplan:allow drop-table']);
  });

  it('a class that asks for its own transaction where all share one stops the batch', async () => {
    const own = migration(NAME, INDEX.replace('INDEX', 'INDEX CONCURRENTLY'), '', {
      member: 'transaction = false;',
    });
    const shop = await project({ files: { 'src/data-source.ts': BROKEN, [NEXT]: own } });
    const outcome = await reviewed(shop);
    expect(told(outcome, shop)).toEqual([['forbidden-tx-override', 'transaction = false;']]);
    expect(outcome.rules['forbidden-tx-override']?.id).toBe('ORM-05');
    await shop.write({
      'src/data-source.ts': BROKEN.replace(
        'entities: [],',
        "entities: [], migrationsTransactionMode: 'each',",
      ),
    });
    expect(told(await reviewed(shop), shop)).toEqual([]);
    await shop.write({ [NEXT]: own.replace('transaction = false;', '') });
    expect(told(await reviewed(shop), shop)[0]?.[0]).toBe('concurrently-in-transaction');
  });

  it('files and folders that are named need no project at all, and several classes of a file are several migrations', async () => {
    const shop = await project({
      files: {
        'elsewhere/1-two.ts': `${migration('One1700000000001', INDEX)}${migration('Two1700000000002', INDEX.replace('users_email_idx', 'other_idx'))}`,
        'elsewhere/index.ts': "export * from './1-two';\n",
        'none/x.ts': 'export const x = 1;\n',
      },
    });
    rmSync(shop.path('src/data-source.ts'));
    for (const files of [['elsewhere/1-two.ts'], ['elsewhere']]) {
      const outcome = await reviewed(shop, { files });
      expect([outcome.files, told(outcome, shop).map(([rule]) => rule)]).toEqual([
        2,
        ['create-index-blocking', 'create-index-blocking'],
      ]);
    }
    await expect(reviewed(shop, { files: ['none/x.ts'] })).rejects.toMatchObject({
      code: 'usage',
      exitCode: 2,
    });
    await expect(reviewed(shop, { files: ['gone.ts'] })).rejects.toMatchObject({
      code: 'usage',
      exitCode: 2,
    });
  });

  it('every format tells the line of the file', async () => {
    const shop = await project({ files: { 'src/data-source.ts': BROKEN, [NEXT]: migration(NAME, INDEX) } });
    const outcome = await reviewed(shop);
    for (const [format, text] of [
      ['text', `${NEXT}:5:30`],
      ['json', '"line":5'],
      ['github', `file=${NEXT},line=5`],
      ['sarif', '"startLine": 5'],
    ] as const)
      expect(await renderReviewAs(format, outcome, { color: false, version: '0' })).toContain(text);
  });
});

describe.each(Object.keys(VERSIONS) as Version[])(
  'migrations that have to be run to know their SQL, TypeORM %s',
  (version) => {
    it('are reviewed at the lines of their calls, with --all each by itself, and the second time without a database', async () => {
      const shop = await project({
        version,
        files: {
          'src/helper.ts': `import type { QueryRunner } from 'typeorm';
export const addText = (queryRunner: QueryRunner, name: string) => queryRunner.query(\`ALTER TABLE users ADD \${name} text NOT NULL\`);
`,
          [NEXT]: migration(
            NAME,
            `    await queryRunner.createTable(new Table({ name: 'teams', columns: [{ name: 'id', type: 'int', isPrimary: true }] }));
    await addText(queryRunner, 'nick');
    for (const name of ['a', 'b']) {
      await queryRunner.query(\`CREATE INDEX users_\${name} ON users (email)\`);
    }`,
            '',
            { head: "import { addText } from '../helper';\n" },
          ),
        },
      });
      for (const more of [{ all: true }, {}]) {
        const outcome = await reviewed(shop, more);
        expect(told(outcome, shop)).toEqual([
          ['add-not-null-no-default', "await addText(queryRunner, 'nick');"],
          [
            'create-index-blocking',
            'await queryRunner.query(`CREATE INDEX users_${name} ON users (email)`);',
          ],
          [
            'create-index-blocking',
            'await queryRunner.query(`CREATE INDEX users_${name} ON users (email)`);',
          ],
        ]);
      }
    });
  },
);

describe('what cannot be run', () => {
  it('is said, and its plain queries are judged all the same', async () => {
    const shop = await project({
      files: {
        [NEXT]: migration(NAME, "    await queryRunner.query('ALTER TABLE nowhere ADD a int');"),
        'src/migrations/1700000000002-Last.ts': migration(
          'Last1700000000002',
          `    if (Date.now() > 0) {\n${INDEX}\n    }`,
        ),
      },
    });
    const outcome = await reviewed(shop);
    expect(told(outcome, shop)).toEqual([['unanalysable', expect.stringContaining('async up')], BLOCKING]);
    expect(outcome.findings.find(({ rule }) => rule === 'unanalysable')?.message).toContain('42P01');
  });
});

describe('since a ref', () => {
  async function committed(more: ShopOptions = {}): Promise<TestProject> {
    const shop = await project({ ...more, files: { '.gitignore': 'node_modules\n', ...more.files } });
    commitAll(shop.root);
    return shop;
  }

  it('the migrations that were added are reviewed, and one stamped before an older one is told', async () => {
    const shop = await committed();
    expect(await reviewed(shop, { since: 'main' })).toMatchObject({ files: 0, findings: [] });
    await shop.write({ [NEXT]: migration(NAME, INDEX) });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toEqual([BLOCKING]);
    await shop.write({ 'src/migrations/1600000000000-Late.ts': migration('Late1600000000000', '') });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toContainEqual([
      'migration-out-of-order',
      'export class Late1600000000000 implements MigrationInterface {',
    ]);
  });

  it('an older one that runs something else is an error; comments, its way down and its place may change', async () => {
    const shop = await committed({ files: { [NEXT]: migration(NAME, INDEX) } });
    const text = readFileSync(shop.path(NEXT), 'utf8');
    await shop.write({
      [NEXT]: text.replace('await', '// why\n    await').replace('down(queryRunner', 'down(_queryRunner'),
    });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toEqual([]);
    renameSync(shop.path(NEXT), shop.path('src/migrations/moved.ts'));
    expect(told(await reviewed(shop, { since: 'main' }), shop).map(([rule]) => rule)).not.toContain(
      'edited-or-missing-applied',
    );
    await shop.write({ 'src/migrations/moved.ts': text.replace('(email)', '(id)') });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toContainEqual([
      'edited-or-missing-applied',
      "await queryRunner.query('CREATE INDEX users_email_idx ON users (id)');",
    ]);
    rmSync(shop.path('src/migrations/moved.ts'));
    const gone = await reviewed(shop, { since: 'main' });
    expect(gone.findings.map(({ rule, message }) => [rule, message.includes('is gone')])).toContainEqual([
      'edited-or-missing-applied',
      true,
    ]);
  });

  it('entities that changed without a migration are told, a comment in them is no change', async () => {
    const shop = await committed();
    await shop.write({ 'src/entities/user.ts': `// a comment\n${USER}` });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toEqual([]);
    await shop.write({
      'src/entities/user.ts': USER.replace(
        'email: string | null;',
        "email: string | null;\n  @Column('int', { nullable: true }) age: number;",
      ),
    });
    const [finding] = (await reviewed(shop, { since: 'main' })).findings;
    expect(finding).toMatchObject({
      rule: 'schema-without-migration',
      severity: 'error',
      file: 'src/entities/user.ts',
      message: expect.stringContaining('ALTER TABLE "users" ADD "age" integer') as string,
    });
    await shop.write({
      [NEXT]: migration(NAME, "    await queryRunner.query('ALTER TABLE users ADD age int');"),
    });
    expect(told(await reviewed(shop, { since: 'main' }), shop)).toEqual([]);
  });
});

it('a data source that synchronises is told', async () => {
  const shop = await project({ options: 'synchronize: true,' });
  expect(told(await reviewed(shop), shop)).toContainEqual(['synchronize', 'synchronize: true,']);
});
