import { ts } from '../../../../schema/compiler.cjs';
import { parseFile } from '../../../../schema/parse.ts';
import type { CrudProject } from '../../../crud-project.ts';
import { findDatabase, isTest } from '../../../find-database.ts';
import { declarationOf } from '../../../refuses.ts';
import type { Mount } from './mounts.ts';

/** A database as a file of the project has it. */
export interface ImportedDatabase {
  readonly path: string;
  /** What is imported: `db`, or the plugin that has it. */
  readonly name: string;
  /** The database itself: `db`, `database.decorator.db`. */
  readonly code: string;
}

/** The database that the neighbours' code imports: of a plugin that puts it into the context, else the constant of its module. */
export function importedDatabase(
  project: CrudProject,
  neighbours: readonly Mount[],
): ImportedDatabase | undefined {
  for (const neighbour of neighbours) {
    const found = decorated(neighbour, project);
    if (found !== undefined) return found;
  }
  const { path, name } = findDatabase(project) ?? importedByOthers(project) ?? {};
  return path === undefined || name === undefined ? undefined : { path, name, code: name };
}

/** `.use(database)` of a neighbour, where that is `new Elysia().decorate('db', …)`. */
function decorated({ declared }: Mount, project: CrudProject): ImportedDatabase | undefined {
  const { node, place } = declared;
  let found: ImportedDatabase | undefined;
  const visit = (each: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isCallExpression(each) && ts.isPropertyAccessExpression(each.expression)) {
      const [given] = each.arguments;
      if (each.expression.name.text === 'use' && given !== undefined && ts.isIdentifier(given))
        found = decoratedBy(given.text);
    }
    ts.forEachChild(each, visit);
  };
  const decoratedBy = (name: string): ImportedDatabase | undefined => {
    const plugin = declarationOf(name, place, project);
    // Only what is imported can be imported elsewhere too.
    if (plugin === undefined || plugin === 'package' || plugin.place.path === place.path) return undefined;
    const code = plugin.node.getText(plugin.place.ast);
    const key = /\.decorate\(\s*['"](\w*(?:db|database|drizzle)\w*)['"]/i.exec(code)?.[1];
    if (key === undefined || !/\bnew Elysia\b/.test(code)) return undefined;
    return { path: plugin.place.path, name, code: `${name}.decorator.${key}` };
  };
  visit(node);
  return found;
}

/** A constant of this name that files import from where Drizzle is made. */
function importedByOthers({
  sources,
  resolveImport,
}: CrudProject): Pick<ImportedDatabase, 'path' | 'name'> | undefined {
  for (const [path, text] of sources) {
    if (isTest(path) || !/\b(db|database)\b/.test(text)) continue;
    for (const { path: from, names } of parseFile(path, text, resolveImport).imports) {
      const name = names?.items.find((item) => /^(db|database)$/.test(item.name))?.name;
      const made = from === undefined ? undefined : sources.get(from);
      if (name !== undefined && from !== undefined && made !== undefined && /['"]drizzle-orm\//.test(made))
        return { path: from, name };
    }
  }
  return undefined;
}
