import { expect, it } from 'vitest';
import { findingsOf } from '../../src/report/findings.ts';
import { crudFixture } from './project.ts';

it('what lists read the whole table for is told, with the words that add the index', async () => {
  const project = crudFixture('hono');
  const outcome = await project.crud(
    'tickets title:text! state:varchar(20)!:index is_open:boolean! status:text! created_at:timestamptz!=now()',
    { dryRun: true, bare: false },
  );
  const told = findingsOf(outcome).filter(({ rule }) => rule === 'list-not-indexed');
  expect(told.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    'info: tickets: lists filter by status, which no index begins with; tableplan migration AddIndexToTickets status',
    'info: tickets: lists come in the order of created_at, which no index begins with; tableplan migration AddIndexToTickets created_at',
    'info: tickets: search reads the whole table (title, state, status); a trigram index serves it, once a migration has CREATE EXTENSION pg_trgm',
  ]);
});
