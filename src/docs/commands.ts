import { ORM_WORDS } from './orm-words.ts';
import { execCommand, runCommand } from '../project/package-manager.ts';
import type { ProjectFacts } from './facts.ts';

/** A script of the project that has to do with the database, and what it does. */
export interface ScriptLine {
  readonly command: string;
  readonly does: string;
}

/** The commands of a project, as they are typed in its folder. */
export interface ProjectCommands {
  readonly tableplan: string;
  /** Only where a plopfile loads tableplan. */
  readonly plop: string | undefined;
  readonly migrate: string;
  /** Takes the newest migration back; TypeORM only. */
  readonly revert: string | undefined;
  readonly typecheck: string | undefined;
  readonly test: string | undefined;
  /** Scripts that change a database past its migrations. */
  readonly push: readonly string[];
  readonly scripts: readonly ScriptLine[];
}

const DOES: readonly (readonly [RegExp, string])[] = [
  [/\bplop migration\b|\btableplan migration\b/, 'makes a migration from a plan'],
  [/\bplop crud\b|\btableplan crud\b/, 'makes a migration and the code that uses its table'],
  [/\bplop docs\b|\btableplan docs\b/, 'writes these documents anew'],
  [/\btableplan review\b/, 'judges migrations that are there'],
  [/\btableplan rehearse\b/, 'rehearses a migration'],
  [/\bdrizzle-kit\b\S*\s+generate\b/, 'what tableplan runs for you: alone it asks, and writes no rollback'],
  [
    /\bdrizzle-kit\b\S*\s+migrate\b|\bmigration:run\b/,
    'applies the migrations that a database does not have',
  ],
  [
    /\bdrizzle-kit\b\S*\s+push\b|\bschema:sync\b/,
    'changes a database past its migrations: never one that is shared',
  ],
  [/\bdrizzle-kit\b\S*\s+studio\b/, 'shows a database in the browser'],
  [/\bdrizzle-kit\b\S*\s+check\b/, 'looks for collisions in the history'],
  [
    /\bmigration:generate\b/,
    'what tableplan does without a database: alone it drops and adds renamed columns',
  ],
  [/\bmigration:create\b/, 'writes an empty migration'],
  [/\bmigration:revert\b/, 'takes the newest migration back'],
  [/\bmigration:show\b/, 'lists migrations and whether they ran'],
  [/\bschema:drop\b/, 'drops every table: never on a database that is shared'],
];

/** What can be typed in a project: only scripts that it has, and tools that it has. */
export function commandsOf(facts: ProjectFacts): ProjectCommands {
  const { packageManager, scripts } = facts;
  const run = (name: string): string => runCommand(packageManager, name);
  const entries = Object.entries(scripts);
  const named = (pattern: RegExp): string | undefined => entries.find(([name]) => pattern.test(name))?.[0];
  const types = named(/^(type-?check|check-types|types|tsc)$/);
  const test = scripts['test']?.includes('no test specified') ? undefined : named(/^test$/);
  return {
    tableplan: execCommand(packageManager, 'tableplan'),
    plop: facts.plopfile === undefined ? undefined : execCommand(packageManager, 'plop'),
    migrate: facts.migrate,
    revert: ORM_WORDS[facts.orm].hasRevert ? revert(facts) : undefined,
    typecheck:
      types === undefined
        ? facts.tsconfig
          ? `${execCommand(packageManager, 'tsc')} --noEmit`
          : undefined
        : run(types),
    test: test && run(test),
    push: entries.flatMap(([name, command]) =>
      /\bdrizzle-kit\b\S*\s+push\b|\bschema:sync\b/.test(command) ? [run(name)] : [],
    ),
    scripts: entries.flatMap(([name, command]) => {
      const does = DOES.find(([pattern]) => pattern.test(command))?.[1];
      return does === undefined ? [] : [{ command: run(name), does }];
    }),
  };
}

/** The project's own script, else the command that its script for applying runs, turned round. */
function revert({ packageManager, scripts, config }: ProjectFacts): string {
  const own = Object.entries(scripts).find(([, command]) => /\bmigration:revert\b/.test(command))?.[0];
  if (own !== undefined) return runCommand(packageManager, own);
  const [, tool, rest = ''] =
    Object.values(scripts)
      .map((command) => /^([\w@./-]+) migration:run((?: [^&|;<>$]*)?)$/.exec(command.trim()))
      .find((found) => found !== null) ?? [];
  return `${execCommand(packageManager, tool ?? 'typeorm')} migration:revert${tool === undefined ? ` -d ${config}` : rest}`;
}
