import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const FIXTURE = resolve('test/fixtures/crud/nestjs-conventions');

describe('two domains in a NestJS application with Swagger, a guard of all routes, versions and soft deletion', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  const read = (path: string): string => readFileSync(join(project.root, path), 'utf8');
  beforeAll(async () => {
    project = crudFixture('nestjs-conventions');
    outcomes = [await project.crud('people'), await project.crud('order-items', { typecheck: true })];
  });

  it('compile', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: { code: { byHand: [], install: [] } },
    });
  });

  it.each(['people.controller.ts', 'people.service.ts', 'dto/person-response.dto.ts'])(
    'are written as the neighbour is: %s',
    async (path) => {
      const golden = join(FIXTURE, 'golden', path.replace('dto/', ''));
      await expect(read(`src/people/${path}`)).toMatchFileSnapshot(golden);
    },
  );

  it('pass their own tests, and serve rows in the whole application', async () => {
    cpSync(join(FIXTURE, 'whole.spec.ts.txt'), join(project.root, 'src/whole.spec.ts'));
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
    // Five times Postgres in one process after the other.
  }, 600_000);

  it('are left as they are the second time', async () => {
    expect(await project.crud('people')).toMatchObject({ status: 'no_changes' });
  });
});
