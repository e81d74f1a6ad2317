import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { type DatabaseModule } from '../../find-database.ts';
import { indentAt, readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import type { WiringEdit } from '../../stack.ts';
import { withImports } from '../../wiring/imports.ts';
import { findMountPlace, type HonoApp } from './app.ts';
import type { Guard } from './guard.ts';

export interface Mounting {
  readonly domain: CrudDomain;
  readonly project: CrudProject;
  readonly app: HonoApp | undefined;
  readonly database: DatabaseModule | undefined;
  readonly guard: Guard | undefined;
  /** The file with the routes, and the function that makes them. */
  readonly routes: { readonly path: string; readonly name: string };
}

/** Mounts the routes of a domain in the application. */
export function mountRoutes({ domain, project, app, database, guard, routes }: Mounting): WiringEdit {
  const url = `${app?.prefix ?? ''}/${domain.names.plural.kebab}`;
  const links = (db: string): string[] => [
    ...(guard === undefined ? [] : [`.use('${url}/*', ${guard.text})`]),
    `.route('${url}', ${routes.name}(${db}))`,
  ];
  const from = app?.path ?? `${project.root}/src/app.ts`;
  const imports = (db: string | undefined) => [
    { name: routes.name, module: project.specifier(from, routes.path) },
    ...(guard === undefined ? [] : [{ name: guard.name, module: project.specifier(from, guard.path) }]),
    ...(db === undefined && database !== undefined
      ? [{ name: database.name, module: project.specifier(from, database.path) }]
      : []),
  ];
  const paste = [
    ...imports(undefined).map(({ name, module }) => `import { ${name} } from '${module}';`),
    ...links(database?.name ?? 'db').map((link) => `app${link};`),
  ].join('\n');
  return {
    path: app?.path,
    what: `the routes of ${domain.names.plural.words} in ${app === undefined ? 'the application (no file makes a Hono)' : 'the application'}`,
    paste,
    edit(text) {
      if (new RegExp(`\\b${routes.name}\\b`).test(text)) return text;
      const place = findMountPlace(from, text, database?.name);
      const db = place?.database ?? database?.name;
      if (place === undefined || db === undefined) return undefined;
      const mounted = applyEdits(text, [
        { start: place.at, end: place.at, text: inserted(text, place, links(db)) },
      ]);
      return withImports(from, mounted, imports(place.database));
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
