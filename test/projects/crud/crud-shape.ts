import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCrudCommand } from '../../../src/commands/crud.ts';
import { runUndoCommand } from '../../../src/commands/undo.ts';
import type { RunOutcome } from '../../../src/pipeline/types.ts';
import { consumerEnv } from '../../e2e/consumer-env.ts';
import { startTestServer, type TestServer } from '../../postgres/engines/test-server.ts';
import { commit, difference } from '../git.ts';
import { makeProject, type Project, type ProjectFiles, run } from '../project.ts';
import { type Answer, type Application, type Request, startApplication } from './application.ts';
import { checkDocument } from './openapi-document.ts';
import { type Domains, lifeOfTwoDomains, newRequests } from './two-domains.ts';

/** One kind of application with one domain, in small; what happens to it when two domains are added. */
export interface CrudShape extends ProjectFiles {
  readonly name: string;
  /** The stack that is to be chosen, without being named. */
  readonly stack: string;
  /** The folder of the application below the repository's root, where it is not the one in which tableplan runs. */
  readonly application?: string;
  /** Makes the migrations that are there before. */
  readonly history: (project: Project) => void | Promise<void>;
  /** Words or YAML files (below `cwd`) of `people` (name varchar(80), a unique email) and `order-items` (a person, sku, quantity). */
  readonly plans?: { readonly people: string; readonly orderItems: string };
  /** Programs that find nothing to say, before and after, in the application's folder; `tsc --strict` among them. */
  readonly checks: readonly (readonly string[])[];
  /** The folders that ESLint looks at, below the repository's root. */
  readonly linted?: readonly string[];
  /** Runs the generated tests, in the application's folder: `['vitest', 'run']`. */
  readonly tests: readonly string[];
  /** Brings a database to the newest migration, in `cwd`, with DATABASE_URL set. */
  readonly migrate: readonly string[];
  /** Arguments of node that start the application, with DATABASE_URL and PORT set. */
  readonly serve: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Requests of the older domain in their order, each sent with the headers and without. */
  readonly older: readonly Request[];
  readonly domains: Domains;
  /** What the new routes answer to a request without headers; undefined where the application is open. */
  readonly refusesWith?: 401 | 403;
  /** Texts of notices that have to be said. */
  readonly says?: readonly string[];
  /** Where the application serves its OpenAPI document. */
  readonly document?: string;
  /** More about the application with the new domains: rows in the database, what its document says. */
  readonly also?: (application: Application, project: Project, database: TestDatabase) => Promise<void>;
}

export interface TestDatabase {
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
}

const WORDS = {
  people: 'people name:varchar(80)! email:text!:unique',
  orderItems: 'order-items person!:ref(people) sku:varchar(40)! quantity:integer!',
};

