import { basename } from 'node:path';
import type { SourceText } from '../../workspace/file-edit.ts';
import { TableplanError } from '../../errors.ts';
import type { LoadedDataSource, TypeormMigration } from './child/child.ts';
import { synchronizeOptions } from './source/synchronize-option.ts';

/** Something odd about a project's history or its data source. */
export interface HistoryFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
  readonly file: string;
  readonly line?: number;
  /** It is about the project, whichever migration is looked at. */
  readonly isGeneral?: true;
}

export interface HistoryToCheck {
  readonly loaded: Pick<LoadedDataSource, 'history' | 'migrations' | 'synchronize'>;
  readonly dataSource: SourceText;
  /** Files that look like migrations, in the folders of the history and wherever else they lie; absolute. */
  readonly files: readonly string[];
  /** Other files of the project that make a data source or configure one. */
  readonly others: readonly SourceText[];
  /** Folders of migrations that no data source of the project loads, with the files in them. */
  readonly unloaded: readonly { readonly folder: string; readonly files: readonly string[] }[];
  /** Variables that the project's script sets. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Throws `history-broken` for what TypeORM itself cannot run; returns what it runs in another order than people think,
 * or never (facts/typeorm.md 6).
 */
export function checkTypeormHistory(input: HistoryToCheck): HistoryFinding[] {
  const { history } = input.loaded;
  refuseWithoutStamp(history);
  refuseTwins(history);
  return [
    ...history.flatMap(longStamp),
    ...equalStamps(history),
    ...history.flatMap(otherStampInFile),
    ...unlisted(input),
    ...input.unloaded.map(neverLoaded),
    ...synchronized(input),
    ...input.others.flatMap(alsoSynchronized),
  ];
}

function refuseWithoutStamp(history: readonly TypeormMigration[]): void {
  const without = history.find(({ stamp }) => stamp === undefined);
  if (!without) return;
  throw new TableplanError(
    'history-broken',
    `The migration ${without.name} has no stamp: TypeORM reads the last thirteen characters of its name as milliseconds.`,
    {
      hint: 'Let its class (and its name) end in thirteen digits; a database that has run it knows it by that name in its migrations table.',
      ...(without.file !== undefined && { at: { file: without.file } }),
    },
  );
}

function refuseTwins(history: readonly TypeormMigration[]): void {
  const names = history.map(({ name }) => name);
  const twin = history.find(({ name }, index) => names.indexOf(name) < index);
  if (!twin) return;
  throw new TableplanError(
    'history-broken',
    `There are two migrations ${twin.name}: TypeORM runs none then.`,
    {
      hint: 'Rename the one that no database has run.',
      ...(twin.file !== undefined && { at: { file: twin.file } }),
    },
  );
}

/** `20250925120000` loses its first digit and sorts before everything. */
function longStamp({ name, stamp, file }: TypeormMigration): HistoryFinding[] {
  const digits = /\d+$/.exec(name)?.[0] ?? '';
  if (digits.length <= 13) return [];
  return [
    warning(
      'migration-stamp',
      `${name} ends in ${digits.length} digits: TypeORM takes the last thirteen, ${stamp}, and runs it before migrations of an earlier date.`,
      'Use thirteen digits (milliseconds), and none before them.',
      file ?? name,
    ),
  ];
}

function equalStamps(history: readonly TypeormMigration[]): HistoryFinding[] {
  return history.slice(1).flatMap(({ name, stamp, file }, index) => {
    const before = history[index];
    if (before?.stamp !== stamp) return [];
    return [
      warning(
        'migration-stamp',
        `${before?.name} and ${name} bear the same stamp: which of them runs first is left to chance.`,
        'Give the later one a later stamp, in file and class, where no database has run it.',
        file ?? name,
      ),
    ];
  });
}

/** The class wins; people look at files. */
function otherStampInFile({ name, stamp, file }: TypeormMigration): HistoryFinding[] {
  const inFile = /^\d+/.exec(basename(file ?? ''))?.[0];
  if (file === undefined || inFile === undefined || Number(inFile) === stamp) return [];
  return [
    warning(
      'migration-stamp',
      `${basename(file)} holds ${name}: TypeORM goes by the class, ${stamp}, not by the file.`,
      'Let both bear the same stamp.',
      file,
    ),
  ];
}

/** Files that no glob finds and no array lists: they never run, and nothing says so. */
function unlisted({ loaded, files, dataSource }: HistoryToCheck): HistoryFinding[] {
  const known = new Set([...loaded.history.map(({ file }) => file), ...loaded.migrations.files]);
  return files
    .filter((file) => !known.has(file))
    .map((file) =>
      warning(
        'migration-never-runs',
        `${basename(file)} is a migration that the data source does not have: it never runs.`,
        `Add it to \`migrations\` in ${basename(dataSource.path)}, or delete it.`,
        file,
      ),
    );
}

const TEST = /(^|[/._-])(test|tests|e2e|spec|testing)([/._-]|$)/i;
const PRODUCTION = /(^|[/._-])prod(uction)?([/._-]|$)/i;

function synchronized({ loaded, dataSource, env }: HistoryToCheck): HistoryFinding[] {
  if (!loaded.synchronize || TEST.test(dataSource.path) || env['NODE_ENV'] === 'test') return [];
  const isProduction = PRODUCTION.test(dataSource.path) || env['NODE_ENV'] === 'production';
  const line = dataSource.text.split('\n').findIndex((text) => /\bsynchronize\b/.test(text)) + 1;
  return [
    {
      rule: 'synchronize',
      severity: isProduction ? 'error' : 'warning',
      message:
        'synchronize is on: the application changes its database by itself when it connects, dropping columns as it goes, and migrations then find the work done.',
      fix: 'synchronize: false, and migrations only.',
      file: dataSource.path,
      isGeneral: true,
      ...(line > 0 && { line }),
    },
  ];
}

/** A data source that no command here uses may be the one that the application connects by. */
function alsoSynchronized({ path, text }: SourceText): HistoryFinding[] {
  if (TEST.test(path)) return [];
  return synchronizeOptions(text).map(({ line, text: value, isDisguised }) => ({
    rule: 'synchronize',
    severity: PRODUCTION.test(path) ? 'error' : 'warning',
    message: `synchronize is on in another data source${isDisguised ? `, whatever its condition is (\`${value}\`)` : ''}: what connects by it changes the database by itself, dropping columns as it goes.`,
    fix: 'synchronize: false, and migrations only.',
    file: path,
    isGeneral: true,
    line,
  }));
}

function neverLoaded({ folder, files }: HistoryToCheck['unloaded'][number]): HistoryFinding {
  const count = files.length === 1 ? 'a migration' : `${files.length} migrations`;
  return {
    ...warning(
      'migration-never-runs',
      `${basename(folder)} holds ${count} that no data source loads: ${files
        .slice(0, 3)
        .map((file) => basename(file))
        .join(', ')}${files.length > 3 ? ', …' : ''}.`,
      'Add the folder to `migrations` in the data source that is to run them, or delete it.',
      files[0]!,
    ),
    isGeneral: true,
  };
}

function warning(rule: string, message: string, fix: string, file: string): HistoryFinding {
  return { rule, severity: 'warning', message, fix, file };
}
