import { ts } from '../../../schema/compiler.cjs';
import type { SchemaFile } from '../../../schema/source-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import { importsOf } from './application.ts';
import type { NamedImport } from './guards.ts';
import { filesWith } from './neighbours.ts';

/** Options of the project's data source by which columns and tables get their names and values their types. */
export interface SharedOptions {
  /** `namingStrategy: new SnakeNamingStrategy(),` */
  readonly members: readonly string[];
  readonly imports: readonly NamedImport[];
}

const SHARED =
  /^(namingStrategy|uuidExtension|installExtensions|schema|entityPrefix|parseInt8|migrationsTransactionMode|invalidWhereValuesBehavior|isolateWhereStatements)$/;

/**
 * What a test's database takes over from the project's data source: the text of those options, and not the module, which
 * may want a server and variables that tests do not have. An option that needs more than imports is left out.
 */
export function sharedOptions(project: CrudProject): SharedOptions {
  const found = new Map<string, { readonly text: string; readonly imports: readonly NamedImport[] }>();
  const files = filesWith(project, /\b(DataSource|TypeOrmModule|DataSourceOptions|TypeOrmModuleOptions)\b/);
  for (const file of files.toSorted((a, b) => rank(a, project) - rank(b, project))) {
    const visit = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node) && isDataSource(node)) collect(node, file);
      ts.forEachChild(node, visit);
    };
    visit(file.ast);
  }
  function collect({ properties }: ts.ObjectLiteralExpression, file: SchemaFile): void {
    for (const property of properties.filter(ts.isPropertyAssignment)) {
      const name = property.name.getText(file.ast);
      const imports = SHARED.test(name) ? importsOf(property.initializer, file) : undefined;
      if (imports !== undefined && !found.has(name))
        found.set(name, { text: `${name}: ${property.initializer.getText(file.ast)},`, imports });
    }
  }
  const all = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, option]) => option);
  return { members: all.map(({ text }) => text), imports: all.flatMap(({ imports }) => imports) };
}

/** The file that the migrations are made with comes first. */
function rank({ path }: SchemaFile, { entries }: CrudProject): number {
  return entries.includes(path) ? 0 : 1;
}

/** The options of a data source on Postgres, by what they say. */
function isDataSource({ properties }: ts.ObjectLiteralExpression): boolean {
  const names = properties.flatMap(({ name }) =>
    name !== undefined && ts.isIdentifier(name) ? [name.text] : [],
  );
  return (
    names.includes('type') && names.some((name) => /^(url|host|database|entities|migrations)$/.test(name))
  );
}
