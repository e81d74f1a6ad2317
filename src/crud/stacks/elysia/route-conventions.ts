import { toCase } from '../../../schema/case.ts';
import { pluralName } from '../../../schema/word-names.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { DomainNames } from '../../domain.ts';
import type { Neighbour } from './neighbours.ts';

/** How controllers register their routes. */
export interface RouteConventions {
  /** `/api/order-items`. */
  readonly path: string;
  readonly update: 'patch' | 'put';
  /** The method that registers, and the type of the application that it gets. */
  readonly method: string;
  readonly appType: 'Elysia' | 'AnyElysia';
}

const ROUTE = /\.(?:get|post|put|patch|delete)\(\s*['"`](\/[^'"`]*)['"`]/;
const REGISTER = /^\s*(?:public\s+)?(?:async\s+)?(\w+)\s*\(\s*\w+\s*:\s*(\w+)/m;

/** What the controllers of other domains show, else the usual. */
export function routeConventions(
  names: DomainNames,
  neighbours: readonly Neighbour[],
  { sources }: CrudProject,
): RouteConventions {
  const controllers = neighbours
    .filter(({ role }) => role.endsWith('Controller'))
    .map((neighbour) => ({ ...neighbour, text: sources.get(neighbour.path) ?? '' }));
  const paths = controllers.flatMap(
    ({ text, subject }) => urlLike(ROUTE.exec(text)?.[1], subject, names) ?? [],
  );
  const update = controllers.find(({ role }) => role === 'updateController')?.text ?? '';
  const methods = controllers.flatMap(({ text }) => {
    const [, method, type] = REGISTER.exec(text.slice(text.indexOf(') {}') + 1)) ?? [];
    return method === undefined ? [] : [{ method, type }];
  });
  return {
    path: paths[0] ?? `/${names.plural.kebab}`,
    update: /\.put\(/.test(update) ? 'put' : 'patch',
    method: methods[0]?.method ?? 'register',
    appType: methods[0]?.type === 'Elysia' ? 'Elysia' : 'AnyElysia',
  };
}

/** `/api/users/:id` of users is `/api/order-items` of ours, in their case and number. */
export function urlLike(
  path: string | undefined,
  subject: string,
  { singular, plural }: DomainNames,
): string | undefined {
  const segments = path?.split('/') ?? [];
  for (const [number, names] of [
    ['plural', plural],
    ['singular', singular],
  ] as const) {
    for (const wordCase of ['kebab', 'camel', 'snake'] as const) {
      const theirs = toCase(number === 'plural' ? pluralName(subject) : subject, wordCase);
      const at = segments.indexOf(theirs);
      if (at !== -1) return [...segments.slice(0, at), toCase(names.kebab, wordCase)].join('/');
    }
  }
  return undefined;
}
