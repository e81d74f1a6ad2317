import type { Sources } from './sources.ts';

const BY_NAME = /(?:^|[./-])(?:generated|gen|auth-schema)(?:[./-]|$)/;
const BY_HEADER =
  /@generated\b|\bauto-?\s?generated\b|\bgenerated (?:by|with|file)\b|\bdo not (?:edit|modify|change)\b/i;

/** Whether a file is written by a tool (an auth library's `auth-schema.ts`, a header that says so), which will write it again. */
export function isGenerated(path: string, sources: Pick<Sources, 'text'>): boolean {
  const [, below = path] = /\/((?:[^/]+\/)?[^/]+)$/.exec(path) ?? [];
  return BY_NAME.test(below) || BY_HEADER.test(headerOf(sources.text(path) ?? ''));
}

/** The comments that a text begins with. */
function headerOf(text: string): string {
  return /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? '';
}
