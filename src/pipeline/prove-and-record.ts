import type { CodeDraft } from '../crud/code.ts';
import type { OrmMigration } from '../orm/orm-project.ts';
import type { Change, Notice } from '../plan/change.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import { planRefused } from '../plan/plan-refused.ts';
import type { PlanSafety } from '../plan/plan.ts';
import { shownPaths } from '../project/shown-paths.ts';
import { tickedChecks } from './verification.ts';
import { type Proof, prove } from '../rehearse/prove.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { refuseUnrunnable } from '../rehearse/unrunnable.ts';
import { withAllowComments } from '../review/allow.ts';
import { type Decision, withAllowed, withFixes } from '../review/decide.ts';
import type { Finding } from '../review/finding.ts';
import { gate, type GateResult, type OverriddenFinding } from '../rehearse/gate.ts';
import { rulesOff, withLevels } from '../review/rule-levels.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import {
  type DraftedMigration,
  type MigrationProof,
  type MigrationRequest,
  type Opened,
  unseen,
} from './types.ts';

/** A generated migration, and all that proof and record want to know of it. */
interface GeneratedStage extends Opened {
  readonly request: MigrationRequest;
  readonly plan: ParsedPlan;
  readonly name: string;
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
  /** Notices that are errors for this project. */
  readonly errors: readonly Finding[];
  readonly edits: readonly FileEdit[];
  readonly code: CodeDraft | undefined;
  readonly migration: OrmMigration;
  readonly record: Promise<typeof import('../record/draft.ts')>;
  /** Who makes it, and when; undefined where git does not know. */
  readonly author: Promise<string | undefined>;
  /** The reason by which the plan allows all that stopped it. */
  readonly writtenAnyway?: string | undefined;
}

/** Judges the migration, unless that has been done (`proved`), and drafts its record. */
export async function proveAndRecord(stage: GeneratedStage, proved?: Proof): Promise<DraftedMigration> {
  const { request, project, settings, plan, changes, notices, edits } = stage;
  const safety = plan.plan.documents[0]?.safety;
  const { progress = unseen } = request;
  const step = request.rehearse ? 'Rehearsed up, down and up again, and reviewed' : 'Reviewed';
  const judged = proved ?? (await progress(step, () => proveMigration(stage)));
  const { rehearsal, notRehearsed, notCompared } = judged;
  refusePlanThatFails(rehearsal, plan);
  refuseUnrunnable(stage.migration.sql, rehearsal, stage.orm.words.generator);
  const enforce = request.enforce || settings.safety === 'enforce';
  const history = withLevels(stage.orm.findings, settings.rules);
  const gated = gate(shownPaths(project)([...stage.errors, ...history, ...judged.findings]), {
    safety,
    enforce,
    mustBeProven: request.mustBeProven ?? false,
  });
  const reason = request.writeAnyway;
  if (reason !== undefined && stage.writtenAnyway === undefined && gated.stopping.length > 0) {
    const allowed = gated.stopping.map((finding): Decision => ({ kind: 'allow', finding, reason }));
    const next = { ...stage, plan: withSafety(plan, withAllowed(safety, allowed)), writtenAnyway: reason };
    return proveAndRecord(next, judged);
  }
  // The reasons stand in the SQL too, where the review of CI looks for them.
  const migration = await withReasons(stage.migration, gated.overridden);
  const proof: MigrationProof = {
    rehearsal,
    notRehearsed,
    notCompared,
    effects: judged.effects,
    writtenAnyway: stage.writtenAnyway,
    ...inFile(gated, stage, migration),
  };
  const { draftRecord } = await stage.record;
  const record = await draftRecord(
    project.root,
    {
      plan,
      generator: stage.orm.words.generator,
      number: migration.number,
      name: stage.name,
      changes,
      up: migration.sql,
      down: migration.down,
      byHand: migration.byHand,
      // How words were understood shows in the plan, what is wrong with its own template in the record itself.
      findings: [
        ...notices.filter(({ rule }) => !rule.startsWith('words-') && rule !== 'record-template'),
        ...proof.findings,
      ],
      overridden: proof.overridden,
      rehearsal,
      effects: judged.effects,
      author: await stage.author,
      sqlPath: migration.sqlPath,
      rollbackPath: migration.rollbackPath,
      editedPaths: edits.map(({ path }) => path),
    },
    tickedChecks(undefined, proof, stage.orm.words),
  );
  return {
    status: 'drafted',
    draft: {
      project,
      plan,
      changes,
      notices,
      rulesOff: rulesOff(settings.rules),
      edits: [...edits, ...migration.edits, record.edit],
      code: stage.code,
      before: stage.orm.before,
      migration,
      proof,
      words: stage.orm.words,
      record: record.edit.path,
    },
    recordWith: record.withChecks,
    async revised(decisions) {
      const next = { ...stage, plan: withSafety(plan, withAllowed(safety, decisions)) };
      const fixed = withFixes(stage.migration.statements, decisions);
      if (!fixed) return proveAndRecord(next, judged);
      return proveAndRecord({
        ...next,
        migration: await stage.migration.rewritten({ ...fixed, down: migration.down }),
      });
    },
  };
}

async function withReasons(
  migration: OrmMigration,
  overridden: readonly OverriddenFinding[],
): Promise<OrmMigration> {
  if (overridden.length === 0) return migration;
  const statements = withAllowComments(migration.statements, overridden);
  return migration.rewritten({ statements, down: migration.down, byHand: [] });
}

/** Findings at the lines of the file that is written; those about other files (a data source) stay. */
function inFile(gated: GateResult, stage: GeneratedStage, migration: OrmMigration): GateResult {
  const file = posixRelative(stage.project.root, migration.sqlPath);
  const placed = <Found extends Finding>(findings: readonly Found[]): Found[] =>
    findings.map((finding) =>
      finding.file === file
        ? { ...finding, ...migration.inFile?.(finding, stage.migration.statements) }
        : finding,
    );
  return {
    findings: placed(gated.findings),
    overridden: placed(gated.overridden),
    stopping: placed(gated.stopping),
  };
}

function proveMigration(stage: GeneratedStage): Promise<Proof> {
  const { request, project, settings, orm, plan, migration } = stage;
  return prove({
    up: migration.sql,
    down: migration.down.join(';\n'),
    planned: migration.planned,
    schema: orm.before,
    review: {
      transaction: orm.transaction,
      file: posixRelative(project.root, migration.sqlPath),
      postgresVersion: settings.postgresVersion,
      assumeTimeouts: settings.assumeTimeouts,
      optIn: settings.optIn,
      rules: settings.rules,
    },
    migratorTables: orm.migratorTables,
    history: request.rehearse ? orm.replay() : undefined,
    seed: request.seed,
    isManual: plan.plan.documents[0]?.safety?.rollback === 'manual',
  });
}

function withSafety(plan: ParsedPlan, safety: PlanSafety | undefined): ParsedPlan {
  const [first, ...others] = plan.plan.documents;
  if (!first || !safety) return plan;
  return { ...plan, plan: { documents: [{ ...first, safety }, ...others] } };
}

/** The plan's own DDL is its last check: what Postgres refuses there was never a valid plan. */
function refusePlanThatFails(rehearsal: Rehearsal | undefined, plan: ParsedPlan): void {
  const failure = rehearsal?.planFailure;
  if (failure) throw planRefused(failure, plan);
}
