import type { CrudProject } from '../../crud-project.ts';

/** Where a controller answers: the path below the application's prefix, and the argument of its decorator. */
export interface Route {
  readonly path: string;
  readonly argument: string;
}

const CONTROLLER = /@Controller\(\s*(\{[^}]*\}|(['"`])[^'"`]*\2)?\s*\)/g;

/**
 * The route of a domain, as most controllers of the project have theirs: below the same folder (`api/users`), with the
 * same version.
 */
export function routeOf(name: string, project: CrudProject): Route {
  const controllers = [...project.sources.values()].flatMap((text) =>
    [...text.matchAll(CONTROLLER)].map(([, argument = '']) => readArgument(argument)),
  );
  const prefix = majority(controllers.map(({ path }) => /^(.+\/)[^/:]+$/.exec(path)?.[1]));
  const version = majority(controllers.map((each) => each.version));
  const path = `${prefix ?? ''}${name}`;
  return {
    path: `/${path}`,
    argument: version === undefined ? `'${path}'` : `{ path: '${path}', version: ${version} }`,
  };
}

function readArgument(argument: string) {
  const path = argument.startsWith('{')
    ? /\bpath:\s*['"`]([^'"`]*)['"`]/.exec(argument)?.[1]
    : argument.slice(1, -1);
  return {
    path: (path ?? '').replace(/^\/|\/$/g, ''),
    version: /\bversion:\s*(['"`][^'"`]*['"`])/.exec(argument)?.[1],
  };
}

/** What more than half of them have. */
function majority(values: readonly (string | undefined)[]): string | undefined {
  return values.find(
    (value) => value !== undefined && values.filter((other) => other === value).length * 2 > values.length,
  );
}
