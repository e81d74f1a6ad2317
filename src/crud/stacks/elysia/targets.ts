import { baseOf } from '../../../schema/path-template.ts';
import { isTest } from '../../find-database.ts';
import type { CrudProject } from '../../crud-project.ts';

/** The files into which domains are wired; undefined where the project has none that can be told. */
export interface WiringTargets {
  readonly tokens: string | undefined;
  readonly container: string | undefined;
  readonly routes: string | undefined;
}

/** Finds them by what they do, then by what they are called. */
export function findTargets({ sources }: CrudProject): WiringTargets {
  const files = [...sources].filter(([path]) => !isTest(path));
  const most = (score: (path: string, text: string) => number): string | undefined => {
    const scored = files
      .map(([path, text]) => ({ path, points: score(path, text) }))
      .filter(({ points }) => points > 0);
    return scored.toSorted((a, b) => b.points - a.points)[0]?.path;
  };
  const container = most((path, text) => {
    const calls = count(text, /\bcontainer\s*\.register\w*\s*[(<]/g);
    return calls === 0 ? 0 : calls + (/container|register|di\b/.test(baseOf(path)) ? 100 : 0);
  });
  return {
    tokens: most((path, text) =>
      /tokens?\.[cm]?ts$/i.test(path) && !/\bclass\s/.test(text) ? 1 + count(text, /\bSymbol\b/g) : 0,
    ),
    container,
    routes: most((path, text) => {
      if (path === container || /\bclass\s+\w+Controller\b/.test(text)) return 0;
      const mentions = count(text, /\b\w+Controller\b/g);
      const isRoutes =
        /routes?|router|server|app|main|index/.test(baseOf(path)) && /['"]elysia['"]/.test(text);
      return mentions + (isRoutes ? 1 : 0) + (/routes?\./.test(baseOf(path)) && isRoutes ? 100 : 0);
    }),
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
