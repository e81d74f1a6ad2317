import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { catalog, empty, run } from './catalog.ts';
import { drizzleKit, makeProject, migrate, migrationFiles } from './project.ts';
import { scenarios } from './scenarios.ts';

let db: PGlite;
let base: string;

beforeAll(async () => {
  db = await PGlite.create();
  base = makeProject();
});
afterAll(() => db.close());

describe.each(scenarios)('$name', ({ plan, up }) => {
  it('gives only the expected statements, leaves drizzle-kit nothing to do, is undone by its rollback and not repeated', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tableplan round-trip-'));
    cpSync(base, root, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(root, 'plan.yaml'), plan);

    const outcome = await migrate(root, 'plan.yaml');
    if (outcome.status !== 'done') throw new Error(`the plan did nothing: ${outcome.status}`);
    const { draft } = outcome;
    expect(draft.migration.statements.map((statement) => statement.replaceAll(/\s+/g, ' '))).toEqual(up);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');

    const [history = '', migration = ''] = migrationFiles(root);
    await empty(db);
    await run(db, history);
    const before = await catalog(db);
    await run(db, migration);
    expect(await catalog(db)).not.toEqual(before);
    const script = draft.edits.find(({ path }) => path.includes('rollback'))?.path ?? '';
    await run(db, readFileSync(script, 'utf8'));
    expect(await catalog(db)).toEqual(before);

    const written = treeOf(root);
    expect((await migrate(root, 'plan.yaml')).status).toBe('no_changes');
    expect(treeOf(root)).toBe(written);
  });
});
