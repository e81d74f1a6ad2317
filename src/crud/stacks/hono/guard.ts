import { type Guard, noGuard } from '../../guard.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import { isTest } from '../../find-database.ts';

const EXPORT = /\bexport\s+(?:const|(?:async\s+)?function)\s+(\w+)/g;
const MIDDLEWARE = /\bcreateMiddleware\b|\bMiddlewareHandler\b|\bawait next\(\)/;

/**
 * The project's own middleware for a domain that is not public. Throws `answer-needed` where it has none: nothing is
 * invented that guards data.
 */
export function findGuard(
  { names, authentication }: CrudDomain,
  { sources }: CrudProject,
): Guard | undefined {
  if (authentication === 'public' || authentication === undefined) return undefined;
  const guards = [...sources]
    .filter(([path, text]) => !isTest(path) && MIDDLEWARE.test(text))
    .flatMap(([path, text]) => [...text.matchAll(EXPORT)].map(([, name = '']) => ({ path, name })));
  const all = [...sources.values()].join('\n');
  for (const guard of guards) {
    const called = new RegExp(`\\b${guard.name}\\(\\s*['"]admin['"]\\s*\\)`).exec(all)?.[0];
    if (authentication === 'admin' && called !== undefined) return { imports: [guard], text: called };
  }
  const fits = authentication === 'admin' ? /admin/i : /auth|protect|guard|login|session/i;
  const found = guards.find(
    ({ name }) =>
      fits.test(name) && (authentication === 'admin' || !/admin|role|optional|permission/i.test(name)),
  );
  if (found !== undefined) {
    const isCalled = new RegExp(`[(,]\\s*${found.name}\\(\\s*\\)`).test(all);
    return { imports: [found], text: isCalled ? `${found.name}()` : found.name };
  }
  throw noGuard(names.plural.words);
}
