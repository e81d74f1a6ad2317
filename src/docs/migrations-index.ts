import type { DocumentedMigration } from '../orm/documented.ts';
import { toKebabCase } from '../plan/migration-name.ts';
import { title } from '../record/record.ts';
import { type RecordFacts, withoutZeros } from './record-facts.ts';
import { codeCell, render, textCell } from './render.ts';

/** A migration with what was recorded of it; several where people wrote several. */
export interface Indexed {
  readonly migration: DocumentedMigration;
  readonly records: readonly RecordFacts[];
}

export interface MigrationsIndex {
  /** Oldest first. */
  readonly rows: readonly Indexed[];
  /** Records whose migration is not in the history. */
  readonly orphans: readonly RecordFacts[];
}

/**
 * Brings migrations and records together: by the file that a record names, else by its number, and its name where a
 * number is there twice. A record that names a file which is gone is no record of another that took its number.
 */
export function indexMigrations(
  migrations: readonly DocumentedMigration[],
  records: readonly RecordFacts[],
): MigrationsIndex {
  const found = records.map((record) => ({ record, migration: migrationOf(record, migrations) }));
  return {
    rows: migrations.map((migration) => ({
      migration,
      records: found.filter((each) => each.migration === migration).map(({ record }) => record),
    })),
    orphans: found.filter(({ migration }) => migration === undefined).map(({ record }) => record),
  };
}

function migrationOf(
  record: RecordFacts,
  migrations: readonly DocumentedMigration[],
): DocumentedMigration | undefined {
  if (record.migration !== undefined) {
    const named = record.migration.toLowerCase();
    return migrations.find(({ tag }) => tag.toLowerCase() === named);
  }
  const numbered = migrations.filter(
    ({ number }) => number !== undefined && withoutZeros(number) === record.number,
  );
  if (record.number !== undefined && numbered.length === 1) return numbered[0];
  return (record.number === undefined ? migrations : numbered).find(
    ({ name }) => toKebabCase(name) === record.name.toLowerCase(),
  );
}

/** The index as Markdown; `template` is a Handlebars text. Links are relative to the folder of the records. */
export function renderIndex(index: MigrationsIndex, template: string): string {
  const missing = index.rows.filter(({ records }) => records.length === 0);
  return render(template, {
    rows: index.rows.map(({ migration, records }) => ({
      number: migration.number === undefined ? '' : codeCell(migration.number),
      name: textCell(title(migration.name)),
      date: dateOf(migration.made),
      tables: tablesOf(records),
      ...recorded(records),
    })),
    orphans: index.orphans.map((record) => ({
      link: link(record),
      migration: record.migration === undefined ? '' : codeCell(record.migration),
      tables: tablesOf([record]),
      ...recorded([record]),
    })),
    count: counted(index.rows.length, 'migration'),
    recorded: index.rows.length - missing.length,
    missing: missing.length,
  });
}

function recorded(records: readonly RecordFacts[]): { applied: string; rollback: string; record: string } {
  const all = (pick: (record: RecordFacts) => string | undefined): string =>
    [...new Set(records.flatMap((record) => pick(record) ?? []))].map(textCell).join('; ');
  return {
    applied: all(({ applied }) => applied),
    rollback: all(({ rollback }) => rollback),
    record: records.length === 0 ? '**no record**' : records.map(link).join(', '),
  };
}

function tablesOf(records: readonly RecordFacts[]): string {
  const names = [...new Set(records.flatMap(({ tables }) => tables))];
  const shown = names.slice(0, MOST_TABLES).map(codeCell).join(', ');
  return names.length > MOST_TABLES ? `${shown} and ${names.length - MOST_TABLES} more` : shown;
}

/** A row names no more tables than these; the record names all. */
const MOST_TABLES = 10;

function link({ file, number }: RecordFacts): string {
  return `[${number === undefined ? 'record' : `record ${number}`}](${encodePath(file)})`;
}

/** A path as the target of a link. */
export function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('(', '%28').replaceAll(')', '%29'))
    .join('/');
}

/** The day, in UTC: the same on every machine. Stamps of other tools may mean nothing. */
export function dateOf(made: number | undefined): string {
  if (made === undefined || made < 946_684_800_000 || made > 4_102_444_800_000) return '';
  return new Date(made).toISOString().slice(0, 10);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
