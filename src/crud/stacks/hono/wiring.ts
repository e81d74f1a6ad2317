import type { DatabaseModule } from '../../find-database.ts';
import { indentAt, readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { WiringEdit } from '../../stack.ts';
import { withImports } from '../../wiring/imports.ts';
import type { MountPlace } from './app.ts';
import type { Guard } from '../../guard.ts';
import { type MountPlan, planMount, type Wanted } from './mounting.ts';

export interface Mounting extends Omit<Wanted, 'routesName' | 'database'> {
  readonly plan: MountPlan;
  readonly database: DatabaseModule | undefined;
  /** The file with the routes, and what holds or makes them: of a database, of what requests bring, or once for all. */
  readonly routes: {
    readonly path: string;
    readonly name: string;
    readonly takes: 'database' | 'nothing' | 'no call';
  };
}

/** Mounts the routes of a domain in the application. */
export function mountRoutes({ domain, project, plan, database, routes }: Mounting): WiringEdit {
  const from = plan.path ?? `${project.root}/src/app.ts`;
  const madeOf = (db: string): string =>
    ({
      database: `${routes.name}(${db})`,
      nothing: `${routes.name}()`,
      'no call': routes.name,
    })[routes.takes];
  const links = (place: MountPlace | undefined, guard: Guard | undefined, db: string): string[] => {
    const url = place?.url ?? `/${domain.names.plural.kebab}`;
    return [
      ...(guard === undefined ? [] : [`.use('${url}/*', ${guard.text})`]),
      `.route('${(place?.base ?? '') === '' ? url : '/'}', ${madeOf(db)})`,
    ];
  };
  const imports = (guard: Guard | undefined, db: string | undefined) => [
    { name: routes.name, module: project.specifier(from, routes.path) },
    ...(guard?.imports ?? []).map(({ name, path, module }) => ({
      name,
      module: path === undefined ? module : project.specifier(from, path),
    })),
    ...(routes.takes === 'database' && db === undefined && database !== undefined
      ? [{ name: database.name, module: project.specifier(from, database.path, database.name) }]
      : []),
  ];
  const paste = [
    ...imports(plan.guard, undefined).map(({ name, module }) => `import { ${name} } from '${module}';`),
    ...links(plan.place, plan.guard, database?.name ?? 'db').map(
      (link) => `${plan.place?.router.name ?? 'app'}${link};`,
    ),
  ].join('\n');
  return {
    path: plan.path,
    what: `the routes of ${domain.names.plural.words} in ${plan.path === undefined ? 'the application (no file creates a Hono app)' : 'the application'}`,
    paste,
    edit(text) {
      if (plan.isThere) return text;
      // Another domain of the same run may stand in the text by now.
      const sources = new Map(project.sources).set(from, text);
      const now = planMount({
        domain,
        project: { ...project, sources },
        routesName: routes.name,
        database: database?.name,
      });
      if (now.isThere) return text;
      const { place, guard } = now;
      const db = routes.takes === 'database' ? (place?.database ?? database?.name) : '';
      if (place === undefined || db === undefined || now.path !== from) return undefined;
      const { inList } = place;
      // A guard of its own has no place before a loop over all.
      if (inList !== undefined && guard !== undefined) return undefined;
      const at = inList ?? place.at;
      const added =
        inList === undefined
          ? inserted(text, place, links(place, guard, db))
          : `,${betweenElements(text, inList)}${madeOf(db)}`;
      const mounted = applyEdits(text, [{ start: at, end: at, text: added }]);
      return withImports(from, mounted, imports(guard, place.database));
    },
  };
}

function inserted(
  text: string,
  place: { readonly variable: string | undefined; readonly at: number },
  links: readonly string[],
): string {
  const { eol, semicolon, indent, quote } = readStyle(text);
  const written = links.map((link) => (quote === '"' ? link.replaceAll("'", '"') : link));
  if (place.variable !== undefined) {
    const before = eol + indentAt(text, lineStart(text, place.at));
    return written.map((link) => `${before}${place.variable}${link}${semicolon}`).join('');
  }
  const line = text.slice(text.lastIndexOf('\n', place.at - 1) + 1, place.at);
  const own = /^([ \t]*)\./.exec(line)?.[1];
  return written
    .map((link) =>
      own === undefined && !line.includes('\n') && line.length < 60 ? link : `${eol}${own ?? indent}${link}`,
    )
    .join('');
}

/** The first sign of the line that holds an offset. */
function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start + (/^[ \t]*/.exec(text.slice(start, offset))?.[0].length ?? 0);
}

/** What stands before the last element of a list: a space, or the line of its own. */
function betweenElements(text: string, end: number): string {
  const start = text.lastIndexOf('\n', end - 1);
  const line = text.slice(start + 1, end);
  return /^[ \t]+[\w$.]+(\([^\n]*\))?$/.test(line)
    ? text.slice(start, start + 1) + (/^[ \t]+/.exec(line)?.[0] ?? '')
    : ' ';
}
