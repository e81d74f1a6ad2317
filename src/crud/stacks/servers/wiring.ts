import { indentAt, readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { DatabaseModule } from '../../find-database.ts';
import type { Guard } from '../../guard.ts';
import type { WiringEdit } from '../../stack.ts';
import { withImports } from '../../wiring/imports.ts';
import { type MountPlan, planMount, type Wanted } from './mounting.ts';

export interface Mounting extends Omit<Wanted, 'database'> {
  readonly plan: MountPlan;
  readonly database: DatabaseModule | undefined;
  /** The file with the routes. */
  readonly routes: string;
  /** What makes an application, in words: `no file creates an Express app`. */
  readonly missing: string;
  /** The routes find their database themselves. */
  readonly findsDatabase?: boolean | undefined;
}

/** Mounts the routes of a domain in the application. */
export function mountRoutes(mounting: Mounting): WiringEdit {
  const { domain, project, plan, dialect, database, routes, routesName, findsDatabase = false } = mounting;
  const from = plan.path ?? `${project.root}/src/app.ts`;
  const imports = (guard: Guard | undefined, db: string | undefined) => [
    { name: routesName, module: project.specifier(from, routes) },
    ...(guard?.imports ?? []).map(({ name, path, module }) => ({
      name,
      module: path === undefined ? module : project.specifier(from, path),
    })),
    ...(db === undefined && database !== undefined && !findsDatabase
      ? [{ name: database.name, module: project.specifier(from, database.path, database.name) }]
      : []),
  ];
  const statement = (
    { place, guard }: Pick<MountPlan, 'place' | 'guard'>,
    db: string,
    layout: { eol: string; indent: string },
  ) =>
    dialect.write({
      on: place?.router.name ?? 'app',
      isAwaited: place?.isAwaited ?? false,
      url: place?.url ?? `/${domain.names.plural.kebab}`,
      routes: routesName,
      database: db,
      guard,
      ...layout,
    });
  return {
    path: plan.path,
    what: `the routes of ${domain.names.plural.words} in ${plan.path === undefined ? `the application (${mounting.missing})` : 'the application'}`,
    paste: [
      ...imports(plan.guard, undefined).map(({ name, module }) => `import { ${name} } from '${module}';`),
      `${statement(plan, database?.name ?? 'db', { eol: '\n', indent: '  ' })};`,
    ].join('\n'),
    edit(text) {
      if (plan.isThere) return text;
      // Another domain of the same run may stand in the text by now.
      const sources = new Map(project.sources).set(from, text);
      const now = planMount({ ...mounting, project: { ...project, sources }, database: database?.name });
      if (now.isThere) return text;
      const { place, guard } = now;
      const db = place?.database ?? database?.name ?? (findsDatabase ? '' : undefined);
      if (place === undefined || db === undefined || now.path !== from) return undefined;
      const { eol, semicolon, indent, quote } = readStyle(text);
      const own = indentAt(text, place.at);
      const written = `${statement(now, db, { eol: eol + own, indent })}${semicolon}`;
      const quoted = (quote === '"' ? written.replaceAll("'", '"') : written).replaceAll(
        /;(?=\r?\n)/g,
        semicolon,
      );
      const edit = {
        start: place.at,
        end: place.at,
        text: place.isBefore ? quoted + eol + own : eol + own + quoted,
      };
      return withImports(from, applyEdits(text, [edit]), imports(guard, place.database));
    },
  };
}