/** Adds two domains to an application: whole, as its makers would, and nothing that was there is weaker than before. */
export function describeCrudShape(shape: CrudShape): void {
  const { plans = WORDS, refusesWith, domains } = shape;
  describe(shape.name, () => {
    let server: TestServer;
    let project: Project;
    let folder: string;
    let before: Recorded;
    const outcomes: RunOutcome[] = [];
    const add = (plan: string): Promise<RunOutcome> =>
      runCrudCommand({
        cwd: project.cwd,
        words: plan.endsWith('.yaml') ? [plan] : plan.split(' '),
        dryRun: false,
        typecheck: true,
        tests: false,
        rehearse: true,
        enforce: false,
        force: false,
        say: () => undefined,
      });

    beforeAll(async () => {
      project = makeProject(shape);
      folder = join(project.root, shape.application ?? shape.cwd ?? '.');
      await shape.history(project);
      for (const check of shape.checks) run(folder, check);
      if (shape.linted) lint(project.root, shape.linted);
      commit(project.root);
      server = await startTestServer();
      before = await withApplication('before', (application) => record(application));
      // Two runs, with their rehearsals and type checks.
      outcomes.push(await add(plans.people), await add(plans.orderItems));
    });
    afterAll(async () => {
      await server.stop();
    });

    async function withApplication<T>(
      database: string,
      use: (application: Application, database: TestDatabase) => Promise<T>,
    ): Promise<T> {
      const admin = await server.admin();
      await admin.exec(`CREATE DATABASE ${database}`);
      await admin.end();
      const env = { ...shape.env, DATABASE_URL: server.url(database) };
      execFileSync(join(project.root, 'node_modules/.bin', shape.migrate[0] ?? ''), shape.migrate.slice(1), {
        cwd: project.cwd,
        env: { ...consumerEnv(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const application = await startApplication({ cwd: folder, serve: shape.serve, env });
      const connection = await server.admin(database);
      try {
        return await use(application, {
          query: (sql) => connection.query<Record<string, unknown>>(sql),
        });
      } finally {
        await application.stop();
        await connection.end();
      }
    }

    async function record(application: Application): Promise<Recorded> {
      const { older } = shape;
      const anonymous: Answer[] = [];
      for (const request of older) anonymous.push(await application.send(request));
      const known: Answer[] = [];
      for (const request of older) known.push(await application.send(request, domains.headers));
      return { anonymous: anonymous.map(statusOf), known: known.map(shapeOf) };
    }

    it('is answered as its stack, compiled, rehearsed, nothing left to do by hand', () => {
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          status: 'done',
          verification: { ok: true },
          draft: {
            proof: { rehearsal: { up: 'ok', down: 'ok', again: 'ok' } },
            code: { stack: shape.stack, byHand: [], install: [] },
          },
        });
      }
      for (const text of shape.says ?? []) expect(JSON.stringify(outcomes)).toContain(text);
    });

    it('compiles and is as clean for the linter as before', () => {
      for (const check of shape.checks) run(folder, check);
      if (shape.linted) lint(project.root, shape.linted);
    });

    it('passes the tests that came with the domains', () => {
      run(folder, shape.tests);
    });

    it('answers for the older domain as before, and for the new ones, on Postgres', async () => {
      await withApplication('after', async (application, database) => {
        expect(await record(application)).toEqual(before);
        for (const request of newRequests(domains)) {
          const { status } = await application.send(request);
          const ground = `${request.method} ${request.path} without headers: ${status}`;
          if (refusesWith === undefined) expect([401, 403], ground).not.toContain(status);
          else expect(status, ground).toBe(refusesWith);
        }
        await lifeOfTwoDomains(application, domains);
        for (const table of domains.deletesSoftly ? ['people', 'order_items'] : [])
          expect(
            await database.query(
              `SELECT count(*)::int AS rows, count(deleted_at)::int AS marked FROM ${table}`,
            ),
          ).toEqual([{ rows: 1, marked: 1 }]);
        if (shape.document !== undefined)
          await checkDocument(application, { path: shape.document, domains, folder: project.root });
        await shape.also?.(application, project, database);
      });
    });

    it('is left as it is by a second run, and undone byte for byte', async () => {
      const after = difference(project.root);
      expect(await add(plans.orderItems)).toMatchObject({ status: 'no_changes' });
      expect(difference(project.root)).toBe(after);
      for (let runs = 0; runs < 2; runs++)
        await runUndoCommand({
          cwd: project.cwd,
          dryRun: false,
          evenIfApplied: false,
          say: () => undefined,
        });
      expect(difference(project.root)).toBe('');
    });
  });
}

interface Recorded {
  readonly anonymous: readonly number[];
  readonly known: readonly unknown[];
}

function statusOf({ status }: Answer): number {
  return status;
}

/** The status and the names in the body: values differ from run to run. */
function shapeOf({ status, body }: Answer): unknown {
  const names = typeof body === 'object' && body !== null ? Object.keys(body).toSorted() : body;
  return { status, names };
}

function lint(folder: string, linted: readonly string[]): void {
  const tools = inject('tools');
  const config = join(tools, 'eslint.config.mjs');
  try {
    execFileSync(
      process.execPath,
      [join(tools, 'node_modules/eslint/bin/eslint.js'), '--config', config, ...linted],
      { cwd: folder, env: consumerEnv(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`ESLint:\n${stdout}${stderr}`, { cause: error });
  }
}
