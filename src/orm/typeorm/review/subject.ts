import { readRegularText } from '../../../read-regular-file.ts';
import type { SourcePlace, TypeormMigration } from '../child/child.ts';
import { TableplanError } from '../../../errors.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';
import type { Finding } from '../../../review/finding.ts';
import type { HistoryFinding } from '../check-history.ts';
import { historyFindings } from '../history-findings.ts';
import { readMigrationSource } from '../source/migration-source.ts';
import type { ReviewSubject, SubjectOptions } from '../../review-subject.ts';
import type { TypeormLocation } from '../locate/locate.ts';
import { type LazyTypeorm, lazyTypeorm } from './lazy.ts';
import { type ListedHistory, listMigrations } from './listed.ts';
import { asFinding, reviewableFiles } from './migration-files.ts';

/** The newest migration of a project, all of them, or those that are new since a ref. Throws what listing them throws. */
export async function typeormSubject(
  project: TypeormLocation,
  options: SubjectOptions,
): Promise<ReviewSubject> {
  const lazy = lazyTypeorm(project, options);
  options.signal?.addEventListener('abort', () => void lazy.stop());
  try {
    return { root: project.root, ...(await subjectOf(lazy, options)) };
  } finally {
    await lazy.stop();
  }
}

async function subjectOf(
  lazy: LazyTypeorm,
  options: SubjectOptions,
): Promise<Pick<ReviewSubject, 'files' | 'findings'>> {
  const { cwd, all, since } = options;
  const listed = await listMigrations(lazy);
  const { history } = listed;
  const chosen = since === undefined ? undefined : await chosenSince(lazy, listed, since);
  const migrations = (chosen?.added ?? (all ? history : history.slice(-1))).filter(hasFile);
  const { files, findings } = await reviewableFiles({
    cwd,
    migrations,
    lazy,
    transactionMode: listed.transactionMode,
    together: !all,
  });
  const own = new Set(migrations.map(({ file }) => file));
  const isWanted = ({ isGeneral, file }: HistoryFinding): boolean =>
    all || isGeneral === true || own.has(file) || (chosen?.changed.has(file) ?? false);
  return {
    files,
    findings: [
      ...(await oddities(lazy, listed)).filter(isWanted).map((finding) => asFinding(finding)),
      ...(chosen?.findings ?? []),
      ...findings,
    ],
  };
}

function hasFile(migration: TypeormMigration): migration is TypeormMigration & { readonly file: string } {
  return migration.file !== undefined;
}

/** A history that TypeORM itself would refuse is a finding here: the rest can be reviewed all the same. */
async function oddities({ project }: LazyTypeorm, listed: ListedHistory): Promise<HistoryFinding[]> {
  try {
    return await historyFindings(project, listed);
  } catch (error) {
    if (!(error instanceof TableplanError) || error.code !== 'history-broken') throw error;
    return [
      {
        rule: 'migration-stamp',
        severity: 'error',
        message: error.message,
        fix: error.hint ?? '',
        file: error.at?.file ?? project.dataSourcePath,
      },
    ];
  }
}

interface Chosen {
  readonly added: readonly TypeormMigration[];
  readonly changed: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** The migrations that a branch adds, and what it does to those before it and to the entities. */
async function chosenSince(lazy: LazyTypeorm, listed: ListedHistory, ref: string): Promise<Chosen> {
  const [{ changesSince }, { editedMigrations, migrationsBefore }, { entitiesWithoutMigration }] =
    await Promise.all([
      import('../../../workspace/git.ts'),
      import('./edited-since.ts'),
      import('./entities-without-migration.ts'),
    ]);
  const changes = await changesSince(lazy.project.repoRoot, ref);
  const before = await migrationsBefore(listed.history, changes);
  const added = listed.history.filter(({ name }) => !before.has(name));
  return {
    added,
    changed: changes.changed,
    findings: [
      ...(await editedMigrations(before, listed.history, changes)),
      ...(await outOfOrder(added, listed.history, ref)),
      ...(await entitiesWithoutMigration(lazy, changes)),
    ],
  };
}

/** New ones that are stamped before some that were there already. */
async function outOfOrder(
  added: readonly TypeormMigration[],
  history: readonly TypeormMigration[],
  ref: string,
): Promise<Finding[]> {
  const newest = history.findLast((migration) => !added.includes(migration));
  const late = added.filter(
    ({ stamp = 0, file }) => file !== undefined && newest && stamp < (newest.stamp ?? 0),
  );
  return Promise.all(
    late.map(async ({ name, file = '' }) =>
      historyFinding('migration-out-of-order', {
        severity: 'warning',
        file,
        ...(await placeOfClass(file, name)),
        message: `${name} is new, and stamped before ${newest?.name}, which was there at ${ref}: databases that have run that one run this one after it, new ones before it.`,
        fix: `Give it a stamp above ${newest?.stamp}, in file, class and name, as long as no database has run it.`,
      }),
    ),
  );
}

async function placeOfClass(file: string, name: string): Promise<SourcePlace | undefined> {
  const { classes } = readMigrationSource(file, await readRegularText(file));
  return classes.find((each) => each.name === name)?.place;
}
