import type { DatabaseSchema } from '../../plan/database-schema.ts';
import type { Dependant } from '../../plan/dependants.ts';
import type { ParsedPlan } from '../../plan/parse.ts';
import type { TableNames } from '../../plan/table-names.ts';
import { type HistoricName, type Resolution, resolvePlan } from '../../plan/resolve.ts';
import { typeormCapabilities } from './capabilities.ts';
import { type AskNames, withNaming } from './naming.ts';

export interface TypeormResolving {
  /** The project's naming strategy. */
  readonly ask: AskNames;
  readonly version: string;
  /** Texts of the project's migrations, whatever they are written with. */
  readonly migrations: readonly string[];
  /** The schema whose conventions names follow: the one before the plan, also when its result is looked at. */
  readonly conventions: DatabaseSchema;
  readonly tableNames?: TableNames | undefined;
  /** What of the database stands on tables and columns. */
  readonly dependants?: (() => Promise<readonly Dependant[]>) | undefined;
}

/** Resolves a plan for TypeORM: the project's own names, what entities can express, and what its history remembers. */
export function resolveForTypeorm(
  plan: ParsedPlan,
  schema: DatabaseSchema,
  resolving: TypeormResolving,
): Promise<Resolution> {
  const { ask, version, migrations, conventions, dependants, tableNames } = resolving;
  return withNaming(ask, conventions, (naming) =>
    resolvePlan(plan, schema, {
      naming,
      capabilities: typeormCapabilities(version),
      dependants,
      tableNames,
      hadName: (wanted) => migrations.some((text) => mentions(text, wanted)),
      hasStatement: (sql) => migrations.some((text) => plain(text).includes(plain(sql))),
    }),
  );
}

/** Whether a migration speaks of a name, and of the table that it belongs to. */
function mentions(text: string, wanted: HistoricName): boolean {
  const owner = 'table' in wanted ? wanted.table.name : 'enum' in wanted ? wanted.enum.name : undefined;
  const name = typeof wanted.name === 'string' ? wanted.name : wanted.name.name;
  return isWord(text, name) && (owner === undefined || isWord(text, owner));
}

function isWord(text: string, name: string): boolean {
  return new RegExp(String.raw`(?<![\w$])${name.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\w$])`).test(text);
}

function plain(sql: string): string {
  return sql.trim().replace(/;$/, '').replaceAll(/\s+/g, ' ');
}
