import type { Finding } from '../../../review/finding.ts';
import type { Query, SourcePlace, TypeormMigration } from '../child/child.ts';
import { readMigrationSource, type WrittenMigration } from './migration-source.ts';
import { placesOf } from './places.ts';
import { type SourcedScript, sourcedScript, type Split } from './sourced-script.ts';

/** A migration in its file, and what its statements have to do with it. */
export interface MigrationText {
  /** The class, where the file has it as a class with a way up of its own. */
  readonly written: WrittenMigration | undefined;
  /** The queries that one way of it runs, as a script. */
  scriptOf(way: 'up' | 'down', queries: readonly Query[]): SourcedScript;
  /** A finding about a script (of the way up) as one about the file. */
  place(finding: Finding, script: SourcedScript): Finding;
}

const TOP: SourcePlace = { line: 1, column: 1 };

/** Finds a migration in the text of its file; `split` is wanted where a comment above a call is to hold for several statements. */
export function migrationText(
  path: string,
  text: string,
  { className, name }: Pick<TypeormMigration, 'className' | 'name'>,
  split?: Split,
): MigrationText {
  const source = readMigrationSource(path, text);
  const { classes } = source;
  const written =
    classes.find((each) => each.className === className) ??
    classes.find((each) => each.name === name) ??
    (classes.length === 1 ? classes[0] : undefined);
  const placeOfWay = (way: 'up' | 'down'): SourcePlace =>
    (way === 'down' ? written?.down : undefined) ?? written?.up.place ?? TOP;
  return {
    written,
    scriptOf: (way, queries) => sourcedScript(queries, placesOf(source, queries, placeOfWay(way)), split),
    place(finding, script) {
      const said = { ...inTypeorm(finding), message: linesOfFile(finding.message, script) };
      if (finding.statement === '') return { ...said, ...placeOfWay(isOfWayDown(finding) ? 'down' : 'up') };
      return { ...said, ...script.place(finding.line, finding.column) };
    },
  };
}

/** Messages that name another statement name its line. */
function linesOfFile(message: string, script: SourcedScript): string {
  return message.replaceAll(
    /\((since )?line (\d+)\)/g,
    (_, since: string | undefined, line: string) =>
      `(${since ?? ''}line ${script.place(Number(line), 1).line})`,
  );
}

/** In a transaction of its own a class is run unless it says otherwise: what stands alone in it is no better off. */
function inTypeorm(finding: Finding): Finding {
  if (finding.rule !== 'concurrently-in-transaction' || finding.severity !== 'info') return finding;
  return { ...finding, severity: 'error', fix: 'transaction = false; // in the class' };
}

/** What the rehearsal says of the way back. */
function isOfWayDown({ rule, observed }: Finding): boolean {
  return observed && (rule === 'missing-or-wrong-down' || rule === 'irreversible');
}
