import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { startPglite } from '../../src/postgres/engines/pglite.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { treeOf } from '../workspace/tree.ts';
import { drizzleKit, makeProject, migrate, migrationFiles } from './project.ts';
import { scenarios } from './scenarios.ts';

let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await startPglite();
  base = makeProject();
}, 600_000);
afterAll(() => engine.close());

const EMPTY =
  'drop schema if exists public cascade; drop schema if exists audit cascade; drop schema if exists billing cascade; create schema public; set search_path = public;';

describe.each(scenarios)('$name', ({ plan, up, downFailsWith }) => {
  it('gives only the expected statements, leaves drizzle-kit nothing to do, comes to what was planned, is undone by its rollback and not repeated', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tableplan round-trip-'));
    cpSync(base, root, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(root, 'plan.yaml'), plan);

    const outcome = await migrate(root, 'plan.yaml', { writeAnyway: 'what is dropped is not needed' });
    if (outcome.status !== 'done') throw new Error(`the plan did nothing: ${outcome.status}`);
    const { draft } = outcome;
    // What is dropped has its reason above it.
    const statements = draft.migration.statements.map((text) =>
      text.replaceAll(/^-- tableplan:allow .*\n/gm, ''),
    );
    expect(statements.map((statement) => statement.replaceAll(/\s+/g, ' '))).toEqual(up);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');

    const [history = '', migration = ''] = migrationFiles(root);
    const script = draft.edits.find(({ path }) => path.includes('rollback'))?.path ?? '';
    await engine.exec(EMPTY);
    await engine.exec(history);
    const rehearsal = await rehearse({
      engine,
      up: migration,
      down: readFileSync(script, 'utf8'),
      transaction: 'all',
      planned: draft.migration.planned,
    });
    expect(rehearsal).toMatchObject({ planFailure: undefined, drift: [], up: 'ok' });
    if (downFailsWith !== undefined) expect(rehearsal.lost.join()).toContain(downFailsWith);
    else {
      expect(rehearsal).toMatchObject({ down: 'ok', again: 'ok' });
      expect(['exact', 'schema-only']).toContain(rehearsal.rollback);
    }

    const written = treeOf(root);
    expect((await migrate(root, 'plan.yaml')).status).toBe('no_changes');
    expect(treeOf(root)).toBe(written);
  });
});
