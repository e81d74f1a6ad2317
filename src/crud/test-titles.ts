import type { CrudProject } from './crud-project.ts';

/**
 * Whether the titles of tests begin with `should`: where most of the project's own do, and where there are none, as Nest's
 * generator writes them.
 */
export function saysShould({ sources }: CrudProject): boolean {
  const titles = [...sources]
    .filter(([path]) => /\.(e2e-)?(spec|test)\.[cm]?ts$/.test(path))
    .flatMap(([, text]) => [...text.matchAll(/\b(?:it|test)\(\s*(['"`])(\w+)/g)].map(([, , word]) => word));
  return titles.filter((word) => word === 'should').length * 2 >= titles.length;
}

/** The verb that a title begins with: `creates`, or `should create`. */
export function titleVerb(verb: string, { saysShould: isAsked }: { readonly saysShould?: boolean }): string {
  if (isAsked !== true) return verb;
  return `should ${/(ch|sh|ss|x)es$/.test(verb) ? verb.slice(0, -2) : verb.replace(/s$/, '')}`;
}
