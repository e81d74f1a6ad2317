import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';

/** `tags: ['Users']` in the schema of a route. */
const TAGS = /\btags\s*[:=]\s*\[\s*['"`]([^'"`]+)/g;

/** The tag of a domain in the document, written as those of the others; undefined where routes have none. */
export function tagLike({ sources }: CrudProject, words: string): string | undefined {
  const tags = [...sources].flatMap(([path, text]) =>
    isTest(path) || !/\bfastify\b|\b(querystring|params|body|response):/i.test(text)
      ? []
      : [...text.matchAll(TAGS)].map(([, tag = '']) => tag),
  );
  if (tags.length === 0) return undefined;
  const isLower = tags.filter((tag) => /^\p{Ll}/u.test(tag)).length > tags.length / 2;
  const isKebab = tags.some((tag) => tag.includes('-')) && !tags.some((tag) => tag.includes(' '));
  const written = isKebab ? words.replaceAll(' ', '-') : words;
  return isLower ? written : written.charAt(0).toUpperCase() + written.slice(1);
}
