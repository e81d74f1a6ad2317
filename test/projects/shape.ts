import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import type { MigrationOutcome } from '../../src/pipeline/types.ts';
import { findingsOf } from '../../src/report/findings.ts';
import { renderOutcome } from '../../src/report/outcome.ts';
import { commit, difference } from './git.ts';
import { makeProject, migrate, PLAN, type Project, type ProjectFiles, run } from './project.ts';

/** A plan that is refused, as the project stands: how, and the plan that the message names the way to. */
export interface Refused {
  readonly refused: string;
  readonly code: TableplanError['code'];
  /** Texts of the message and its hint. */
  readonly says: readonly string[];
  /** What a person does who follows the message. */
  readonly followed?: (project: Project) => void;
  readonly instead?: Plan;
  /** `instead` is run with --repair-snapshots. */
  readonly repairSnapshots?: boolean;
}

/** A plan that is run by somebody who has not set what the maintainers have (`env` of the shape). */
interface Unset {
  readonly text: string;
  readonly without: readonly string[];
}

type Plan = string | Unset | Refused;

/** One kind of project, in small; what its maintainers do with tableplan, one plan after the other. */
export interface Shape extends ProjectFiles {
  readonly name: string;
  /** Folder of what is expected of each plan: `expected/monorepo` has `1-new-table.diff` … */
  readonly expected: string;
  /** The config to name, where the project has several. */
  readonly config?: string;
  /** Variables that its maintainers have set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the migrations that are there before the first plan. */
  readonly history?: (project: Project) => void | Promise<void>;
  /** Programs that find nothing to say before the first plan, nor after each: type checker, formatter, linter. Run in `cwd`. */
  readonly checks: readonly (readonly string[])[];
  /** What the ORM would still write; empty where schema and history agree. */
  readonly leftOver: (project: Project) => string | Promise<string>;
  readonly plans: {
    readonly newTable: Plan;
    readonly columns: Plan;
    readonly rename: Plan;
    readonly typeChange: Plan;
    readonly drop: Plan;
  };
}

const STEPS = [
  { key: 'newTable', file: '1-new-table', what: 'a new table with a foreign key and an enum' },
  { key: 'columns', file: '2-columns', what: 'new columns and an index' },
  { key: 'rename', file: '3-rename', what: 'a rename' },
  { key: 'typeChange', file: '4-type-change', what: 'another type and NOT NULL' },
  { key: 'drop', file: '5-drop', what: 'a drop with its reason' },
] as const;

/** Five plans in sequence on one project: each ends with what a maintainer would merge, or with a refusal that names the way. */
export function describeShape(shape: Shape): void {
  describe(shape.name, () => {
    let project: Project;
    beforeAll(async () => {
      Object.assign(process.env, shape.env);
      project = makeProject(shape);
      await shape.history?.(project);
      for (const check of shape.checks) run(project.cwd, check);
      commit(project.root);
    });

    it.each(STEPS)('takes $what', async ({ key, file }) => {
      const accepted = await followRefusals(project, shape, shape.plans[key]);
      if (accepted === undefined) return;
      const outcome = await runPlan(project, shape, accepted);
      const changed = difference(project.root);
      try {
        expectProof(outcome, project);
        await isWhole(shape, project);
        expect(difference(project.root)).toBe(changed);
        await expect(withoutStamps(`${verdict(outcome)}\n\n${changed}\n`)).toMatchFileSnapshot(
          `${shape.expected}/${file}.diff`,
        );
      } finally {
        commit(project.root);
      }
    });
  });
}

async function isWhole({ checks, leftOver }: Shape, project: Project): Promise<void> {
  for (const check of checks) run(project.cwd, check);
  expect(await leftOver(project)).toBe('');
}

interface Accepted extends Unset {
  readonly repairSnapshots: boolean;
}

/** The plan that is taken in the end; undefined where none is. */
async function followRefusals(
  project: Project,
  shape: Shape,
  plan: Plan,
  repairSnapshots = false,
): Promise<Accepted | undefined> {
  if (typeof plan === 'string') return { text: plan, without: [], repairSnapshots };
  if ('text' in plan) return { ...plan, repairSnapshots };
  await expectRefusal(project, shape, plan, repairSnapshots);
  plan.followed?.(project);
  commit(project.root);
  return plan.instead === undefined
    ? undefined
    : followRefusals(project, shape, plan.instead, plan.repairSnapshots);
}

async function runPlan(
  project: Project,
  { config, env }: Shape,
  { text, without, repairSnapshots }: Accepted,
): Promise<MigrationOutcome> {
  writeFileSync(join(project.cwd, PLAN), text);
  for (const name of without) delete process.env[name];
  try {
    return await migrate(project, { config, repairSnapshots });
  } finally {
    Object.assign(process.env, env);
  }
}

async function expectRefusal(
  project: Project,
  shape: Shape,
  { refused, code, says }: Refused,
  repairSnapshots: boolean,
): Promise<void> {
  const error = await runPlan(project, shape, { text: refused, without: [], repairSnapshots }).then(
    ({ status }) => new Error(`not refused: ${status}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TableplanError)) throw error;
  expect(error.code).toBe(code);
  const answers = error.missing.map(({ question }) => question);
  const message = [error.message, error.hint, error.frame, ...answers].join('\n');
  for (const text of says) expect(message).toContain(text);
  expect(difference(project.root)).toBe('');
}

/** Rehearsed both ways, compared with the plan, nothing that would stop a pull request, no place of this machine shown. */
function expectProof(outcome: MigrationOutcome, project: Project): void {
  if (outcome.status !== 'done') throw new Error(`the plan did nothing: ${outcome.status}`);
  const { proof } = outcome.draft;
  expect(proof.notRehearsed?.reason).toBeUndefined();
  expect(proof.notCompared?.reason).toBeUndefined();
  expect(proof.stopping.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  expect(proof.rehearsal).toMatchObject({ drift: [], up: 'ok', down: 'ok', again: 'ok' });
  expect(outcome.verification?.steps.filter(({ ok }) => !ok)).toEqual([]);
  const shown = renderOutcome(outcome, { color: false, diff: false });
  expect(shown).not.toContain(project.root);
}

/** What the run says of its migration, by rule. */
function verdict(outcome: MigrationOutcome): string {
  if (outcome.status === 'no_changes') return 'no changes';
  const findings = findingsOf(outcome).map(({ severity, rule }) => `${severity} ${rule}`);
  return [
    `rollback ${outcome.draft.proof.rehearsal?.rollback}`,
    ...[...new Set(findings)].toSorted(),
    ...outcome.draft.proof.overridden.map(({ rule }) => `allowed ${rule}`),
  ].join('\n');
}

/** TypeORM's class names and files bear the time. */
function withoutStamps(text: string): string {
  // git ends the line of a hunk after so many characters.
  return text.replaceAll(/1\d{12}/g, 'STAMP').replaceAll(/^(@@ .*)1\d{2,11}$/gm, '$1STAMP');
}
