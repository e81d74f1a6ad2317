import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runMigrationCommand } from '../src/commands/migration.ts';
import { runRehearseCommand } from '../src/commands/rehearse.ts';
import { runReviewCommand } from '../src/commands/review.ts';
import { TableplanError } from '../src/errors.ts';
import { DATA_SOURCE, typeormProject } from './orm/typeorm/project.ts';
import { makeProject } from './round-trip/project.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

type Verdict = readonly [rule: string, severity: string];

/** What each command says of one project by some rules; an error of `migration` is one under the rule that it names. */
async function verdicts(
  root: string,
  plan: string,
  rules: readonly string[],
): Promise<Record<string, Verdict[]>> {
  writeFileSync(join(root, 'plan.yaml'), plan);
  const of = (findings: readonly { rule: string; severity: string }[]): Verdict[] =>
    findings
      .filter(({ rule }) => rules.includes(rule))
      .map(({ rule, severity }) => [rule, severity] as const)
      .toSorted();
  const migration = await runMigrationCommand({
    cwd: root,
    words: ['plan.yaml'],
    dryRun: false,
    typecheck: false,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
  }).then(
    (outcome) => {
      if (outcome.status === 'no_changes') return [];
      // What stops it is judged all the same by those who have written it by hand.
      if (outcome.status === 'stopped')
        for (const { path, after } of outcome.draft.edits) write(path, after ?? '');
      return outcome.draft.proof.findings;
    },
    (error: unknown) => {
      if (!(error instanceof TableplanError) || error.rule === undefined) throw error;
      return [{ rule: error.rule, severity: 'error' }];
    },
  );
  const rehearsed = await runRehearseCommand({ cwd: root, enforce: false });
  const reviewed = await runReviewCommand({
    cwd: root,
    files: [],
    all: false,
    failOn: 'error',
    cache: false,
  });
  return { migration: of(migration), rehearse: of(rehearsed.findings), review: of(reviewed.findings) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan verdict-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

/** A journal with its first entry told otherwise, and a second one made by hand where `second` is given. */
function journal(root: string, first: object, second?: object): void {
  const path = join(root, 'drizzle/meta/_journal.json');
  const json = JSON.parse(readFileSync(path, 'utf8')) as { entries: object[] };
  json.entries = [{ ...json.entries[0], ...first }, ...(second ? [{ ...json.entries[0], ...second }] : [])];
  writeFileSync(path, JSON.stringify(json, null, 2));
}

const TYPEORM = {
  'src/data-source.ts': DATA_SOURCE,
  'src/entities/person.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('people')
export class Person {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'text', nullable: true })
  nick: string | null;

  @Column({ type: 'text', nullable: true })
  city: string | null;

  @Column({ type: 'integer' })
  age: number;
}
`,
  'src/migrations/1700000000000-Init.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class Init1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE "people" ("id" SERIAL NOT NULL, "nick" text, "city" text, "age" integer NOT NULL, CONSTRAINT "PK_aa866e71353ee94c6cc51059c5b" PRIMARY KEY ("id"))');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "people"');
  }
}
`,
};

const PLAN = 'migration_type: modify_existing\ntable_name: people\nchanges:\n';

describe('migration, rehearse and review', () => {
  it('give one cause in a plan one rule and one severity', async () => {
    const rules = ['drop-column', 'create-index-blocking', 'type-change-rewrite', 'values-changed'];
    const { migration, rehearse, review } = await verdicts(
      project(),
      `${PLAN}  drop_columns: [nick]\n  add_indexes: [{ fields: [city] }]\n  modify_columns:\n    - { name: created_at, new_type: timestamptz, using: "created_at AT TIME ZONE 'Asia/Tokyo'" }\n`,
      rules,
    );
    // What becomes of values only a rehearsal sees: it is what the plan asks for.
    const observed = [['values-changed', 'info']];
    expect(migration).toEqual(rehearse);
    expect(migration).toEqual(
      expect.arrayContaining([['drop-column', 'error'], ['create-index-blocking', 'warning'], ...observed]),
    );
    expect(review).toEqual(migration!.filter(([rule]) => rule !== 'values-changed'));
  }, 600_000);

  it('do so with TypeORM, whose SQL stands in a class', async () => {
    const { root } = await typeormProject('1.x', TYPEORM);
    const rules = ['drop-column', 'create-index-blocking', 'type-change-rewrite', 'set-not-null'];
    const { migration, rehearse, review } = await verdicts(
      root,
      `${PLAN}  drop_columns: [nick]\n  add_indexes: [{ fields: [city] }]\n  modify_columns:\n    - { name: age, new_type: bigint }\n    - { name: city, nullable: false }\n`,
      rules,
    );
    expect(migration!.map(([rule]) => rule)).toEqual(rules.toSorted());
    expect(rehearse).toEqual(migration);
    expect(review).toEqual(migration);
  }, 600_000);

  it('tell a newest migration that databases would skip by one name', async () => {
    const root = project();
    const id = readFileSync(join(root, 'drizzle/meta/0000_snapshot.json'), 'utf8');
    const { id: parent } = JSON.parse(id) as { id: string };
    writeFileSync(
      join(root, 'drizzle/meta/0001_snapshot.json'),
      id
        .replace(/"id": "[^"]*"/, '"id": "11111111-1111-4111-8111-111111111111"')
        .replace(/"prevId": "[^"]*"/, `"prevId": "${parent}"`),
    );
    writeFileSync(join(root, 'drizzle/0001_late.sql'), 'SELECT 1;');
    journal(root, { when: 2_000_000_000_000 }, { idx: 1, tag: '0001_late', when: 1_700_000_000_000 });
    const said = [['journal-when-not-increasing', 'error']];
    const before = await runRehearseCommand({ cwd: root, enforce: false });
    expect(before.stopping.map(({ rule, severity }) => [rule, severity])).toEqual(said);
    const reviewed = await runReviewCommand({
      cwd: root,
      files: [],
      all: false,
      failOn: 'error',
      cache: false,
    });
    expect(
      reviewed.findings
        .filter(({ rule }) => rule.startsWith('journal'))
        .map(({ rule, severity }) => [rule, severity]),
    ).toEqual(said);
    const { migration } = await verdicts(root, `${PLAN}  add_columns: [{ name: note, type: text }]\n`, [
      'journal-when-not-increasing',
    ]);
    expect(migration).toEqual(said);
  }, 600_000);

  it('tell numbers that the next migration would overwrite by one name', async () => {
    const root = project();
    renameSync(join(root, 'drizzle/0000_init.sql'), join(root, 'drizzle/0001_init.sql'));
    renameSync(join(root, 'drizzle/meta/0000_snapshot.json'), join(root, 'drizzle/meta/0001_snapshot.json'));
    journal(root, { idx: 0, tag: '0001_init' });
    const said = [['snapshot-chain', 'error']];
    expect(
      await verdicts(root, `${PLAN}  add_columns: [{ name: note, type: text }]\n`, ['snapshot-chain']),
    ).toEqual({ migration: said, rehearse: said, review: said });
  }, 600_000);
});
